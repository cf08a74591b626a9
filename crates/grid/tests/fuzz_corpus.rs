//! Replays the corpus of the fuzz targets (`fuzz/`): no input may panic. `CONTRIBUTING.md` shows how to fuzz.

#[path = "../../../fuzz/src/replay.rs"]
pub mod replay;

#[path = "../../../fuzz/src/language.rs"]
pub mod language;

fn replay(name: &str, target: fn(&[u8])) {
    replay::replay(env!("CARGO_MANIFEST_DIR"), name, target);
}

#[test]
fn grid() {
    replay("grid", language::grid);
}

#[test]
fn set() {
    replay("set", language::set);
}
