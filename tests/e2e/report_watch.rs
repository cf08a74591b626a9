//! `report --watch` during a run, after it, and until Ctrl-C.

use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use protocol::exit;

use crate::bench::{Bench, CommandOutput, SMALL, command_output, read};

const RELOAD: &str = "http-equiv=\"refresh\"";

fn watching(bench: &Bench, options: &[&str]) -> Child {
    let line = [&["report", "small", "--watch", "--every", "100ms"][..], options].concat();
    let mut command = bench.command(&line);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts")
}

fn ended(child: Child) -> CommandOutput {
    command_output(child.wait_with_output().expect("it ends"))
}

/// Waits until the page has this text.
fn wait_for_page(bench: &Bench, text: &str) {
    let path = bench.grid("small").file("report.html");
    let start = Instant::now();
    while !std::fs::read_to_string(&path).is_ok_and(|page| page.contains(text)) {
        assert!(start.elapsed() < Duration::from_secs(60), "no page with {text}");
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_watched_page_follows_a_run_and_ends_with_it() {
    let bench = Bench::with(&SMALL.replace("seeds: [0]", "seeds: 3"));
    let run = bench.command(&["run", "grid.yaml", "--quiet", "--jobs", "1"]).spawn().expect("the binary starts");
    while !bench.grid("small").plan_json().exists() {
        sleep(Duration::from_millis(5));
    }
    let watching = watching(&bench, &[]);
    wait_for_page(&bench, RELOAD);
    assert!(ended(run).code == i32::from(exit::DONE));
    let output = ended(watching);
    assert_eq!((output.code, output.err.as_str()), (i32::from(exit::DONE), ""), "{output:?}");
    assert!(output.out.lines().count() > 1, "a line per page: {output:?}");
    let last = output.out.lines().last().expect("a line");
    assert!(last.starts_with("results/small/report.html: 6 of 6 trials done"), "{output:?}");
    assert!(!read(&bench.grid("small").file("report.html")).contains(RELOAD));
}

#[test]
fn a_finished_grid_is_written_once_and_alone() {
    let bench = Bench::with(SMALL);
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    for file in ["summary.csv", "summary.md", "report.html"] {
        std::fs::remove_file(bench.grid("small").file(file)).expect("a written file");
    }
    let output = ended(watching(&bench, &[]));
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    assert_eq!(output.out.lines().count(), 1, "{output:?}");
    assert!(bench.grid("small").file("report.html").exists());
    assert!(!bench.grid("small").file("summary.csv").exists() && !bench.grid("small").file("summary.md").exists());
    let quiet = ended(watching(&bench, &["--quiet", "--out", "elsewhere"]));
    assert_eq!((quiet.code, quiet.out.as_str(), quiet.err.as_str()), (i32::from(exit::DONE), "", ""));
    assert!(bench.path("elsewhere/report.html").exists());
}

#[test]
fn ctrl_c_ends_with_a_page_that_stays() {
    let bench = Bench::with(SMALL);
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    // A trial that never ends.
    std::fs::remove_file(bench.trial_of("small", "vae").outcome()).expect("an outcome");
    let watching = watching(&bench, &[]);
    wait_for_page(&bench, RELOAD);
    let sent = Command::new("kill").args(["-INT", &watching.id().to_string()]).status().expect("`kill` starts");
    assert!(sent.success());
    let output = ended(watching);
    assert_eq!((output.code, output.err.as_str()), (i32::from(exit::DONE), ""), "{output:?}");
    assert_eq!(output.out.lines().count(), 2, "the first page and the last one: {output:?}");
    assert!(!read(&bench.grid("small").file("report.html")).contains(RELOAD));
}

#[test]
fn mistakes_are_usage_errors() {
    let bench = Bench::with(SMALL);
    for (line, words) in [
        ("report small --watch", "no results in"),
        ("report small --every 5s", "--watch"),
        ("report small --watch --every 5", "expected a duration with its unit"),
        ("report small.genbench --watch", "leave out --watch"),
    ] {
        let output = bench.genbench(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(output.code, i32::from(exit::USAGE), "{line}: {output:?}");
        assert!(output.err.contains(words), "{line}: {output:?}");
    }
}
