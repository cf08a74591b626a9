//! `pack`, `unpack`, and the verbs that read a pack in place of results.

use std::fs;
use std::path::Path;

use protocol::exit;

use crate::bench::{Bench, SMALL, read};

/// A bench whose grid has run, with its pack in `small.genbench`.
fn packed() -> Bench {
    let bench = Bench::with(SMALL);
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    let output = bench.genbench(&["pack", "small", "--host-names"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    assert!(output.out.starts_with("small.genbench: ") && output.out.contains(" trials, "), "{output:?}");
    bench
}

const TABLES: [&str; 11] = [
    "measurements.csv",
    "trials.csv",
    "summary.csv",
    "comparisons.csv",
    "likelihoods.csv",
    "likelihood_comparisons.csv",
    "facts.csv",
    "claims.csv",
    "curves.csv",
    "costs.csv",
    "tables.schema.json",
];

#[test]
fn tables_of_a_pack_equal_those_of_its_results() {
    let bench = packed();
    assert_eq!(bench.genbench(&["table", "small"]).code, i32::from(exit::DONE));
    let output = bench.genbench(&["unpack", "small.genbench", "--results", "elsewhere"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    assert_eq!(bench.genbench(&["table", "small", "--results", "elsewhere"]).code, i32::from(exit::DONE));
    // The pack in place of the name, which leaves nothing but the tables.
    let output = bench.genbench(&["table", "small.genbench", "--out", "tables"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    for name in TABLES {
        let ours = read(&bench.grid("small").file(name));
        assert_eq!(read(&bench.path("elsewhere/small").join(name)), ours, "{name}");
        assert_eq!(read(&bench.path("tables").join(name)), ours, "{name}");
    }
    let again = bench.genbench(&["pack", "small", "--results", "elsewhere", "--host-names", "--out", "again.genbench"]);
    assert_eq!(again.code, i32::from(exit::DONE), "{again:?}");
    assert_eq!(fs::read(bench.path("again.genbench")).unwrap(), fs::read(bench.path("small.genbench")).unwrap());
}

#[test]
fn verbs_that_read_results_read_a_pack() {
    let bench = packed();
    assert_eq!(bench.genbench(&["baseline", "save", "small"]).code, i32::from(exit::DONE));
    for arguments in [vec!["status", "small"], vec!["regress", "small"], vec!["explain", "small"]] {
        let named = bench.genbench(&arguments);
        let packed = bench.genbench(&[arguments[0], "small.genbench"]);
        assert_eq!((packed.code, &packed.out), (named.code, &named.out), "{arguments:?}: {packed:?}");
        assert!(!packed.out.is_empty(), "{arguments:?}");
    }
    // A pack as the baseline of the gate.
    let gate = bench.genbench(&["regress", "small", "--baseline", "small.genbench"]);
    assert_eq!(gate.out, bench.genbench(&["regress", "small"]).out, "{gate:?}");
    let path = bench.genbench(&["baseline", "list", "small"]).out;
    assert!(path.starts_with("main  "), "{path}");
    let saved = bench.genbench(&["baseline", "save", "small.genbench", "--as", "packed"]);
    assert_eq!(saved.code, i32::from(exit::DONE), "{saved:?}");
    let diff = bench.genbench(&["baseline", "diff", "small", "packed"]);
    assert_eq!(diff.code, i32::from(exit::DONE), "{diff:?}");
    let report = bench.genbench(&["report", "small.genbench", "--out", "report"]);
    assert_eq!(report.code, i32::from(exit::DONE), "{report:?}");
    assert!(read(&bench.path("report/report.html")).contains("data:image/png"), "sheets are packed");
    // Finished trials of a restored folder are done: nothing trains again.
    fs::remove_dir_all(&bench.grid("small").0).unwrap();
    assert_eq!(bench.genbench(&["unpack", "small.genbench"]).code, i32::from(exit::DONE));
    let plan = bench.genbench(&["plan", "grid.yaml"]).out;
    assert!(plan.contains(" done") && !plan.contains(" train\n"), "{plan}");
}

/// A changed model, data set or measure makes a committed pack stale: `just reproduce --run` writes it again. Until then
/// `results/README.md` states it.
#[test]
fn committed_packs_are_current_or_stated_as_stale() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = read(&top.join("results/README.md"));
    let bench = Bench::with(SMALL);
    let mut checked = 0;
    for folder in fs::read_dir(top.join("results/reference")).unwrap().flatten().map(|entry| entry.path()) {
        let Some(name) = folder.file_name().and_then(|name| name.to_str()) else { continue };
        let pack = folder.join(format!("{name}.genbench"));
        if !pack.exists() {
            continue;
        }
        let unpacked = bench.genbench(&["unpack", &pack.to_string_lossy()]);
        assert_eq!(unpacked.code, i32::from(exit::DONE), "{unpacked:?}");
        let grid = top.join(format!("experiments/{name}.yaml"));
        let plan = bench.genbench(&["plan", &grid.to_string_lossy(), "--format", "json"]);
        let cannot = ["/usr/share/datasets/", "not in the cache yet", "this build has no `wgpu`"];
        if cannot.iter().any(|words| plan.err.contains(words)) {
            eprintln!("skipped: this machine has no files for {name}, or this build no wgpu");
            continue;
        }
        assert_eq!(plan.code, i32::from(exit::DONE), "{plan:?}");
        let stale: Vec<&str> = plan.out.lines().filter(|line| !line.contains("\"next\":\"done\"")).collect();
        assert!(!plan.out.is_empty());
        let row =
            readme.lines().find(|line| line.starts_with(&format!("| [{name}]"))).expect("a row in results/README.md");
        assert_eq!(row.contains("stale"), !stale.is_empty(), "{name}: just reproduce --run {name}\n{stale:#?}");
        checked += 1;
    }
    assert!(checked >= 1);
}

#[test]
fn mistakes_have_advice_that_works() {
    let bench = packed();
    for (arguments, code, words) in [
        (vec!["table", "small.genbench"], exit::USAGE, "genbench unpack small.genbench"),
        (vec!["table", "none.genbench", "--out", "x"], exit::USAGE, "none.genbench"),
        (vec!["unpack", "grid.yaml"], exit::USAGE, "not a pack that can be unpacked"),
        (vec!["unpack", "results"], exit::USAGE, "a pack is one file"),
        (vec!["pack", "small", "--out", "small.zip"], exit::USAGE, "name it small.genbench"),
        (vec!["pack", "small", "--max-size", "2KiB"], exit::USAGE, "--max-size raises the limit"),
        (vec!["pack", "small", "--points", "0"], exit::USAGE, "--without curves"),
        (vec!["pack", "small", "--without", "figures"], exit::USAGE, "terms"),
        (vec!["pack", "smal"], exit::USAGE, "no results in"),
        (vec!["regress", "small", "--save", "--reference", "x.genbench"], exit::USAGE, "genbench baseline save small"),
        (vec!["unpack", "small.genbench", "--results", "other", "--max-size", "1KB"], exit::USAGE, "--max-size"),
    ] {
        let output = bench.genbench(&arguments);
        assert_eq!(output.code, i32::from(code), "{output:?}");
        assert!(output.err.contains(words), "{output:?}");
    }
    // The folder of the run holds more than the pack: its host names are equal, its files are the pack's.
    let same = bench.genbench(&["unpack", "small.genbench"]);
    assert!(same.code == i32::from(exit::DONE) && same.out.contains("there already"), "{same:?}");
    let trial = bench.trial_of("small", "vae");
    fs::write(trial.measurements(), "[]").unwrap();
    let refused = bench.genbench(&["unpack", "small.genbench"]);
    assert!(refused.code == i32::from(exit::USAGE) && refused.err.contains("--force"), "{refused:?}");
    assert_eq!(bench.genbench(&["unpack", "small.genbench", "--force"]).code, i32::from(exit::DONE));
    assert!(!trial.checkpoint().exists());
}
