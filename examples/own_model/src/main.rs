//! genbench with a normalizing flow, a data set of PNG files and a measure of edges. See README.md.

mod edges;
#[cfg(test)]
mod laws;
mod png_folder;
mod real_nvp;

use std::process::ExitCode;

/// The allocator of the `genbench` program, which makes training on the CPU about 15% faster.
#[global_allocator]
static ALLOCATOR: genbench::Allocator = genbench::allocator();

fn main() -> ExitCode {
    genbench::App::new()
        .package(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
        .model::<real_nvp::RealNvpConfig>()
        .data::<png_folder::PngFolder>()
        .measure::<edges::Edges>()
        .main()
}
