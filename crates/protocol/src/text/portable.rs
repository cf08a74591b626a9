//! Text that leaves this machine: without absolute paths of it.

/// Replaces every absolute path in a text by its last part, as in `…/mnist`. Tables, reports and exports use it, because
/// others read them: a path of this machine tells them nothing, or too much.
#[must_use]
pub fn portable(text: &str) -> String {
    let word = |word: &str| {
        let start = word.find(|c: char| !"\"'`([{=<,;:".contains(c)).unwrap_or(word.len());
        let (before, path) = word.split_at(start);
        match path.split_once('=') {
            // `--out=/home/me/runs`
            Some((option, value)) if is_local(value) => format!("{before}{option}={}", cut(value)),
            _ if is_local(path) => format!("{before}{}", cut(path)),
            _ => word.to_owned(),
        }
    };
    text.split_inclusive([' ', '\n', '\t'])
        .map(|part| {
            let end = part.trim_end_matches([' ', '\n', '\t']).len();
            word(&part[..end]) + &part[end..]
        })
        .collect()
}

/// Returns whether a word is an absolute path with at least two parts: `/` and `/dev` say nothing about a machine.
fn is_local(word: &str) -> bool {
    let drive = word.len() > 3 && word.as_bytes()[0].is_ascii_alphabetic() && word[1..].starts_with(":\\");
    drive || (word.starts_with('/') && !word.starts_with("//") && word[1..].trim_end_matches('/').contains('/'))
}

fn cut(path: &str) -> String {
    let last = path.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
    format!("…/{last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_paths_are_cut_to_their_last_part() {
        for (text, expected) in [
            ("/home/me/mnist", "…/mnist"),
            ("/home/me/mnist/", "…/mnist"),
            ("data/mnist", "data/mnist"),
            ("C:\\Users\\me\\mnist", "…/mnist"),
            (
                "/build/target/release/genbench run grid.yaml --results=/tmp/x/out",
                "…/genbench run grid.yaml --results=…/out",
            ),
            ("panicked at /root/.cargo/registry/src/x/lib.rs:7:1: (/a/b)", "panicked at …/lib.rs:7:1: (…/b)"),
            ("https://example.org/a/b and 3/4, a/b", "https://example.org/a/b and 3/4, a/b"),
            ("images/s / epoch", "images/s / epoch"),
        ] {
            assert_eq!(portable(text), expected);
        }
    }
}
