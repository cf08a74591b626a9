//! Names of crates.

use protocol::Problem;

/// Names that a package cannot have: keywords of Rust, crates of its standard library, and the dependencies of the
/// crate that is written.
const TAKEN: &[&str] = &[
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "burn",
    "const",
    "continue",
    "core",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "genbench",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc-macro",
    "proc_macro",
    "pub",
    "ref",
    "return",
    "schemars",
    "Self",
    "self",
    "serde",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// Names of folders in which cargo keeps its own files.
const OF_CARGO: &[&str] = &["build", "deps", "examples", "incremental"];

/// Names of devices of Windows, where no file can have them.
const DEVICES: &[&str] = &["aux", "con", "nul", "prn"];

/// Most characters of a name.
const LONGEST: usize = 64;

/// Refuses a name that no package can have.
///
/// # Errors
/// The name has other characters than letters, digits, `-` and `_`, does not start with a letter, is taken, or is no name of a
/// file or folder that cargo can use.
pub(crate) fn check(name: &str) -> Result<(), Problem> {
    let refused = |message: String| Err(Problem::new("", message).help("a name such as my_models"));
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return refused(format!("`{name}` is no name of a crate: it does not start with a letter"));
    }
    if let Some(other) = name.chars().find(|c| !c.is_ascii_alphanumeric() && !"-_".contains(*c)) {
        return refused(format!("`{name}` is no name of a crate: it contains `{}`", other.escape_default()));
    }
    if name.len() > LONGEST {
        return refused(format!("`{name}` is no name of a crate: it has more than {LONGEST} characters"));
    }
    if TAKEN.contains(&name) || name.starts_with("genbench-") || name.starts_with("genbench_") {
        return refused(format!("`{name}` is the name of a Rust keyword or of another crate"));
    }
    let lower = name.to_ascii_lowercase();
    if OF_CARGO.contains(&&*lower) {
        return refused(format!("`{name}` is the name of a folder in which cargo keeps its files"));
    }
    let port = lower.strip_prefix("com").or(lower.strip_prefix("lpt"));
    if DEVICES.contains(&&*lower)
        || port.is_some_and(|port| port.len() == 1 && port.chars().all(|c| c.is_ascii_digit()))
    {
        return refused(format!("`{name}` is the name of a device on Windows"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_crates_pass() {
        for name in ["flows", "my_models", "Rust-models2", "compare", "com10", "builder", "self_made"] {
            assert_eq!(check(name), Ok(()));
        }
    }

    #[test]
    fn other_names_are_refused_with_the_reason() {
        let long = "a".repeat(LONGEST + 1);
        for (name, reason) in [
            ("", "does not start with a letter"),
            ("2d", "does not start with a letter"),
            ("../up", "does not start with a letter"),
            ("a/b", "contains `/`"),
            ("a b", "contains ` `"),
            ("größe", "contains `\\u{f6}`"),
            (&long, "more than 64"),
            ("match", "keyword"),
            ("serde", "another crate"),
            ("genbench-zoo", "another crate"),
            ("burn", "another crate"),
            ("Self", "keyword"),
            ("build", "cargo keeps its files"),
            ("Deps", "cargo keeps its files"),
            ("con", "device on Windows"),
            ("LPT1", "device on Windows"),
        ] {
            let problem = check(name).expect_err(name);
            assert!(problem.message.contains(reason), "{problem}");
        }
    }
}
