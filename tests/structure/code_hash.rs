//! The build scripts that hash a crate's sources are equal: a package cannot share a file with another one.

use std::fs;
use std::path::Path;

#[test]
fn the_code_hash_is_computed_alike_in_all_crates() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let script = |name: &str| fs::read_to_string(crates.join(name).join("build.rs")).expect("a build script");
    for name in ["nn", "engine", "zoo"] {
        assert!(script(name) == script("data"), "crates/{name}/build.rs differs from crates/data/build.rs");
    }
}
