//! Replay of the kept corpus by ordinary tests.

use std::fs;
use std::path::Path;

/// Calls the target with each file of its corpus. `manifest` is the folder of the crate that tests.
pub fn replay(manifest: &str, name: &str, target: fn(&[u8])) {
    let corpus = Path::new(manifest).join("../../fuzz/corpus").join(name);
    let files: Vec<_> = fs::read_dir(&corpus).expect("the corpus").map(|entry| entry.expect("a file").path()).collect();
    assert!(!files.is_empty(), "{}: no inputs", corpus.display());
    for file in files {
        println!("{}", file.display());
        target(&fs::read(&file).expect("an input"));
    }
}
