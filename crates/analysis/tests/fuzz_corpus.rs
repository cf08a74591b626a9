//! Replays the corpus of the fuzz targets (`fuzz/`): no input may panic. `CONTRIBUTING.md` shows how to fuzz.

#[path = "../../../fuzz/src/replay.rs"]
pub mod replay;

#[path = "../../../fuzz/src/records.rs"]
pub mod records;

fn replay(name: &str, target: fn(&[u8])) {
    replay::replay(env!("CARGO_MANIFEST_DIR"), name, target);
}

#[test]
fn trace() {
    replay("trace", records::trace);
}

#[test]
fn outcome() {
    replay("outcome", records::outcome);
}

#[test]
fn measurements() {
    replay("measurements", records::measurements);
}
