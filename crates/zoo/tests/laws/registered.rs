//! Every entry keeps its promises to the planner.

use protocol::Support;
use serde_json::json;

use crate::subject::{data, entries};

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
