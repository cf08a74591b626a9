//! `compare`: runs by name, file, folder and pack; formats; mistakes.

use std::path::Path;

use protocol::exit;

use crate::bench::{Bench, SMALL, read};

/// The committed pack of the quickstart.
fn quickstart() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results/reference/quickstart/quickstart.genbench");
    path.canonicalize().expect("the pack").display().to_string()
}

fn ran() -> Bench {
    let bench = Bench::with(SMALL);
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    bench
}

#[test]
fn a_pack_and_itself_are_identical() {
    let bench = Bench::with(SMALL);
    let pack = quickstart();
    let output = bench.genbench(&["compare", &pack, &pack, "--out", "comparison"]);
    assert_eq!((output.code, output.err.as_str()), (i32::from(exit::DONE), ""), "{output:?}");
    let first = output.out.lines().next().expect("a line");
    let counts = first.strip_prefix("B against A: ").expect("the answer comes first");
    let (figures, identical) = counts.split_once(" figures: ").expect("a number of figures");
    assert_eq!(identical, format!("{figures} identical"), "{output:?}");
    assert!(figures.parse::<usize>().is_ok_and(|figures| figures > 10), "{output:?}");
    assert!(!output.out.contains("\nInputs") && output.out.contains("\nCosts"), "{output:?}");
    assert!(output.out.ends_with("\npage: comparison/compare.html\n"), "{output:?}");
    let page = read(&bench.path("comparison/compare.html"));
    assert!(page.contains(counts) && page.contains("Identical figures"), "{counts}");
    assert!(!bench.path("results").exists(), "nothing is written next to the packs");
    let json = bench.genbench(&["compare", &pack, &pack, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("one JSON object");
    assert!(
        json["pairs"][0]["figures"].as_array().is_some_and(|all| all.iter().all(|one| one["verdict"] == "identical"))
    );
    let markdown = bench.genbench(&["compare", &pack, &pack, &pack, "--format", "markdown"]);
    assert!(
        markdown.out.starts_with("**B against A**: ") && markdown.out.contains("**C against A**: "),
        "{markdown:?}"
    );
}

#[test]
fn a_run_is_named_by_its_grid_its_file_its_folder_or_its_pack() {
    let bench = ran();
    assert_eq!(bench.genbench(&["pack", "small"]).code, i32::from(exit::DONE));
    for other in ["small", "grid.yaml", "results/small", "small.genbench"] {
        let output = bench.genbench(&["compare", "small", other]);
        assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
        let answer = output.out.lines().next().expect("a line");
        assert!(answer.starts_with("B against A: ") && answer.ends_with(" identical"), "{other}: {output:?}");
        assert!(output.out.contains(&format!("\nB: {other}: ")), "{output:?}");
    }
}

#[test]
fn a_changed_setting_is_listed_and_its_figures_are_compared() {
    let bench = ran();
    let changed = ["run", "grid.yaml", "--no-timing", "--quiet", "--results", "other", "--set", "train.steps=80"];
    assert_eq!(bench.genbench(&changed).code, i32::from(exit::DONE));
    let output = bench.genbench(&["compare", "results/small", "other/small"]);
    assert_eq!(output.code, i32::from(exit::DONE), "verdicts do not change the exit code: {output:?}");
    assert!(output.out.contains("train.steps: 60 -> 80"), "{output:?}");
    assert!(output.out.contains("one seed shows no spread: run more seeds"), "{output:?}");
}

#[test]
fn mistakes_are_usage_errors() {
    let bench = ran();
    for (arguments, words) in [
        (vec!["compare", "small"], "<RUN>"),
        (vec!["compare", "small", "smal"], "no results in results/smal"),
        (vec!["compare", "small", "small.yaml"], "there is no file of that name; to name the grid, write small"),
        (vec!["compare", "none.genbench", "small"], "none.genbench"),
        (vec!["compare", "small", "small", "--format", "html"], "markdown"),
    ] {
        let output = bench.genbench(&arguments);
        assert_eq!(output.code, i32::from(exit::USAGE), "{arguments:?}: {output:?}");
        assert!(output.err.contains(words) && output.out.is_empty(), "{arguments:?}: {output:?}");
    }
}
