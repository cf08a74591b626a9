//! genbench: trains the classic generative image models from a grid and says which is better, at
//! what, at what cost, and how sure that is.

mod catalog;
mod cli;
mod doctor;
mod host;
mod probe;
mod timing;
mod trained;
mod verbs;
mod worker;

use std::io::Write;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let command = cli::parse();
    match verbs::dispatch(command) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            let message = failure.to_string();
            if !message.is_empty() {
                // Whoever read it may be gone.
                let _ = writeln!(std::io::stderr(), "{message}");
            }
            ExitCode::from(failure.code)
        }
    }
}
