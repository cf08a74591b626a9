//! Help of every verb: complete, with examples that parse, and free of the phrases that CONTRIBUTING.md refuses.

use clap::{Command, CommandFactory};

use super::Cli;
use crate::refused_phrases;

/// Every verb with its full name, hidden verbs included.
fn verbs() -> Vec<(String, Command)> {
    fn collect(command: &Command, path: &str, all: &mut Vec<(String, Command)>) {
        for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
            let name = format!("{path} {}", verb.get_name());
            collect(verb, &name, all);
            all.push((name, verb.clone()));
        }
    }
    let mut program = Cli::command();
    program.build();
    let mut all = vec![("genbench".to_owned(), program.clone())];
    collect(&program, "genbench", &mut all);
    all
}

fn after_help(verb: &Command) -> String {
    verb.get_after_help().map(ToString::to_string).unwrap_or_default()
}

/// The commands among the indented lines of a help text, split into words as a shell does.
fn examples(help: &str) -> Vec<Vec<String>> {
    let indented = help.lines().filter_map(|line| line.strip_prefix("  "));
    let commands = indented.filter(|line| line.starts_with("genbench "));
    // Two spaces separate a command from its explanation.
    let commands = commands.map(|line| line.split("  ").next().unwrap_or_default());
    commands.map(|line| words(line.split(" > ").next().unwrap_or_default())).collect()
}

fn words(line: &str) -> Vec<String> {
    let (mut words, mut quoted) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            other => words.last_mut().expect("at least one word").push(other),
        }
    }
    words
}

#[test]
fn a_range_of_seeds_gets_the_list_that_it_means() {
    let refused = |seeds: &str| super::grid::seed(seeds).unwrap_err();
    assert_eq!(super::grid::seed(" 7").unwrap(), 7);
    assert_eq!(refused("0..3"), "a range is not a list of seeds: write 0,1,2");
    assert_eq!(refused("0..=3"), refused("0-3"));
    assert_eq!(refused("0-3"), "a range is not a list of seeds: write 0,1,2,3");
    for none in ["", "-1", "1e1", "3..0", "a-b", "0..1000000", "0..=18446744073709551615"] {
        assert!(refused(none).ends_with("such as 0,1,2"), "{none}");
    }
}

#[test]
fn every_verb_and_option_has_a_help_text() {
    let verbs = verbs();
    assert!(verbs.len() > 20, "only {} verbs", verbs.len());
    for (name, verb) in verbs {
        assert!(verb.get_about().is_some(), "`{name}` has no help text");
        for argument in verb.get_arguments() {
            assert!(argument.get_help().is_some(), "`{}` of `{name}` has no help text", argument.get_id());
        }
    }
}

#[test]
fn every_verb_has_an_example_and_every_example_parses() {
    for (name, verb) in verbs() {
        let examples = examples(&after_help(&verb));
        assert!(!examples.is_empty(), "`{name}` has no example");
        for example in examples {
            assert!(example.join(" ").starts_with(&name), "`{name}` has an example of another verb: {example:?}");
            let parsed = Cli::command().try_get_matches_from(&example);
            assert!(parsed.is_ok(), "{example:?}: {}", parsed.unwrap_err());
        }
    }
}

#[test]
fn exit_codes_are_listed() {
    let codes = after_help(&Cli::command());
    for code in [0, 2, 3, 4, 5, 6, 70, 74, 100, 130] {
        assert!(codes.lines().any(|line| line.starts_with(&format!("{code:>5}  "))), "{code} is missing:\n{codes}");
    }
}

#[test]
fn help_is_free_of_refused_phrases() {
    let mut hits = Vec::new();
    for (name, verb) in verbs() {
        // Width 0 wraps no line, so that no phrase is split.
        let help = verb.clone().term_width(0).render_long_help().to_string();
        let summary = verb.term_width(0).render_help().to_string();
        hits.extend(refused_phrases::found(&format!("{name} --help"), &help));
        hits.extend(refused_phrases::found(&format!("{name} -h"), &summary));
    }
    assert!(hits.is_empty(), "write these another way (CONTRIBUTING.md, Style):\n{}", hits.join("\n"));
}

#[test]
fn words_are_split_as_by_a_shell() {
    let help = "Examples:\n  genbench run a.yaml --only 'nade*' 'a b'   all\n  genbench schema > x.json\nnone\n";
    let expected = [vec!["genbench", "run", "a.yaml", "--only", "nade*", "a b"], vec!["genbench", "schema"]];
    assert_eq!(examples(help), expected);
}
