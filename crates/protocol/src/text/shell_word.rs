//! Words of a shell.

/// A word of a POSIX shell, in quotes if it needs them.
///
/// ```
/// assert_eq!(protocol::text::shell_word("a/b.yaml"), "a/b.yaml");
/// assert_eq!(protocol::text::shell_word("it's"), r"'it'\''s'");
/// ```
#[must_use]
pub fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:+@,%".contains(c);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        let words = ["nade", "nade hidden=5", "it's", "", "$x"];
        assert_eq!(words.map(shell_word), ["nade", "'nade hidden=5'", r"'it'\''s'", "''", "'$x'"]);
    }
}
