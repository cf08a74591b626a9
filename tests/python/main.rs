//! The Python of `docs/python.md`, run on the committed results of `ising_80`.
//!
//! Python is `GENBENCH_PYTHON`, else `python3`. Without pandas or matplotlib the test prints a note and passes; if
//! `GENBENCH_REQUIRE_PYTHON` is set, it fails.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use analysis::pack::{UnpackOptions, unpack};
use analysis::{Results, export, tables};
use protocol::Plan;

/// A Python with pandas and matplotlib.
fn python() -> Option<PathBuf> {
    let program = env::var_os("GENBENCH_PYTHON").map_or_else(|| PathBuf::from("python3"), PathBuf::from);
    let imports = Command::new(&program).args(["-c", "import pandas, matplotlib"]).output();
    if imports.is_ok_and(|output| output.status.success()) {
        return Some(program);
    }
    let why = format!("{} has no pandas or no matplotlib", program.display());
    assert!(env::var_os("GENBENCH_REQUIRE_PYTHON").is_none(), "{why}");
    eprintln!("skipped: {why}");
    None
}

/// The blocks of a language on a page, in order.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let start = format!("```{language}\n");
    let after = page.split(start.as_str()).skip(1);
    after.map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// Runs a script in `folder`, without a window.
fn run(python: &Path, script: &str, folder: &Path) -> Output {
    let mut command = Command::new(python);
    command.args(["-W", "error", "-c", script]).current_dir(folder).env("MPLBACKEND", "Agg").output().unwrap()
}

#[test]
fn the_page_runs_on_committed_results() {
    let Some(python) = python() else { return };
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = fs::read_to_string(top.join("docs/python.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let pack = top.join("results/reference/ising_80/ising_80.genbench");
    let grid = unpack(&pack, &folder.path().join("results"), &UnpackOptions::default()).unwrap().grid;
    let results = Results::read(grid.clone(), Plan::read(&grid).unwrap());
    tables(&results).unwrap();
    fs::write(folder.path().join("measurements.jsonl"), export::jsonl(&results)).unwrap();

    let blocks = blocks(&page, "python");
    assert_eq!(blocks.len(), 4, "{blocks:?}");
    let output = run(&python, &blocks.join("\n"), folder.path());
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let figure = fs::read(folder.path().join("ising_80.png")).unwrap();
    assert!(figure.starts_with(b"\x89PNG") && figure.len() > 20_000, "{} bytes", figure.len());
    for printed in ["model.neighbours", "129.41", "nats, standard error over images 0.", "FVSBN"] {
        assert!(text.contains(printed), "{printed} is missing:\n{text}");
    }
    if let Some(copy) = env::var_os("GENBENCH_KEEP_FIGURE") {
        fs::copy(folder.path().join("ising_80.png"), copy).unwrap();
    }
}

#[test]
fn the_first_block_is_short() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = fs::read_to_string(top.join("docs/python.md")).unwrap();
    let first = &blocks(&page, "python")[0];
    assert!(first.lines().filter(|line| !line.is_empty()).count() <= 15, "{first}");
}
