//! Each class of errors has an exit code of its own, and nothing panics where nobody reads.

use std::fs::File;
use std::process::Command;

use protocol::exit;

use crate::bench::{Bench, SMALL, Said, said};

fn ended(command: &mut Command) -> Said {
    said(command.output().expect("the binary starts"))
}

/// The writing end of a pipe that nobody reads.
fn closed_pipe() -> std::io::PipeWriter {
    std::io::pipe().expect("a pipe").1
}

#[test]
fn results_that_cannot_be_written_are_the_environments_fault() {
    let bench = Bench::with(SMALL);
    // A file in place of the folder; for root no folder is forbidden.
    let said = bench.genbench(&["run", "grid.yaml", "--results", "grid.yaml", "--quiet"]);
    assert_eq!(said.code, i32::from(exit::ENVIRONMENT), "{said:?}");
    assert!(said.err.starts_with("error: ") && said.err.contains("grid.yaml"), "{said:?}");
    assert_eq!(std::fs::read_to_string(bench.path("grid.yaml")).expect("the grid"), SMALL);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_the_output_is_the_environments_fault() {
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
fn a_closed_pipe_ends_nothing() {
    let bench = Bench::with(SMALL);
    for arguments in [vec!["plan", "grid.yaml"], vec!["list", "models"], vec!["schema"], vec!["--help"]] {
        let said = ended(bench.command(&arguments).stdout(closed_pipe()));
        assert_eq!((said.code, said.err.as_str()), (i32::from(exit::DONE), ""), "{arguments:?}");
    }
    // The code tells the outcome where no message can.
    let said = ended(bench.command(&["plan", "nowhere.yaml"]).stderr(closed_pipe()));
    assert_eq!(said.code, i32::from(exit::USAGE));
    let said = ended(bench.command(&["run", "grid.yaml", "--no-timing"]).stdout(closed_pipe()).stderr(closed_pipe()));
    assert_eq!(said.code, i32::from(exit::DONE));
    assert!(bench.grid("small").0.join("report.html").exists());
}

#[test]
fn an_unknown_name_is_a_mistake_of_the_command() {
    let bench = Bench::with(SMALL);
    for (arguments, near) in [
        (vec!["list", "modles"], "did you mean `models`?"),
        (vec!["report", "smal"], "nothing has run"),
        (vec!["sample", "results/small/trials/0"], "trial.json"),
        (vec!["plan", "grid.yaml", "--set", "data=digts"], "did you mean `digits`?"),
    ] {
        let said = bench.genbench(&arguments);
        assert_eq!(said.code, i32::from(exit::USAGE), "{said:?}");
        assert!(said.err.contains(near), "{said:?}");
    }
}

#[test]
fn old_names_work_with_a_warning() {
    let bench = Bench::with(SMALL);
    let said = bench.genbench(&["run", "grid.yaml", "--engine", "local", "--results", "grid.yaml"]);
    assert!(said.err.contains("warning: `--engine` is now called `--executor`\n"), "{said:?}");
    assert_eq!(said.code, i32::from(exit::ENVIRONMENT), "{said:?}");
    let said = bench.genbench(&["court", "--seeds", "1,1"]);
    assert!(said.err.contains("warning: `court` is now called `audit`\n"), "{said:?}");
    let help = bench.genbench(&["--help"]).out;
    assert!(help.contains("  audit ") && !help.contains("court"), "{help}");
}
