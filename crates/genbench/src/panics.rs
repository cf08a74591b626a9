//! Panics of the program: one line on stderr and the exit code of internal errors.

use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

use protocol::exit;

use crate::failure::Failure;
use crate::output::note;

/// Runs `work` and turns a panic into a [`Failure`]. The panic is printed in one line, or with a backtrace if
/// `RUST_BACKTRACE` is set.
pub(crate) fn caught(work: impl FnOnce() -> Result<u8, Failure>) -> Result<u8, Failure> {
    if std::env::var_os("RUST_BACKTRACE").is_none_or(|value| value == "0") {
        panic::set_hook(Box::new(|info| note!("internal error: {}", one_line(info))));
    }
    let ended = panic::catch_unwind(AssertUnwindSafe(work));
    ended.unwrap_or_else(|_| Err(Failure::new(exit::INTERNAL, "")))
}

fn one_line(info: &PanicHookInfo<'_>) -> String {
    let message = info.payload_as_str().unwrap_or("a panic without a message").replace('\n', " ");
    match info.location() {
        Some(location) => format!("{message} ({}:{})", location.file(), location.line()),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_exits_with_the_code_of_internal_errors() {
        let failure = caught(|| panic!("two\nlines")).unwrap_err();
        assert_eq!((failure.code, failure.to_string().as_str()), (exit::INTERNAL, ""));
        assert_eq!(caught(|| Ok(exit::NOTHING)).unwrap(), exit::NOTHING);
    }
}
