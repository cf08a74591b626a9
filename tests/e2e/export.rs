//! Tables, plots, JSON Lines, Parquet and Arrow files of a committed pack, completions, man pages, and quiet runs.

use protocol::exit;
use serde_json::Value;

use crate::bench::{Bench, SMALL};

/// A pack of a grid with five models; nothing is trained.
const PACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../results/reference/ising_80/ising_80.genbench");

#[test]
fn a_pack_is_exported_as_tables() {
    let bench = Bench::with(SMALL);
    for (to, row) in [("latex", "nade & "), ("markdown", "| nade | "), ("html", "<th scope=\"row\">nade</th>")] {
        let output = bench.genbench(&["export", PACK, "--to", to, "--figure", "nll,excess_nats"]);
        assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
        assert!(output.out.contains(row) && output.out.contains("89.80"), "{to}: {}", output.out);
        assert!(output.out.contains("Holm") && !output.out.contains("fid_proxy"), "{to}: {}", output.out);
    }
    let output = bench.genbench(&["export", PACK, "--to", "latex", "--figure", "nlll"]);
    assert!(output.code == i32::from(exit::USAGE) && output.err.contains("did you mean `nll`?"), "{output:?}");
    let output = bench.genbench(&["export", PACK, "--to", "markdown", "--out", "table.md"]);
    assert_eq!((output.code, output.out.as_str()), (0, "table.md\n"), "{output:?}");
    assert!(std::fs::read_to_string(bench.path("table.md")).expect("a file").starts_with("| variant |"));
}

#[test]
fn a_figure_of_a_pack_is_drawn() {
    let bench = Bench::with(SMALL);
    let output = bench.genbench(&["export", PACK, "--to", "svg", "--figure", "nll"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    assert!(output.out.starts_with("<svg ") && output.out.contains(">nade</text>"), "{}", output.out);
    assert!(output.out.contains("89.80"), "{}", output.out);
    let output = bench.genbench(&["export", PACK, "--to", "pdf", "--figure", "nll"]);
    assert!(output.code == i32::from(exit::USAGE) && output.err.contains("--out"), "{output:?}");
    let output = bench.genbench(&["export", PACK, "--to", "pdf", "--figure", "nll", "--out", "nll.pdf"]);
    assert_eq!((output.code, output.out.as_str()), (0, "nll.pdf\n"), "{output:?}");
    assert!(std::fs::read(bench.path("nll.pdf")).expect("a file").starts_with(b"%PDF-1.4\n"));
    for (figure, help) in [("nlll", "did you mean `nll`?"), ("nll,excess_nats", "--figure nll")] {
        let output = bench.genbench(&["export", PACK, "--to", "svg", "--figure", figure]);
        assert!(output.code == i32::from(exit::USAGE) && output.err.contains(help), "{output:?}");
    }
}

#[test]
fn a_pack_is_exported_as_json_lines() {
    let bench = Bench::with(SMALL);
    let output = bench.genbench(&["export", PACK, "--to", "jsonl"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    let lines: Vec<Value> = output.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let nll = lines.iter().find(|line| line["measurement"] == "nll" && line["axes"]["model.order"] == 10);
    assert!(nll.is_some_and(|line| line["value"].as_f64() > Some(86.0) && line["n"] == 2000), "{nll:?}");
}

#[test]
fn a_pack_is_exported_as_columns_into_a_file() {
    let bench = Bench::with(SMALL);
    for (to, magic) in [("parquet", "PAR1"), ("arrow", "ARROW1")] {
        let output = bench.genbench(&["export", PACK, "--to", to]);
        assert!(output.code == i32::from(exit::USAGE) && output.err.contains("--out"), "{output:?}");
        let output = bench.genbench(&["export", PACK, "--to", to, "--out", "measurements"]);
        assert_eq!((output.code, output.out.as_str()), (0, "measurements\n"), "{output:?}");
        let bytes = std::fs::read(bench.path("measurements")).expect("a file");
        assert!(bytes.starts_with(magic.as_bytes()) && bytes.ends_with(magic.as_bytes()), "{to}");
    }
}

#[test]
fn completions_and_man_pages_have_the_name_of_the_program() {
    let bench = Bench::with(SMALL);
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let output = bench.genbench(&["completions", shell]);
        assert!(output.code == 0 && output.out.contains("genbench") && output.out.contains("no-timing"), "{shell}");
    }
    let output = bench.genbench(&["man", "--out", "man/man1"]);
    assert!(output.code == 0 && output.out.ends_with(" pages in man/man1\n"), "{output:?}");
    let page = std::fs::read_to_string(bench.path("man/man1/genbench-run.1")).expect("a page");
    assert!(page.contains(".TH genbench-run 1"), "{page}");
}

#[test]
fn a_quiet_run_prints_nothing() {
    let bench = Bench::with(SMALL);
    let output = bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]);
    assert_eq!((output.code, output.out.as_str(), output.err.as_str()), (0, "", ""), "{output:?}");
    let output = bench.genbench(&["measure", "grid.yaml", "--no-timing", "--quiet"]);
    assert_eq!((output.code, output.out.as_str(), output.err.as_str()), (0, "", ""), "{output:?}");
    // Errors are printed.
    let output = bench.genbench(&["run", "grid.yaml", "--quiet", "--set", "data=digts"]);
    assert!(output.code == i32::from(exit::USAGE) && output.err.contains("did you mean"), "{output:?}");
}
