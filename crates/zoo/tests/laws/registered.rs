//! Every entry keeps its promises to the planner.

use protocol::Support;
use serde_json::json;
use zoo::MODELS;

use crate::images::binary;
use crate::subject::subjects;

#[test]
fn names_are_unique_and_defaults_resolve_to_themselves() {
    let names: Vec<_> = MODELS.iter().map(|entry| entry.name).collect();
    for (index, entry) in MODELS.iter().enumerate() {
        assert!(!names[..index].contains(&entry.name), "{} twice", entry.name);
        assert_eq!((entry.resolve)(&json!({})), Ok((entry.defaults)()), "{}", entry.name);
        let problems = (entry.resolve)(&json!({"no_such_setting": 1})).expect_err(entry.name);
        assert_eq!(problems[0].path, "no_such_setting", "{}", entry.name);
    }
}

#[test]
fn every_kind_of_every_model_is_a_subject_of_the_laws() {
    let subjects = subjects();
    for entry in MODELS {
        let kinds = (entry.tiny)();
        assert!(!kinds.is_empty(), "{}", entry.name);
        for settings in kinds {
            let asked = subjects.iter().any(|one| one.entry.name == entry.name && one.settings == settings);
            assert!(asked, "{} {settings} fits none of the laws' data", entry.name);
        }
    }
}

#[test]
fn a_binary_density_refuses_grey_data_with_advice() {
    let grey = data::DataShape { support: Support::Levels(17), ..binary().shape };
    for name in ["independent", "full_table", "chain_table", "markov", "nade", "vae"] {
        let entry = *zoo::built_in().find(name).expect("registered");
        let problem = (entry.check)(&(entry.tiny)()[0], &grey).expect_err(name);
        assert!(problem.help.is_some_and(|help| help.contains("data.binarize")), "{name}");
    }
}
