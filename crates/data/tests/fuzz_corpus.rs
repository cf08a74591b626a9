//! Replays the corpus of the fuzz targets (`fuzz/`): no input may panic. `CONTRIBUTING.md` shows how to fuzz.

#[path = "../../../fuzz/src/files.rs"]
pub mod files;

use std::fs;
use std::path::Path;

/// Calls the target with each file of its corpus.
fn replay(name: &str, target: fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
    let files: Vec<_> = fs::read_dir(&corpus).expect("the corpus").map(|entry| entry.expect("a file").path()).collect();
    assert!(!files.is_empty(), "{}: no inputs", corpus.display());
    for file in files {
        println!("{}", file.display());
        target(&fs::read(&file).expect("an input"));
    }
}

#[test]
fn idx() {
    replay("idx", files::idx);
}

#[test]
fn cifar10() {
    replay("cifar10", files::cifar10);
}

#[test]
fn npz() {
    replay("npz", files::npz);
}

#[test]
fn images() {
    replay("images", files::images);
}
