//! Name of a run's folder, which TensorBoard shows as the name of the run.

use protocol::Trial;

/// Longest label in bytes. File systems allow 255 bytes for a name; seed and id follow.
const LONGEST: usize = 160;
/// Names that Windows reserves, also with an extension.
const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Folder of a trial's run: label, seed and id. The id makes it unique, also if labels are cut, differ only in
/// replaced characters, or differ only in case.
pub(super) fn run_name(trial: &Trial) -> String {
    format!("{} seed_{} {}", safe(&trial.variant), trial.seed, trial.id())
}

/// A label without characters that file systems refuse, cut between two characters.
fn safe(label: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || " =._-+,()".contains(c) { c } else { '_' };
    let mut name = String::new();
    for character in label.chars().map(kept) {
        if name.len() + character.len_utf8() > LONGEST {
            break;
        }
        name.push(character);
    }
    let stem = name.split('.').next().unwrap_or_default().trim().to_ascii_lowercase();
    let port = ["com", "lpt"].iter().any(|port| stem.strip_prefix(port).is_some_and(|number| number.len() == 1));
    // A leading dash is an option to most commands.
    if name.starts_with(['.', ' ', '-']) || port || RESERVED.contains(&stem.as_str()) {
        format!("_{name}")
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use protocol::fixtures;

    use super::*;

    fn named(label: &str, seed: u64) -> String {
        run_name(&Trial { variant: label.to_owned(), ..fixtures::trial("nade", seed) })
    }

    #[test]
    fn names_are_short_readable_and_unique() {
        let long = "x".repeat(300);
        let labels = [
            "nade hidden=100",
            "a/b:c",
            "混合模型 潜在=16",
            "모델",
            "CON",
            "nul.txt",
            "com1",
            "..",
            "-rf",
            "a.",
            long.as_str(),
        ];
        for label in labels {
            let name = named(label, 0);
            assert!(name.len() <= 255 && !name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|']), "{name}");
            assert!(!name.starts_with(['.', '-', ' ']) && !name.ends_with(['.', ' ']), "{name}");
        }
        assert!(named("混合模型 潜在=16", 0).starts_with("混合模型 潜在=16 seed_0 "));
        for reserved in ["CON", "nul.txt", "com1", "Aux"] {
            assert!(named(reserved, 0).starts_with('_'), "{reserved}");
        }
        assert!(named(&"형".repeat(200), 0).len() <= 255, "bytes, not characters");
    }

    #[test]
    fn trials_of_similar_labels_have_different_names() {
        let long = "y".repeat(200);
        let labels = ["a/b", "a:b", "A_B", "a_b", &format!("{long}1"), &format!("{long}2")];
        let trial = |(seed, label): (usize, &&str)| named(label, seed as u64).to_lowercase();
        let names: HashSet<String> = labels.iter().enumerate().map(trial).collect();
        assert_eq!(names.len(), labels.len());
    }
}
