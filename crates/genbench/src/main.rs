//! The `genbench` program: the built-in models, data sets, measures and facts.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: genbench::Allocator = genbench::allocator();

fn main() -> ExitCode {
    genbench::App::new().main()
}
