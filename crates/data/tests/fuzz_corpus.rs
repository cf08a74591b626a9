//! Replays the corpus of the fuzz targets (`fuzz/`): no input may panic. `CONTRIBUTING.md` shows how to fuzz.

#[path = "../../../fuzz/src/replay.rs"]
pub mod replay;

#[path = "../../../fuzz/src/files.rs"]
pub mod files;

fn replay(name: &str, target: fn(&[u8])) {
    replay::replay(env!("CARGO_MANIFEST_DIR"), name, target);
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
