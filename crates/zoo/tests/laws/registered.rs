//! Every model file is registered, and every entry keeps its promises to the planner.

use std::path::Path;

use protocol::Support;
use serde_json::json;

use crate::subject::{data, entries};

#[test]
fn every_model_file_is_registered() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in std::fs::read_dir(source).expect("the crate has sources") {
        let path = file.expect("a readable folder").path();
        let text = if path.is_file() { std::fs::read_to_string(&path).expect("UTF-8") } else { continue };
        for line in text.lines().filter(|line| line.contains("const NAME: &'static str =")) {
            let name = line.split('"').nth(1).expect("a name in quotes");
            assert!(entries().any(|entry| entry.name == name), "{} has no entry for `{name}`", path.display());
        }
    }
}

#[test]
fn names_are_unique_and_defaults_resolve_to_themselves() {
    let names: Vec<_> = entries().map(|entry| entry.name).collect();
    for (index, entry) in entries().enumerate() {
        assert!(!names[..index].contains(&entry.name), "{} twice", entry.name);
        assert_eq!((entry.resolve)(&json!({})), Ok((entry.defaults)()), "{}", entry.name);
        assert_eq!((entry.check)(&(entry.tiny)(), &data().shape), Ok(()), "{}", entry.name);
        let problems = (entry.resolve)(&json!({"no_such_setting": 1})).expect_err(entry.name);
        assert_eq!(problems[0].path, "no_such_setting", "{}", entry.name);
    }
}

#[test]
fn a_binary_density_refuses_grey_data_with_advice() {
    let grey = data::DataShape { support: Support::Levels(17), ..data().shape };
    for name in ["independent", "markov", "nade", "vae"] {
        let entry = zoo::find(name).expect("registered");
        let problem = (entry.check)(&(entry.tiny)(), &grey).expect_err(name);
        assert!(problem.help.is_some_and(|help| help.contains("data.binarize")), "{name}");
    }
}
