//! Exit codes of each error class; full disks and old names.

use std::fs::File;
use std::process::Command;

use protocol::exit;

use crate::bench::{Bench, CommandOutput, SMALL, command_output};

fn ended(command: &mut Command) -> CommandOutput {
    command_output(command.output().expect("the binary starts"))
}

#[test]
fn results_that_cannot_be_written_exit_with_the_code_of_the_environment() {
    let bench = Bench::with(SMALL);
    // A file in place of the folder, because root may write to every folder.
    let output = bench.genbench(&["run", "grid.yaml", "--results", "grid.yaml", "--quiet"]);
    assert_eq!(output.code, i32::from(exit::ENVIRONMENT), "{output:?}");
    assert!(output.err.starts_with("error: ") && output.err.contains("grid.yaml"), "{output:?}");
    assert_eq!(std::fs::read_to_string(bench.path("grid.yaml")).expect("the grid"), SMALL);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_stdout_exits_with_the_code_of_the_environment() {
    let bench = Bench::with(SMALL);
    for arguments in [vec!["plan", "grid.yaml"], vec!["list", "models"], vec!["schema"]] {
        let full = File::options().write(true).open("/dev/full").expect("a device");
        let output = ended(bench.command(&arguments).stdout(full));
        assert_eq!(output.code, i32::from(exit::ENVIRONMENT), "{output:?}");
        assert_eq!(output.err.lines().count(), 1, "{output:?}");
        assert!(output.err.contains("no space left on the disk"), "{output:?}");
    }
}

#[test]
fn an_unknown_name_exits_with_the_usage_code() {
    let bench = Bench::with(SMALL);
    for (arguments, message) in [
        (vec!["list", "modles"], "did you mean `models`?"),
        (vec!["report", "smal"], "no results in "),
        (vec!["compare", "smal", "small"], "no results in "),
        (vec!["sample", "results/small/trials/0"], "is not the folder of a trial"),
        (vec!["sample", "results/small/trials/0", "--count", "99999999999"], "expected a number from 1 to 10000"),
        (vec!["plan", "grid.yaml", "--set", "data=digts"], "did you mean `digits`?"),
    ] {
        let output = bench.genbench(&arguments);
        assert_eq!(output.code, i32::from(exit::USAGE), "{output:?}");
        assert!(output.err.contains(message), "{output:?}");
    }
}

#[test]
fn old_names_work_with_a_warning() {
    let bench = Bench::with(SMALL);
    let output = bench.genbench(&["run", "grid.yaml", "--engine", "local", "--results", "grid.yaml"]);
    assert!(output.err.contains("warning: `--engine` was renamed to `--executor`\n"), "{output:?}");
    assert_eq!(output.code, i32::from(exit::ENVIRONMENT), "{output:?}");
    let output = bench.genbench(&["court", "--seeds", "1,1"]);
    assert!(output.err.contains("warning: `court` was renamed to `audit`\n"), "{output:?}");
    let help = bench.genbench(&["--help"]).out;
    assert!(help.contains("  audit ") && !help.contains("court"), "{help}");
}

#[test]
fn measure_does_not_train_and_does_not_replace_tables_by_empty_ones() {
    let bench = Bench::with(SMALL);
    let output = bench.genbench(&["measure", "grid.yaml", "--no-timing"]);
    assert_eq!(output.code, i32::from(exit::NOTHING), "{output:?}");
    assert!(output.err.contains("no trial of small is finished"), "{output:?}");
    assert!(!bench.grid("small").0.exists());
    for option in ["--fresh", "--retry-failed"] {
        let output = bench.genbench(&["measure", "grid.yaml", option]);
        assert_eq!(output.code, i32::from(exit::USAGE), "{output:?}");
        assert!(output.err.contains("does not train"), "{output:?}");
    }
}

#[test]
fn every_verb_takes_the_file_of_a_grid_or_its_name() {
    let bench = Bench::with(SMALL);
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    let lines = [
        "run GRID --no-timing --quiet",
        "measure GRID --no-timing --quiet",
        "plan GRID",
        "explain GRID",
        "emit hyperqueue GRID",
        "watch GRID --once",
        "status GRID",
        "table GRID",
        "report GRID",
        "report GRID --watch",
        "compare GRID GRID",
        "pack GRID --out small.genbench",
        "export GRID --to latex",
        "trace GRID --to chrome",
        "baseline save GRID",
        "regress GRID",
        "history show GRID",
        "collect GRID",
        "cancel GRID",
    ];
    for line in lines {
        let [file, name] = ["grid.yaml", "small"].map(|grid| {
            let line = line.replace("GRID", grid);
            bench.genbench(&line.split(' ').collect::<Vec<_>>())
        });
        assert!(![2, 70, 74].contains(&file.code), "{line}: {file:?}");
        let comparable = |output: &crate::bench::CommandOutput| {
            (output.code, output.out.lines().filter(|line| !line.contains(" took ")).count())
        };
        assert_eq!(comparable(&file), comparable(&name), "{line}: {file:?} {name:?}");
    }
}

#[test]
fn a_wrong_name_has_advice_that_works() {
    let bench = Bench::with(SMALL);
    for (arguments, advice) in [
        (vec!["status", "small.yaml"], "there is no file of that name; to name the grid, write small"),
        (vec!["status", "small"], "run its grid first"),
        (vec!["score", "results/small/trials/none", "test"], "prints the ids of trials"),
    ] {
        let output = bench.genbench(&arguments);
        assert_eq!(output.code, i32::from(exit::USAGE), "{output:?}");
        assert!(output.err.contains(advice), "{output:?}");
    }
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    let output = bench.genbench(&["regress", "small"]);
    assert!(output.err.contains("`genbench baseline save small`"), "{output:?}");
    assert_eq!(bench.genbench(&["baseline", "save", "small"]).code, i32::from(exit::DONE));
    // Equal bits need no second seed.
    assert_eq!(bench.genbench(&["regress", "small"]).code, i32::from(exit::DONE));
}

#[test]
fn a_folder_in_place_of_a_file_exits_with_the_code_of_the_environment_and_its_path() {
    let bench = Bench::with(SMALL);
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    let grid = bench.grid("small");
    for (path, command) in [
        (grid.file("summary.csv"), vec!["table", "small"]),
        (grid.file("report.html"), vec!["report", "small"]),
        (bench.trial_of("small", "vae").trace(), vec!["table", "small"]),
        (bench.trial_of("small", "vae").trace(), vec!["trace", "small", "--to", "chrome"]),
    ] {
        let kept = path.with_extension("kept");
        std::fs::rename(&path, &kept).expect("a written file");
        std::fs::create_dir(&path).expect("a folder");
        let output = bench.genbench(&command);
        assert_eq!(output.code, i32::from(exit::ENVIRONMENT), "{command:?}: {output:?}");
        let name = path.file_name().expect("a name").to_string_lossy();
        assert_eq!(output.err.matches(&*name).count(), 1, "{command:?}: {output:?}");
        std::fs::remove_dir(&path).expect("an empty folder");
        std::fs::rename(&kept, &path).expect("the file is back");
    }
    for command in [
        vec!["trace", "small", "--to", "junit", "--out", "results"],
        vec!["export", "small", "--to", "html", "--out", "results"],
        vec!["sample", "x", "--out", "results"],
    ] {
        let output = bench.genbench(&command);
        assert_eq!(output.code, i32::from(exit::USAGE), "{output:?}");
        assert!(output.err.contains("results is a folder"), "{output:?}");
    }
}
