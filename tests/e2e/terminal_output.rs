//! Text for people: its width, styles and hidden characters; messages as JSON.

use protocol::exit;
use protocol::text::columns;

use crate::bench::{Bench, SMALL};

#[test]
fn text_keeps_to_columns_and_a_pipe_has_no_limit() {
    let bench = Bench::with(SMALL);
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    for line in [&["report", "small"][..], &["list", "models"], &["--help"], &["run", "--help"], &["plan", "grid.yaml"]]
    {
        let mut command = bench.command(line);
        let wide = crate::bench::command_output(command.env_remove("COLUMNS").output().expect("the binary starts"));
        for width in [60, 80] {
            let output = bench.command(line).env("COLUMNS", width.to_string()).output().expect("the binary starts");
            let narrow = crate::bench::command_output(output).out;
            for text in narrow.lines() {
                let alone = text.split_whitespace().count() == 1;
                assert!(columns(text) <= width || alone, "{line:?} at {width}: {text}");
            }
            // No word is split. The table of a report has other blocks, with the same words.
            let (mut found, mut expected) = (words(&narrow), words(&wide.out));
            for words in [&mut found, &mut expected] {
                words.sort();
                words.dedup();
            }
            assert_eq!(found, expected, "{line:?} at {width}");
        }
    }
}

#[test]
fn no_escape_codes_without_a_terminal() {
    let bench = Bench::with(SMALL);
    for line in [&["plan", "nowhere.yaml"][..], &["--help"], &["plan", "grid.yaml", "--set", "x=1"], &["lits"]] {
        let output =
            bench.command(line).env_remove("NO_COLOR").env("TERM", "xterm").output().expect("the binary starts");
        let output = crate::bench::command_output(output);
        assert!(!output.out.contains('\u{1b}') && !output.err.contains('\u{1b}'), "{output:?}");
    }
}

/// A terminal of `script` (util-linux), 60 columns wide.
#[cfg(target_os = "linux")]
#[test]
fn a_dumb_terminal_and_no_color_get_no_escape_codes() {
    let bench = Bench::with(SMALL);
    if std::process::Command::new("script").arg("--version").output().is_err() {
        eprintln!("skipped: `script` is not on the path");
        return;
    }
    let genbench = env!("CARGO_BIN_EXE_genbench");
    let on_a_terminal = |line: &str, variables: &[(&str, &str)]| {
        let mut command = std::process::Command::new("script");
        let shell = format!("stty rows 40 cols 60; {genbench} {line}");
        command.args(["-qec", &shell, "/dev/null"]).current_dir(bench.path("."));
        command.env_remove("NO_COLOR").env_remove("COLUMNS").env("TERM", "xterm").envs(variables.iter().copied());
        let output = command.output().expect("`script` starts");
        String::from_utf8_lossy(&output.stdout).replace('\r', "")
    };
    let lines = ["run grid.yaml --no-timing", "report small", "--help", "lits", "plan grid.yaml --set x=1"];
    for line in lines {
        for variables in [[("TERM", "dumb")], [("NO_COLOR", "1")]] {
            let text = on_a_terminal(line, &variables);
            assert!(!text.contains('\u{1b}'), "{line} with {variables:?}: {text:?}");
            for row in text.lines() {
                assert!(columns(row) <= 60 || row.split_whitespace().count() == 1, "{line}: {row}");
            }
        }
    }
    assert!(on_a_terminal("report small", &[]).contains("\u{1b}[1m"), "a capable terminal has bold heads");
    assert!(on_a_terminal("--help", &[]).contains("\u{1b}[1m"));
}

#[test]
fn every_line_is_json_with_message_format_json() {
    let bench = Bench::with(SMALL);
    std::fs::write(bench.path("bad.yaml"), SMALL.replace("hidden:", "hiden:")).expect("a written grid");
    for line in [
        &["run", "grid.yaml", "--no-timing"][..],
        &["plan", "grid.yaml"],
        &["plan", "bad.yaml"],
        &["plan", "nowhere.yaml"],
        &["explain", "small"],
        &["run", "grid.yaml", "--only", "nothing*"],
        &["run", "grid.yaml", "--jobs", "many"],
        &["measure", "grid.yaml", "--fresh"],
    ] {
        let output = bench.genbench(&[line, &["--message-format", "json"]].concat());
        for text in output.out.lines().chain(output.err.lines()) {
            let value: Result<serde_json::Value, _> = serde_json::from_str(text);
            assert!(value.is_ok_and(|value| value.is_object()), "{line:?}: {text:?} in {output:?}");
        }
    }
}

#[test]
fn hidden_characters_of_arguments_and_file_names_are_shown() {
    let bench = Bench::with(SMALL);
    let name = "\u{1b}[2J\u{202e}.yaml";
    std::fs::write(bench.path(name), SMALL.replace("hidden:", "hiden:")).expect("a written grid");
    for line in [
        &["plan", name][..],
        &["plan", "none\u{1b}.yaml"],
        &["plan", "grid.yaml", "--\u{202e}x"],
        &["status", "\u{200b}"],
    ] {
        let output = bench.genbench(line);
        assert_eq!(output.code, i32::from(exit::USAGE), "{line:?}: {output:?}");
        let hidden = |c: char| c != '\n' && protocol::text::escape::hidden(c);
        // Diagnostics show an escape character as its picture.
        let shown = output.err.contains("\\u{") || output.err.contains('␛');
        assert!(shown && !output.err.contains(hidden), "{line:?}: {output:?}");
    }
}
