//! Exact counts: in the timing pass, in the gate, and of two builds.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use protocol::{Measurement, atomic, exit};
use serde_json::Value;

use crate::bench::{Bench, CommandOutput, SMALL, read};

/// A grid with counts, which has run.
fn counted() -> Bench {
    let bench = Bench::with(&SMALL.replace("parameters]", "parameters, counters]"));
    let run = bench.genbench(&["run", "grid.yaml", "--quiet"]);
    assert_eq!(run.code, i32::from(exit::DONE), "{run:?}");
    bench
}

/// Counts of the VAE, by name.
fn counts(bench: &Bench) -> Vec<(String, Option<f64>)> {
    let figures: Vec<Measurement> =
        atomic::read_json(&bench.trial_of("small", "vae").throughput()).expect("the trial was counted");
    figures.into_iter().map(|figure| (figure.name, figure.value)).collect()
}

/// Script that is this build, with a change of the allocations that it reports.
fn other_build(bench: &Bench, change: &str) -> String {
    let path = bench.path("other");
    let script =
        format!("#!/bin/sh\n\"{}\" \"$@\" | sed -u 's/\"allocations\":{change}/'\n", env!("CARGO_BIN_EXE_genbench"));
    fs::write(&path, script).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
    path.to_string_lossy().into_owned()
}

#[test]
fn two_runs_count_the_same_and_one_more_allocation_fails_the_gate() {
    let bench = counted();
    let names: Vec<_> = counts(&bench).into_iter().filter(|(_, value)| *value > Some(0.0)).collect();
    assert_eq!(names.len(), 6, "a VAE trains, has a bound and draws samples: {names:?}");
    assert_eq!(counts(&bench), counts(&counted()), "of two runs");
    let again = bench.genbench(&["run", "grid.yaml"]);
    assert!(again.code == i32::from(exit::DONE) && !again.out.contains("in turn"), "counted once: {again:?}");

    assert_eq!(bench.genbench(&["baseline", "save", "small"]).code, i32::from(exit::DONE));
    let same = bench.genbench(&["regress", "small"]);
    assert!(same.code == i32::from(exit::DONE) && same.out.contains("counters (6)"), "{same:?}");
    let path = bench.trial_of("small", "vae").throughput();
    let mut figures: Vec<Measurement> = atomic::read_json(&path).expect("counted");
    let one = figures.iter_mut().find(|figure| figure.name == "train_allocations").expect("a count");
    one.value = one.value.map(|count| count + 1.0);
    atomic::write_json(&path, &figures).expect("written");
    let worse = bench.genbench(&["regress", "small"]);
    assert_eq!(worse.code, i32::from(exit::REGRESSION), "{worse:?}");
    let row = worse.out.lines().find(|line| line.contains("train_allocations")).expect("a row");
    assert!(row.contains("WORSE") && worse.out.contains("counters (5)"), "{worse:?}");
    let object: Value = serde_json::from_str(&bench.genbench(&["regress", "small", "--format", "json"]).out).unwrap();
    let counters = object["variants"][1]["counters"].as_array().expect("counts of the VAE");
    assert_eq!((counters.len(), &counters[0]["verdict"]), (6, &"worse".into()));
}

#[test]
fn counts_of_two_builds_are_compared() {
    let bench = counted();
    let duel = |change: &str, more: &[&str]| -> CommandOutput {
        let other = other_build(&bench, change);
        let arguments = ["regress", "small", "--against-build", &other, "--budget", "1s", "--speed-margin", "80%"];
        bench.genbench(&[&arguments[..], more].concat())
    };
    let same = duel("\\([0-9]\\)/\"allocations\":\\1", &[]);
    assert!(same.out.contains("identical: 6 counts") && same.code != i32::from(exit::REGRESSION), "{same:?}");
    // The other build counts one allocation only.
    let worse = duel("[0-9]*/\"allocations\":1", &["--format", "json"]);
    let object: Value = serde_json::from_str(&worse.out).unwrap_or_else(|error| panic!("{error}: {worse:?}"));
    let counts = object["variants"][1]["counts"].as_array().expect("counts of the VAE");
    assert!(counts.iter().any(|count| count["run"].as_f64() > count["baseline"].as_f64()), "{counts:?}");
    assert_eq!(worse.code, i32::from(exit::REGRESSION), "{worse:?}");
    // A build that does not count is compared by its speed alone.
    let old = duel("[0-9]*/\"unknown\":null,\"allocations\":x", &[]);
    assert!(old.out.contains("counts    -  the other build: "), "{old:?}");
    assert_ne!(old.code, i32::from(exit::REGRESSION), "{old:?}");
}

#[test]
fn instructions_of_a_build_equal_its_own() {
    let has_valgrind = Command::new("valgrind").arg("--version").output().is_ok();
    if !has_valgrind {
        assert!(std::env::var_os("GENBENCH_REQUIRE_VALGRIND").is_none(), "valgrind is not installed");
        return;
    }
    let (grid, _) = SMALL.split_once("  - model: {name: vae").expect("a VAE");
    let bench = Bench::with(grid);
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--quiet"]).code, i32::from(exit::DONE));
    let itself = env!("CARGO_BIN_EXE_genbench");
    let duel = bench.genbench(&["regress", "small", "--against-build", itself, "--budget", "1s", "--instructions"]);
    let lines: Vec<&str> = duel.out.lines().filter(|line| line.contains(" instructions, x")).collect();
    assert!(lines.len() == 3 && lines.iter().all(|line| line.ends_with("equivalent")), "{duel:?}");
}

#[test]
fn without_valgrind_instructions_are_refused() {
    let bench = counted();
    let mut command = bench.command(&["regress", "small", "--against-build", "/bin/true", "--instructions"]);
    let output = crate::bench::command_output(command.env("PATH", bench.path("")).output().expect("the binary starts"));
    assert_eq!(output.code, i32::from(exit::ENVIRONMENT), "{output:?}");
    assert!(output.err.contains("install valgrind, or leave out --instructions"), "{output:?}");
}

/// Launches of every model and window, as committed.
fn committed() -> Vec<(String, String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results/reference/counters_wgpu/summary.csv");
    launches(&read(&path))
}

/// Variant, figure and value of the launches in a summary.csv.
fn launches(summary: &str) -> Vec<(String, String, String)> {
    let mut reader = csv::Reader::from_reader(summary.as_bytes());
    let columns = reader.headers().expect("a header").clone();
    let at = |name: &str| columns.iter().position(|column| column == name).expect("a column");
    let [variant, figure, mean] = ["variant", "measurement", "mean"].map(at);
    let rows = reader.records().map(|row| row.expect("a row"));
    let of_row = |row: csv::StringRecord| (row[variant].to_owned(), row[figure].to_owned(), row[mean].to_owned());
    rows.map(of_row).filter(|(_, figure, mean)| figure.ends_with("_launches") && !mean.is_empty()).collect()
}

/// Models whose kernels are compiled within seconds.
const CHEAP: [&str; 4] = ["nade", "made", "vae", "gan"];

/// A launch more or less is a change of a model's program: commit it with a new run of the grid.
#[test]
fn models_launch_as_many_kernels_as_committed() {
    let bench = Bench::with("");
    let grid = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../experiments/counters_wgpu.yaml");
    let grid = grid.to_string_lossy();
    if !bench.has_adapter() {
        return;
    }
    let only = CHEAP.iter().flat_map(|label| ["--only", label]);
    let run: Vec<&str> = ["run", &grid, "--quiet", "--results", "results"].into_iter().chain(only).collect();
    let run = bench.genbench(&run);
    assert_eq!(run.code, i32::from(exit::DONE), "{run:?}");
    assert_eq!(bench.genbench(&["table", "counters_wgpu"]).code, i32::from(exit::DONE));
    let counted = launches(&read(&bench.path("results/counters_wgpu/summary.csv")));
    let cheap = |(label, ..): &(String, String, String)| CHEAP.contains(&label.as_str());
    let expected: Vec<_> = committed().into_iter().filter(cheap).collect();
    assert!(expected.len() >= 8, "{expected:?}");
    assert_eq!(counted.into_iter().filter(cheap).collect::<Vec<_>>(), expected);
}
