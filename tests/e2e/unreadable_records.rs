//! Records that cannot be used: every command goes on with the other trials, and the advice that it prints works.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use protocol::exit;

use crate::bench::{Bench, CommandOutput, SMALL, command_output, measurements, read};

/// Commands that read results, with their exit codes when one of two trials is unreadable.
fn readers() -> [(Vec<&'static str>, u8); 6] {
    [
        (vec!["plan", "grid.yaml"], exit::DONE),
        (vec!["explain", "grid.yaml"], exit::DONE),
        (vec!["status", "small"], exit::DONE),
        (vec!["table", "small"], exit::DONE),
        (vec!["report", "small"], exit::DONE),
        (vec!["watch", "small", "--once"], exit::TRIALS_FAILED),
    ]
}

fn named(output: &CommandOutput, file: &Path) -> bool {
    let name = file.file_name().expect("a file").to_string_lossy();
    output.err.contains(&*name) || output.out.contains(&*name)
}

#[test]
fn a_torn_record_is_listed_and_a_run_replaces_it() {
    let bench = Bench::with(SMALL);
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    let dir = bench.trial_of("small", "vae");
    let figures = measurements(&dir);
    for file in [dir.outcome(), dir.measurements()] {
        fs::write(&file, "").expect("a torn record");
        for (arguments, code) in readers() {
            let output = bench.genbench(&arguments);
            assert_eq!(output.code, i32::from(code), "{arguments:?}: {output:?}");
            assert!(named(&output, &file) && format!("{output:?}").contains(".bad"), "{arguments:?}: {output:?}");
        }
        let rows = read(&bench.grid("small").file("trials.csv"));
        assert!(rows.lines().any(|row| row.contains(",vae,") && row.contains(",unreadable,")), "{rows}");
        assert!(rows.lines().any(|row| row.contains(",independent,") && row.contains(",done,")), "{rows}");
        let output = bench.genbench(&["run", "grid.yaml", "--no-timing"]);
        assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
        assert!(output.err.contains("vae seed 0: unreadable record"), "{output:?}");
        let bad = file.with_file_name(format!("{}.bad", file.file_name().expect("a file").display()));
        assert_eq!(read(&bad), "", "the torn record is kept");
        assert_eq!(measurements(&dir), figures, "{}", file.display());
    }
}

#[test]
fn a_record_of_a_newer_genbench_is_neither_accepted_nor_replaced() {
    let bench = Bench::with(SMALL);
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    let dir = bench.trial_of("small", "vae");
    let newer = read(&dir.outcome()).replacen("\"schema\": ", "\"schema\": 9", 1);
    fs::write(dir.outcome(), &newer).expect("written");
    for command in ["run", "measure"] {
        let output = bench.genbench(&[command, "grid.yaml", "--no-timing", "--quiet"]);
        assert_eq!(output.code, i32::from(exit::ENVIRONMENT), "{output:?}");
        assert!(output.err.contains("written by a newer genbench (schema 9"), "{output:?}");
        assert!(output.err.contains("help: use the genbench that wrote the file"), "{output:?}");
        assert_eq!(read(&dir.outcome()), newer);
    }
    let plan = bench.grid("small").plan_json();
    fs::write(&plan, "{").expect("written");
    let output = bench.genbench(&["table", "small"]);
    assert!(output.code == i32::from(exit::USAGE) && output.err.contains("writes the plan again"), "{output:?}");
    fs::remove_file(dir.outcome()).expect("moved away");
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    assert_eq!(bench.genbench(&["table", "small"]).code, i32::from(exit::DONE));
}

#[test]
fn a_path_that_is_not_utf8_is_refused_before_training() {
    let bench = Bench::with(SMALL);
    let folder = bench.path("").join(std::ffi::OsStr::from_bytes(b"r\xff"));
    let mut named = bench.command(&["run", "grid.yaml", "--quiet", "--results"]);
    fs::create_dir(&folder).expect("a folder");
    fs::copy(bench.path("grid.yaml"), folder.join("grid.yaml")).expect("copied");
    let mut inside = bench.command(&["run", "grid.yaml", "--quiet"]);
    for command in [named.arg(&folder), inside.current_dir(&folder)] {
        let output = command_output(command.output().expect("the binary starts"));
        assert_eq!(output.code, i32::from(exit::USAGE), "{output:?}");
        assert!(output.err.contains("is not UTF-8") && output.err.contains("help: "), "{output:?}");
    }
    assert_eq!(fs::read_dir(&folder).expect("listed").count(), 1, "nothing was written");
}
