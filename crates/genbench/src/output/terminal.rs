//! What the terminal can do: its width, colours and a cursor that moves.

use std::ffi::OsStr;
use std::io::{self, IsTerminal};

/// Width of a terminal that does not report it.
const USUAL: usize = 80;

/// Standard stream of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Out,
    Err,
}

impl Stream {
    fn is_terminal(self) -> bool {
        match self {
            Self::Out => io::stdout().is_terminal(),
            Self::Err => io::stderr().is_terminal(),
        }
    }

    /// Number of columns for text: those of the terminal, else `COLUMNS`. A pipe or a file without `COLUMNS` has no limit
    /// (`usize::MAX`).
    pub(crate) fn width(self) -> usize {
        let size = match self {
            Self::Out => terminal_size::terminal_size_of(io::stdout()),
            Self::Err => terminal_size::terminal_size_of(io::stderr()),
        };
        let reported = size.map(|(width, _)| usize::from(width.0));
        columns(reported, std::env::var_os("COLUMNS").as_deref(), self.is_terminal())
    }

    /// Returns whether to use colours and bold text: on a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`.
    pub(crate) fn styled(self) -> bool {
        self.is_terminal() && styles(std::env::var_os("NO_COLOR").as_deref(), std::env::var_os("TERM").as_deref())
    }
}

fn columns(reported: Option<usize>, variable: Option<&OsStr>, is_terminal: bool) -> usize {
    let variable = variable.and_then(|text| text.to_str()?.trim().parse().ok());
    let unknown = if is_terminal { USUAL } else { usize::MAX };
    reported.filter(|width| *width > 0).or(variable.filter(|width| *width > 0)).unwrap_or(unknown)
}

fn styles(no_color: Option<&OsStr>, term: Option<&OsStr>) -> bool {
    no_color.is_none_or(OsStr::is_empty) && term.is_none_or(|term| term != "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_width_is_the_terminals_or_columns_or_unlimited() {
        let sixty = Some(OsStr::new("60"));
        assert_eq!(columns(Some(132), sixty, true), 132);
        assert_eq!(columns(None, sixty, false), 60);
        assert_eq!(columns(Some(0), sixty, true), 60, "a terminal that does not know its size");
        assert_eq!(columns(None, None, true), USUAL);
        for ignored in [None, Some(OsStr::new("")), Some(OsStr::new("wide")), Some(OsStr::new("0"))] {
            assert_eq!(columns(None, ignored, false), usize::MAX);
        }
    }

    #[test]
    fn no_color_and_a_dumb_terminal_get_no_styles() {
        let [one, empty, dumb] = ["1", "", "dumb"].map(|text| Some(OsStr::new(text)));
        assert!(styles(None, None) && styles(empty, None));
        assert!(!styles(one, None) && !styles(None, dumb));
    }
}
