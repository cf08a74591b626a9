//! Old names of verbs and options: accepted for one version, with a warning.

use std::ffi::OsString;

use crate::output::note;

/// Old option, new option.
const OPTIONS: [(&str, &str); 1] = [("--engine", "--executor")];
/// Old verb, new verb.
const VERBS: [(&str, &str); 1] = [("court", "audit")];

/// Prints a warning for each old name in `command`, whose first two words are the program and the verb.
pub(super) fn warn(command: &[OsString]) {
    for (old, new) in in_use(command) {
        note!("warning: `{old}` was renamed to `{new}`");
    }
}

fn in_use(command: &[OsString]) -> Vec<(&'static str, &'static str)> {
    let words: Vec<_> = command.iter().filter_map(|word| word.to_str()).take_while(|word| *word != "--").collect();
    let verbs = VERBS.into_iter().filter(|(old, _)| words.get(1) == Some(old));
    let option = |word: &str| word.split('=').next().unwrap_or_default().to_owned();
    let options = OPTIONS.into_iter().filter(|(old, _)| words.iter().any(|word| option(word) == *old));
    verbs.chain(options).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_names_are_found_and_others_are_not() {
        let found = |command: &str| in_use(&command.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert_eq!(found("genbench court --seeds 0"), [("court", "audit")]);
        assert_eq!(found("genbench run x.yaml --engine slurm"), [("--engine", "--executor")]);
        assert_eq!(found("genbench run x.yaml --engine=slurm"), [("--engine", "--executor")]);
        assert_eq!(found("genbench run court --executor slurm -- --engine"), []);
    }
}
