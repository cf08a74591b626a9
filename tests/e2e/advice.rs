//! Executes the advice of every error and warning: the cases of `tests/advice/`, by the file that makes the advice.
//!
//! A case has the advice with named holes, an input that causes it, and in `try` what the advice says. For a grid these are
//! edits `FROM -> TO`, after which `plan` succeeds without the advice; for a command, shell lines that succeed. A hole
//! `{name}` is filled with the printed text, `{name*}` with each item of a printed list, one after the other.

pub(crate) mod fixtures;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;
use serde::Deserialize;

use crate::bench::{Bench, CommandOutput, command_output, read};

/// One piece of advice, with an input that causes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Case {
    /// The printed text with holes.
    advice: String,
    /// The reason why it cannot be executed here.
    not_run: Option<String>,
    /// Shell lines that prepare the folder.
    setup: Option<String>,
    /// A whole grid, or parts of the grid below.
    grid: Option<String>,
    data: Option<String>,
    train: Option<String>,
    measure: Option<String>,
    variant: Option<String>,
    /// Further lines at the top level of the grid.
    top: Option<String>,
    /// The command, in place of `genbench plan grid.yaml`.
    sh: Option<String>,
    r#try: Vec<String>,
}

impl Case {
    fn grid(&self) -> String {
        let part = |given: &Option<String>, default: &str| given.clone().unwrap_or_else(|| default.to_owned());
        self.grid.clone().unwrap_or_else(|| {
            format!(
                "name: small\ndevice: flex\nseeds: [0]\n{}data: {}\ntrain: {}\nmeasure: {}\nvariants:\n  - {}\n",
                self.top.as_deref().unwrap_or_default(),
                part(&self.data, "{name: digits, binarize: threshold}"),
                part(&self.train, "{steps: 1, batch_size: 8}"),
                part(&self.measure, "[parameters]"),
                part(&self.variant, "model: independent"),
            )
        })
    }

    /// A folder with the grid, after `setup`.
    fn bench(&self) -> Result<Bench, String> {
        let bench = Bench::with(&self.grid());
        fixtures::write(&bench.path("fixtures"));
        let output = self.setup.as_ref().map(|setup| shell(&bench, setup));
        match output.filter(|output| output.code != 0) {
            Some(output) => Err(format!("`setup` fails:\n{}", text(&output))),
            None => Ok(bench),
        }
    }

    fn command(&self) -> &str {
        self.sh.as_deref().unwrap_or("genbench plan grid.yaml")
    }

    /// Pattern of the advice. A hole ends where the text after it begins, at the end of the line at the latest.
    fn pattern(&self) -> Regex {
        let mut pattern = String::new();
        let mut rest = self.advice.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            let (before, brace) = rest.split_at(at);
            pattern += &regex::escape(before);
            let doubled = brace.starts_with("{{") || brace.starts_with("}}");
            if doubled {
                // Two braces in the source; one, if it is a format string.
                pattern += &format!(r"\{}+", &brace[..1]);
                rest = &brace[2..];
            } else {
                let (name, after) = brace[1..].split_once('}').expect("a closed hole");
                let is_hole = name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
                let (end, whole) = (if after.is_empty() { "" } else { "?" }, &brace[..name.len() + 2]);
                pattern += &if is_hole { format!("(?<{name}>.*{end})") } else { regex::escape(whole) };
                rest = after;
            }
        }
        Regex::new(&(pattern + &regex::escape(rest))).expect("a pattern")
    }

    /// What the printed advice says to try. A list in the advice gives one attempt per item.
    fn attempts(&self, printed: &str) -> Result<Vec<String>, String> {
        let pattern = self.pattern();
        let advice = help(printed);
        let found = pattern.captures(&advice).or_else(|| pattern.captures(printed));
        let found = found.ok_or_else(|| format!("not printed by `{}`:\n{printed}", self.command()))?;
        let mut attempts = Vec::new();
        for attempt in &self.r#try {
            let names = pattern.capture_names().flatten();
            let whole = names.clone().fold(attempt.clone(), |text, name| {
                text.replace(&format!("{{{name}}}"), self.in_quotes(name, &found[name]))
            });
            match names.into_iter().find(|name| whole.contains(&format!("{{{name}*}}"))) {
                None => attempts.push(whole),
                Some(list) => {
                    let filled = |item: &str| whole.replace(&format!("{{{list}*}}"), item.trim_matches('`'));
                    attempts.extend(items(&found[list]).into_iter().map(filled));
                }
            }
        }
        Ok(attempts)
    }

    /// The text of a hole; at an end of the advice, without what is outside of its quotes: `seeds: 3` in "for example `seeds: 3`".
    fn in_quotes<'t>(&self, name: &str, text: &'t str) -> &'t str {
        let hole = format!("{{{name}}}");
        match text.matches('`').count() % 2 == 1 {
            true if self.advice.ends_with(&hole) => text.split('`').next().unwrap_or_default(),
            true if self.advice.starts_with(&hole) => text.rsplit('`').next().unwrap_or_default(),
            _ => text,
        }
    }

    /// Causes the advice and does what it says.
    fn check(&self) -> Result<(), String> {
        let bench = self.bench()?;
        let output = shell(&bench, self.command());
        let attempts = self.attempts(&text(&output))?;
        if attempts.is_empty() {
            return Err("there is nothing to try".to_owned());
        }
        attempts.iter().try_for_each(|attempt| self.execute(attempt, &folder(&bench)))
    }

    /// Does what the advice says in a folder of its own. `first` is the folder in which the advice was printed.
    fn execute(&self, attempt: &str, first: &str) -> Result<(), String> {
        let bench = self.bench()?;
        let attempt = &attempt.replace(first, &folder(&bench));
        let output = match attempt.split_once(" -> ") {
            Some((from, to)) if self.sh.is_none() => {
                let path = bench.path("grid.yaml");
                let grid = read(&path);
                if grid.matches(from).count() != 1 {
                    return Err(format!("`{from}` is not in the grid once:\n{grid}"));
                }
                std::fs::write(path, grid.replace(from, to)).expect("written");
                shell(&bench, self.command())
            }
            _ => shell(&bench, attempt),
        };
        let printed = text(&output);
        match output.code == 0 && !self.pattern().is_match(&help(&printed)) {
            true => Ok(()),
            false => Err(format!("`{attempt}` does not help, exit code {}:\n{printed}", output.code)),
        }
    }
}

/// The lines of help in an output.
fn help(printed: &str) -> String {
    let lines = printed.lines().filter_map(|line| line.split_once("help: ")).map(|(_, help)| help);
    lines.collect::<Vec<_>>().join("\n")
}

/// Path of the folder of `bench` in messages.
fn folder(bench: &Bench) -> String {
    bench.path("").canonicalize().expect("a folder").display().to_string()
}

/// Items of a printed list or range: `a, b or c`, `1 to 3`.
fn items(list: &str) -> Vec<&str> {
    let list = list.split("; ").next().unwrap_or_default();
    list.split(", ")
        .flat_map(|part| part.split(" or "))
        .flat_map(|part| part.split(" and "))
        .flat_map(|part| part.split(" to "))
        .map(str::trim)
        .collect()
}

fn text(output: &CommandOutput) -> String {
    format!("{}{}", output.out, output.err)
}

/// Runs shell lines in the folder of `bench`, with this program as `genbench` and a cache of its own.
fn shell(bench: &Bench, lines: &str) -> CommandOutput {
    let program = Path::new(env!("CARGO_BIN_EXE_genbench"));
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let folders =
        std::iter::once(program.parent().expect("a folder").to_owned()).chain(std::env::split_paths(&folders));
    let mut command = Command::new("sh");
    command.args(["-ec", lines]).current_dir(bench.path("")).env("NO_COLOR", "1").env_remove("RAYON_NUM_THREADS");
    command.env("PATH", std::env::join_paths(folders).expect("a path")).env("GENBENCH_CACHE", bench.path("cache"));
    command.env("CHECKOUT", Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    command_output(command.output().expect("a shell"))
}

/// Checks all cases of one table.
fn check(table: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/advice").join(table);
    let cases: BTreeMap<String, Vec<Case>> =
        toml::from_str(&read(&path)).unwrap_or_else(|error| panic!("{table}: {error}"));
    let (mut failures, mut executed) = (Vec::new(), 0);
    for (place, case) in cases.iter().flat_map(|(place, cases)| cases.iter().map(move |case| (place, case))) {
        if let Some(reason) = &case.not_run {
            assert!(
                reason.len() > 10 && case.r#try.is_empty(),
                "{place}: {}: a reason and nothing to try",
                case.advice
            );
            continue;
        }
        executed += 1;
        failures.extend(case.check().err().map(|why| format!("{place}: {}\n{why}", case.advice)));
    }
    assert!(executed > 0 && failures.is_empty(), "{} of {executed} fail\n\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn advice_about_the_grid_works() {
    check("grid.toml");
}

#[test]
fn advice_about_models_works() {
    check("models.toml");
}

#[test]
fn advice_about_data_works() {
    check("data.toml");
}

#[test]
fn advice_about_measures_works() {
    check("measures.toml");
}

#[test]
fn advice_about_commands_works() {
    check("commands.toml");
}

#[test]
fn advice_that_does_not_help_is_found() {
    let case = |attempt: &str, advice: &str| Case {
        advice: advice.to_owned(),
        variant: Some("model: {name: nade, hiden: 3}".to_owned()),
        r#try: vec![attempt.to_owned()],
        ..Case::default()
    };
    let advice = "did you mean `{near}`? Allowed: {all}";
    assert_eq!(case("hiden -> {near}", advice).check(), Ok(()));
    assert!(case("hiden -> hidde", advice).check().is_err_and(|why| why.contains("does not help")));
    assert!(case("hiden -> {near}", "did you dream `{near}`?").check().is_err_and(|why| why.contains("not printed")));
}
