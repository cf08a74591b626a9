//! The schema in check-jsonschema, compared with the planner.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use protocol::exit;
use serde_json::Value;

use super::{grids, with_tool};
use crate::bench::Bench;

/// Returns the messages of check-jsonschema, by file.
fn mistakes(bench: &Bench, files: &[String]) -> BTreeMap<String, Vec<String>> {
    let mut command = Command::new("check-jsonschema");
    command.args(["--schemafile", "grid.schema.json", "--output-format", "json"]).args(files);
    let output = command.current_dir(bench.path(".")).output().expect("it runs");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    assert_eq!(report["parse_errors"].as_array().map_or(0, Vec::len), 0, "{report}");
    let mut messages: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for error in report["errors"].as_array().into_iter().flatten() {
        let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
        messages.entry(text("filename")).or_default().push(format!("{}: {}", text("path"), text("message")));
    }
    messages
}

#[test]
fn every_grid_of_the_repository_is_valid() {
    let Some(bench) = with_tool("check-jsonschema") else { return };
    let grids = grids::all();
    for (name, text, _) in &grids {
        fs::write(bench.path(name), text).expect("written");
    }
    let files: Vec<String> = grids.into_iter().map(|(name, ..)| name).collect();
    assert_eq!(mistakes(&bench, &files), BTreeMap::new());
    for file in files {
        let output = bench.genbench(&["plan", &file]);
        // The files of MNIST may be missing.
        let good =
            output.code == i32::from(exit::DONE) || !output.err.contains("not known") && output.err.contains("mnist");
        assert!(good, "{file}: {output:?}");
    }
}

#[test]
fn schema_and_planner_find_the_same_mistakes() {
    let Some(bench) = with_tool("check-jsonschema") else { return };
    let file = |at: usize| format!("bad{at}.yaml");
    for (at, (text, _)) in grids::BAD.iter().enumerate() {
        fs::write(bench.path(&file(at)), text).expect("written");
    }
    let files: Vec<String> = (0..grids::BAD.len()).map(file).collect();
    let messages = mistakes(&bench, &files);
    for (at, (text, word)) in grids::BAD.iter().enumerate() {
        let found = messages.get(&file(at)).is_some_and(|messages| messages.iter().any(|one| one.contains(word)));
        assert!(found, "{text}\n{:?}", messages.get(&file(at)));
        let output = bench.genbench(&["plan", &file(at)]);
        assert_eq!(output.code, i32::from(exit::USAGE), "{text}");
        assert!(output.err.contains(word), "{text}\n{}", output.err);
    }
}

/// An unknown key that the schema refuses is refused by the planner too, in every block of every grid.
#[test]
fn no_unknown_key_is_refused_by_the_schema_alone() {
    let Some(bench) = with_tool("check-jsonschema") else { return };
    let mut files = Vec::new();
    for (name, text, grid) in grids::all() {
        fs::write(bench.path(&name), text).expect("written");
        // At most 40 mistakes per grid, because large grids repeat themselves.
        let wrong = grids::with_unknown_keys(&grid);
        let step = wrong.len().div_ceil(40);
        for (at, wrong) in wrong.into_iter().enumerate().step_by(step) {
            let file = format!("{at}-{name}");
            fs::write(bench.path(&file), wrong.to_string()).expect("written");
            files.push(file);
        }
    }
    let messages = mistakes(&bench, &files);
    let unknown = |one: &String| one.contains("dditional properties") || one.contains(" match any of the regexes");
    let (mut refused, mut passed) = (0, Vec::new());
    for file in &files {
        let output = bench.genbench(&["plan", file]);
        match messages.get(file) {
            Some(messages) if messages.iter().any(unknown) => {
                refused += 1;
                assert_eq!(output.code, i32::from(exit::USAGE), "{file}: {messages:?}\n{}", output.out);
            }
            Some(_) => {}
            None => passed.push((file, output.code)),
        }
    }
    assert!(refused * 2 > files.len(), "{refused} of {}", files.len());
    eprintln!("{} grids, {refused} with a key that both refuse, accepted by the schema: {passed:?}", files.len());
}
