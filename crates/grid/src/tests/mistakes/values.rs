//! Values as people write them: the message says what to write instead.

use super::grid;
use crate::tests::{messages, planned};

/// The message for `steps: VALUE`.
fn steps(value: &str) -> String {
    messages(&format!("name: g\ndata: digits\nvariants:\n  - model: nade\n    train:\n      steps: {value}\n"))
}

#[test]
fn numbers_that_yaml_reads_as_something_else() {
    for (value, advice) in [
        ("1e3", "write `1000`"),
        ("1000.0", "write `1000`"),
        ("1_000", "write `1000`"),
        ("1,000", "write `1000`"),
        ("017", "write `17`"),
        ("0b11", "write `3`"),
        ("0B11", "write `3`"),
        ("0X1f", "write `31`"),
        ("0O17", "write `15`"),
        ("+0x1F", "write `31`"),
        ("&anchor 0b11", "write `3`"),
        ("!!int 0b11", "write `3`"),
        ("1:30", "write `90`"),
        ("'7'", "write `7` without quotes"),
    ] {
        let message = steps(value);
        assert!(message.contains("g.yaml:6:") && message.ends_with(&format!("= help: {advice}")), "{message}");
    }
    for none in ["many", "2001-01-01", "-5", "yes"] {
        assert!(steps(none).starts_with("error") || steps(none).contains("\nerror: `train.steps`"), "{none}");
    }
    let trained = |value: &str| {
        planned(&format!("name: g\ndata: digits\nvariants: [{{model: nade, train: {{steps: {value}}}}}]\n")).unwrap()
    };
    for (value, steps) in [("0x1F", 31), ("0o17", 15), ("+7", 7)] {
        assert_eq!(trained(value).trials[0].train.steps, steps, "{value} is a number of YAML 1.2");
    }
    // Where text is expected, it is text.
    let text = "name: 0b11\nvariants: [{model: nade, data: {name: digits, binarize: 0b11}, train: {steps: 1}}]\n";
    let plan = planned(text).unwrap();
    assert_eq!((plan.grid.as_str(), &plan.trials[0].data.config["binarize"]), ("0b11", &"0b11".into()));
    assert!(steps(".inf").contains("`.inf` is not a finite number"), "{}", steps(".inf"));
}

#[test]
fn text_that_yaml_reads_as_something_else() {
    let variants = "variants: [{model: nade, data: digits, train: {steps: 1}}]\n";
    for (line, place, message, help) in [
        ("name: 2024", "1:7", "`name` takes text, not a whole number", "put it in quotes: `name: \"2024\"`"),
        ("name: 1.50", "1:7", "`name` takes text, not a floating-point number", "put it in quotes: `name: \"1.50\"`"),
        ("name: true", "1:7", "`name` takes text, not true or false", "put it in quotes: `name: \"true\"`"),
        ("name: ''", "1:7", "`name` is empty", "for example `name: my-text`, or remove the key"),
        ("name: g\nabout: '  '", "2:8", "`about` is empty", "remove the key"),
        ("name: g\ndevice: [1]", "2:9", "`device` takes text, not a list", "for example `device: auto`"),
    ] {
        let found = messages(&format!("{line}\n{variants}"));
        assert!(found.contains(&format!("error: {message}\n --> g.yaml:{place}")) && found.contains(help), "{found}");
    }
    let label = messages(&grid("variants: [{label: '', model: nade}]\n"));
    assert!(label.contains("error: `label` is empty"), "{label}");
    let binarize = messages(&grid("variants: [{model: nade, data: {binarize: 3}}]\n"));
    assert!(binarize.contains("expected text, found `3`") && binarize.contains("put it in quotes"), "{binarize}");
}

#[test]
fn seeds_as_people_write_them() {
    let seeds = |seeds: &str| messages(&format!("seeds: {seeds}\n{}", grid("variants: [{model: nade}]\n")));
    for (written, help) in [
        ("1e1", "for example `seeds: 10`"),
        ("'3'", "for example `seeds: 3`"),
        ("[1.0, 2]", "write `1`"),
        ("['3']", "write `3`"),
        ("[-1]", "allowed: 0 to"),
        ("[many]", "for example `[0, 1, 2]`"),
        ("many", "for example `seeds: 3`"),
        ("~", "for example `seeds: 3`"),
    ] {
        assert!(seeds(written).contains(&format!("help: {help}")), "{}", seeds(written));
    }
}

#[test]
fn numbers_of_seeds_and_margins() {
    let grid = |line: &str| messages(&format!("{line}\n{}", grid("variants: [{model: nade}]\n")));
    for (line, message, help) in [
        ("seeds: {until_decided: {cap: 1e1}}", "must be a number of seeds", "write `10`; allowed: 2 to"),
        ("seeds: {until_decided: {cap: 1}}", "a cap of 1 seeds is out of range", "help: allowed: 2 to"),
        ("seeds: {until_decided: {cap: 9, interim: ['4']}}", "must be a number of seeds", "write `4`"),
        (
            "seeds: {until_decided: {cap: 2, any_time: true}}",
            "a cap of 2 seeds is too small",
            "allowed with `any_time`: 3",
        ),
        ("seeds: {until_decided: {cap: 9, any_time: 1}}", "takes true or false", "for example `any_time: true`"),
        (
            "seeds: {until_decided: {cap: 9, any_time: true, interim: [4]}}",
            "`interim` conflicts with `any_time: true`",
            "remove `interim` or `any_time`",
        ),
        ("compare: {margin: {nll: '0,1'}}", "`nll` takes a number above 0", "for example `nll: 0.1`"),
        ("compare: {baseline: 3}", "must be the label of a variant", "put it in quotes: `\"3\"`"),
    ] {
        let found = grid(line);
        assert!(found.contains(message) && found.contains(help), "{found}");
    }
}

#[test]
fn documents_and_keys() {
    let text = grid("variants: [{model: nade}]\n");
    assert!(planned(&format!("---\n{text}...\n")).is_ok());
    let two = messages(&format!("{text}---\n{text}"));
    assert!(two.contains("a second document starts here") && two.contains("g.yaml:6:1"), "{two}");
    assert!(messages(&format!("{text}? [a]\n: 3\n")).contains("a key must be text"));
    assert!(messages(&format!("{text}null: 3\n")).contains("a key must be text, not nothing"));
}

#[test]
fn the_rest_of_a_file_is_not_checked_after_a_mistake_of_the_syntax() {
    let unchecked = |text: &str| messages(text).contains("the lines below are not checked yet");
    for mistake in ["data: digits: more\n", "data: ]\n", "---\n", "\tdata: digits\n", "null: 3\n"] {
        assert!(unchecked(&format!("name: g\n{mistake}variants: [{{model: naed}}]\nseeds: 3\n")), "{mistake}");
    }
    let last = messages("name: g\nvariants: [{model: nade}]\ndata: digits: more\n\n");
    assert!(last.starts_with("error: ") && !last.contains("not checked"), "{last}");
    assert!(!unchecked(&grid("variants: [{model: naed}]\nseeds: []\n")), "mistakes in values do not end the reading");
}

#[test]
fn a_setting_without_a_value_is_warned_of() {
    let warnings = |steps: &str| {
        let text =
            format!("name: g\ndata: digits\ntrain:\n  epochs: 1\n  batch_size:{steps}\nvariants: [{{model: nade}}]\n");
        crate::parse::parse("g.yaml", &text).unwrap().warnings().to_string()
    };
    insta::assert_snapshot!(warnings(""), @r"
        warning: `batch_size` has no value and counts as not set
         --> g.yaml:5:3
          |
        5 |   batch_size:
          |   ^^^^^^^^^^
          |
          = help: write a value, or remove the key; `null` says that no value is meant
        ");
    assert_eq!((warnings(" null"), warnings(" ~"), warnings(" 3")), Default::default());
}

#[test]
fn a_tab_is_reported_where_it_is() {
    for (text, place) in [
        ("name: g\nvariants:\n\t- model: nade\n", "3:1"),
        ("name: g\nvariants:\n  - model: nade\n\ttrain: {steps: 1}\n", "4:1"),
        ("name: g\nvariants:\n  - model: nade\n\n  \ttrain: {steps: 1}\n", "5:3"),
        ("name: g\ntrain:\n\tsteps: 5\n", "3:1"),
    ] {
        let found = messages(text);
        assert!(found.starts_with(&format!("error: a tab indents this line\n --> g.yaml:{place}")), "{found}");
    }
    assert!(
        planned(&grid("variants:\n  - model:\tnade\n    label:\ta\tb\n"))
            .is_err_and(|found| found.to_string().contains("control"))
    );
}
