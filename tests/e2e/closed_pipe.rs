//! Every verb with a reader that goes away: no panic, no message, and the same exit code.

use std::collections::BTreeMap;
use std::process::Command;

use protocol::exit;

use crate::bench::{Bench, CommandOutput, SMALL, command_output};

/// Writing end of a pipe whose reader is closed.
fn closed_pipe() -> std::io::PipeWriter {
    std::io::pipe().expect("a pipe").1
}

fn ended(command: &mut Command) -> CommandOutput {
    command_output(command.output().expect("the binary starts"))
}

/// Verbs of `--help`: the indented words below `Commands:`.
fn verbs(bench: &Bench) -> Vec<String> {
    let help = bench.genbench(&["--help"]).out;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // A verb is indented by two blanks, its wrapped help by more.
    let listed = listed.filter_map(|line| line.strip_prefix("  ").filter(|verb| !verb.starts_with(' ')));
    listed.filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// A command for every verb that prints, on a grid that has run.
fn commands(trial: &str) -> BTreeMap<&'static str, Vec<String>> {
    let all = [
        ("run", "run grid.yaml --no-timing"),
        ("plan", "plan grid.yaml"),
        ("watch", "watch small --once"),
        ("explain", "explain grid.yaml"),
        ("measure", "measure grid.yaml --no-timing"),
        ("table", "table small"),
        ("report", "report small"),
        ("compare", "compare small small --out comparison"),
        ("regress", "regress small"),
        ("baseline", "baseline save small"),
        ("history", "history show small"),
        ("init", "init ci --github grid.yaml --out -"),
        ("claims", "claims small"),
        ("sample", "sample TRIAL --count 4 --out sheet.png"),
        ("score", "score TRIAL test"),
        ("audit", "audit --images 1"),
        ("status", "status small"),
        ("pack", "pack small --out small.genbench"),
        ("unpack", "unpack small.genbench --results unpacked --force"),
        ("cancel", "cancel small"),
        ("collect", "collect small"),
        ("emit", "emit hyperqueue grid.yaml --results elsewhere"),
        ("export", "export small --to jsonl"),
        ("trace", "trace small --to chrome"),
        ("data", "data fetch no_such_set"),
        ("list", "list models"),
        ("schema", "schema"),
        ("new", "new TRIAL"),
        ("doctor", "doctor"),
        ("completions", "completions bash"),
        ("man", "man --out pages"),
        ("help", "help run"),
    ];
    all.map(|(verb, line)| (verb, line.replace("TRIAL", trial).split(' ').map(str::to_owned).collect())).into()
}

#[test]
fn a_reader_that_goes_away_changes_neither_exit_code_nor_results() {
    let bench = Bench::with(SMALL);
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    let trial = bench.trial_of("small", "vae").0.display().to_string();
    let commands = commands(&trial);
    let verbs = verbs(&bench);
    assert!(verbs.len() > 15, "{verbs:?}");
    let without: Vec<_> = verbs.iter().filter(|verb| !commands.contains_key(verb.as_str())).collect();
    assert!(without.is_empty(), "add a command for each of these verbs: {without:?}");
    for line in commands.values() {
        let line: Vec<&str> = line.iter().map(String::as_str).collect();
        let open = bench.genbench(&line);
        let no_reader = ended(bench.command(&line).stdout(closed_pipe()));
        assert_eq!(no_reader.code, open.code, "{line:?} without a reader of stdout: {no_reader:?} instead of {open:?}");
        for fault in ["panic", "internal error", "Broken pipe"] {
            assert!(!no_reader.err.contains(fault), "{line:?}: {no_reader:?}");
        }
        let no_reader = ended(bench.command(&line).stderr(closed_pipe()));
        assert_eq!(no_reader.code, open.code, "{line:?} without a reader of stderr: {no_reader:?}");
        let neither = ended(bench.command(&line).stdout(closed_pipe()).stderr(closed_pipe()));
        assert_eq!(neither.code, open.code, "{line:?} without readers");
        // `help` has no help of its own.
        if line[0] != "help" {
            let help = ended(bench.command(&[line[0], "--help"]).stdout(closed_pipe()));
            assert_eq!((help.code, help.err.as_str()), (i32::from(exit::DONE), ""), "{line:?} --help");
        }
    }
    assert!(bench.path("sheet.png").exists() && bench.path("results/reference/small/baselines").exists());
}
