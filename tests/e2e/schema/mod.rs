//! `genbench schema`, read by those who will read it: check-jsonschema (PyPI) and yaml-language-server (npm).
//!
//! Where the two are not on the path their tests say so and pass, unless GENBENCH_REQUIRE_SCHEMA_TOOLS is set.

mod checked;
mod editor;
mod grids;
mod printed;
mod server;

use std::path::PathBuf;
use std::process::Command;

use crate::bench::Bench;

/// A folder with `grid.schema.json` in it, or nothing if `tool` is not there.
fn with_tool(tool: &str) -> Option<Bench> {
    let there = Command::new(tool).arg("--version").output().is_ok();
    if !there {
        assert!(std::env::var_os("GENBENCH_REQUIRE_SCHEMA_TOOLS").is_none(), "{tool} is not on the path");
        eprintln!("skipped: {tool} is not on the path");
        return None;
    }
    let bench = Bench::with("");
    std::fs::write(bench.path("grid.schema.json"), bench.genbench(&["schema"]).out).expect("written");
    Some(bench)
}

/// The top of the repository.
fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
