//! `genbench schema` in the tools that read it: check-jsonschema (PyPI) and yaml-language-server (npm).
//!
//! If a tool is not on the path, its tests print a note and pass, unless GENBENCH_REQUIRE_SCHEMA_TOOLS is set.

mod check_jsonschema;
mod contents;
mod editor;
mod grids;
mod language_server;

use std::path::PathBuf;
use std::process::Command;

use crate::bench::Bench;

/// Creates a folder with `grid.schema.json`. Returns `None` if `tool` is not on the path.
fn with_tool(tool: &str) -> Option<Bench> {
    if !is_installed(tool) {
        return None;
    }
    let bench = Bench::with("");
    std::fs::write(bench.path("grid.schema.json"), bench.genbench(&["schema"]).out).expect("written");
    Some(bench)
}

/// Returns whether `tool` is on the path.
pub(crate) fn is_installed(tool: &str) -> bool {
    let installed = Command::new(tool).arg("--version").output().is_ok();
    if !installed {
        assert!(std::env::var_os("GENBENCH_REQUIRE_SCHEMA_TOOLS").is_none(), "{tool} is not on the path");
        eprintln!("skipped: {tool} is not on the path");
    }
    installed
}

/// Root of the repository.
fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
