//! Exit codes of each error class; full disks, closed pipes and old names.

use std::fs::File;
use std::process::Command;

use protocol::exit;

use crate::bench::{Bench, SMALL, Said, said};

fn ended(command: &mut Command) -> Said {
    said(command.output().expect("the binary starts"))
}

/// Writing end of a pipe whose reader is closed.
fn closed_pipe() -> std::io::PipeWriter {
    std::io::pipe().expect("a pipe").1
}

#[test]
fn results_that_cannot_be_written_exit_with_the_code_of_the_environment() {
    let bench = Bench::with(SMALL);
    // A file in place of the folder, because root may write to every folder.
    let said = bench.genbench(&["run", "grid.yaml", "--results", "grid.yaml", "--quiet"]);
    assert_eq!(said.code, i32::from(exit::ENVIRONMENT), "{said:?}");
    assert!(said.err.starts_with("error: ") && said.err.contains("grid.yaml"), "{said:?}");
    assert_eq!(std::fs::read_to_string(bench.path("grid.yaml")).expect("the grid"), SMALL);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_stdout_exits_with_the_code_of_the_environment() {
    let bench = Bench::with(SMALL);
    for arguments in [vec!["plan", "grid.yaml"], vec!["list", "models"], vec!["schema"]] {
        let full = File::options().write(true).open("/dev/full").expect("a device");
        let said = ended(bench.command(&arguments).stdout(full));
        assert_eq!(said.code, i32::from(exit::ENVIRONMENT), "{said:?}");
        assert_eq!(said.err.lines().count(), 1, "{said:?}");
        assert!(said.err.contains("No space left on device"), "{said:?}");
    }
}

#[test]
fn a_closed_pipe_changes_neither_results_nor_exit_code() {
    let bench = Bench::with(SMALL);
    for arguments in [vec!["plan", "grid.yaml"], vec!["list", "models"], vec!["schema"], vec!["--help"]] {
        let said = ended(bench.command(&arguments).stdout(closed_pipe()));
        assert_eq!((said.code, said.err.as_str()), (i32::from(exit::DONE), ""), "{arguments:?}");
    }
    // The exit code is right even if the message cannot be printed.
    let said = ended(bench.command(&["plan", "nowhere.yaml"]).stderr(closed_pipe()));
    assert_eq!(said.code, i32::from(exit::USAGE));
    let said = ended(bench.command(&["run", "grid.yaml", "--no-timing"]).stdout(closed_pipe()).stderr(closed_pipe()));
    assert_eq!(said.code, i32::from(exit::DONE));
    assert!(bench.grid("small").0.join("report.html").exists());
}

#[test]
fn an_unknown_name_exits_with_the_usage_code() {
    let bench = Bench::with(SMALL);
    for (arguments, message) in [
        (vec!["list", "modles"], "did you mean `models`?"),
        (vec!["report", "smal"], "no results in "),
        (vec!["sample", "results/small/trials/0"], "trial.json"),
        (vec!["plan", "grid.yaml", "--set", "data=digts"], "did you mean `digits`?"),
    ] {
        let said = bench.genbench(&arguments);
        assert_eq!(said.code, i32::from(exit::USAGE), "{said:?}");
        assert!(said.err.contains(message), "{said:?}");
    }
}

#[test]
fn old_names_work_with_a_warning() {
    let bench = Bench::with(SMALL);
    let said = bench.genbench(&["run", "grid.yaml", "--engine", "local", "--results", "grid.yaml"]);
    assert!(said.err.contains("warning: `--engine` was renamed to `--executor`\n"), "{said:?}");
    assert_eq!(said.code, i32::from(exit::ENVIRONMENT), "{said:?}");
    let said = bench.genbench(&["court", "--seeds", "1,1"]);
    assert!(said.err.contains("warning: `court` was renamed to `audit`\n"), "{said:?}");
    let help = bench.genbench(&["--help"]).out;
    assert!(help.contains("  audit ") && !help.contains("court"), "{help}");
}
