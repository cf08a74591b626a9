//! Text that leaves this machine: without absolute paths of it.

/// Folders at the root of a file system. A single other word after a slash is no path: `images /s`.
const ROOTS: [&str; 14] =
    ["bin", "data", "etc", "home", "lib", "media", "mnt", "opt", "root", "scratch", "srv", "tmp", "usr", "var"];

/// Replaces every absolute path in a text by its last component, as in `…/mnist`. Labels, tables, reports, packs and
/// exports use it, because others read them: a path of this machine tells them nothing, or too much.
#[must_use]
pub fn portable(text: &str) -> String {
    portable_tail(text, 1)
}

/// Replaces every absolute path in a text by its last `kept` components, as in `…/data/mnist`.
#[must_use]
pub fn portable_tail(text: &str, kept: usize) -> String {
    let (mut short, mut copied, mut at) = (String::new(), 0, 0);
    while let Some(start) = text[at..].find(['/', '\\']).map(|found| start_of_path(text, at + found)) {
        // The colon of a drive does not end its path.
        let root = if text[start..].starts_with(['/', '\\']) { 1 } else { 3 };
        let rest = &text[start + root..];
        let end = start + root + rest.find(ends_a_path).unwrap_or(rest.len());
        at = end.max(start + 1);
        if let Some(parts) = absolute(text, start, end) {
            let tail = &parts[parts.len().saturating_sub(kept.max(1))..];
            short += &format!("{}…/{}", &text[copied..start], tail.join("/"));
            copied = end;
        }
    }
    short + &text[copied..]
}

/// Start of the path whose first slash is at `slash`: the letter of the drive in `C:\`, unless it ends another path.
fn start_of_path(text: &str, slash: usize) -> usize {
    let drive = slash >= 2 && text[..slash].ends_with(':') && text.as_bytes()[slash - 2].is_ascii_alphabetic();
    let is_drive = drive && text[slash..].starts_with('\\') && !text[..slash - 2].ends_with(['/', '\\']);
    if is_drive { slash - 2 } else { slash }
}

/// Components of the absolute path in a range of a text; `None` if there is something else, such as `//host/file` after
/// `https:`, a fraction or a relative path.
fn absolute(text: &str, start: usize, end: usize) -> Option<Vec<&str>> {
    let (before, path) = (text[..start].chars().next_back(), &text[start..end]);
    let is_url = before == Some(':') && path.starts_with("//") && !path.starts_with("///");
    if is_url || before.is_some_and(continues_a_word) {
        return None;
    }
    let (is_drive, path) = match path.get(1..3) == Some(":\\") {
        true => (true, &path[3..]),
        false => (false, path),
    };
    if !is_drive && path.starts_with('\\') {
        return None;
    }
    let parts: Vec<&str> = path.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
    let is_path = parts.len() > 1 || parts.first().is_some_and(|part| is_drive || ROOTS.contains(part));
    is_path.then_some(parts)
}

fn ends_a_path(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '"' | '\'' | '`' | ',' | ';' | ':' | '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '|')
}

/// Returns whether a slash after this character belongs to a word, a relative path or a fraction.
fn continues_a_word(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '.' | '…' | '_' | '-' | '~' | '$' | ')' | ']' | '}' | '%' | '*' | '+' | '^' | '<' | '\\')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn absolute_paths_are_cut_to_their_last_component() {
        for (text, expected) in [
            ("/home/me/mnist", "…/mnist"),
            ("/home/me/mnist/", "…/mnist"),
            ("/Users/josé/zahlen", "…/zahlen"),
            ("/tmp", "…/tmp"),
            ("//home/me/x", "…/x"),
            ("C:\\Users\\me\\mnist", "…/mnist"),
            ("in C:\\mnist, 28x28", "in …/mnist, 28x28"),
            ("file:///home/me/x", "file:…/x"),
            ("path: /tmp", "path: …/tmp"),
            ("path=/data/x", "path=…/x"),
            ("[/a/b, \"/c/d\"]", "[…/b, \"…/d\"]"),
            ("first /a/b\nthen /c/d", "first …/b\nthen …/d"),
            ("/home/me/data/t10k.gz: no such file or folder", "…/t10k.gz: no such file or folder"),
            ("panicked at '/root/.cargo/registry/src/burn-0.22.1/lib.rs:10:5'", "panicked at '…/lib.rs:10:5'"),
            ("panicked at /root/.cargo/registry/src/x/lib.rs:7:1: (/a/b)", "panicked at …/lib.rs:7:1: (…/b)"),
            (
                "/build/target/release/genbench run grid.yaml --results=/tmp/x/out",
                "…/genbench run grid.yaml --results=…/out",
            ),
        ] {
            assert_eq!(portable(text), expected, "{text}");
        }
    }

    #[test]
    fn other_texts_stay() {
        for text in [
            "",
            "/",
            "\\",
            "1/2",
            "images/s",
            "images / s",
            "images /s",
            "images/s / epoch",
            "cache:mnist",
            "../data/mnist",
            "./data/mnist",
            "data/mnist",
            "data\\mnist",
            "~/data/mnist",
            "$HOME/data/mnist",
            "…/data/mnist",
            "a \\n b",
            "/a:\\…",
            "https://example.org/data/mnist",
            "https://example.org/a/b and 3/4, a/b",
            "p_d / (p_d + p_g)",
            "31 / 8,000 = 0.0039",
            "(a + b)/c/d",
            "</p>",
        ] {
            assert_eq!(portable(text), text);
        }
    }

    #[test]
    fn more_components_are_kept_on_request() {
        assert_eq!(portable_tail("/home/me/mnist", 2), "…/me/mnist");
        assert_eq!(portable_tail("at C:\\Users\\me\\mnist", 2), "at …/me/mnist");
        assert_eq!(portable_tail("/home/me/mnist", 9), "…/home/me/mnist");
    }

    proptest! {
        #[test]
        fn the_result_has_no_path_and_stays_as_it_is(
            text in "[ab/:. \\\\\"~(\n…]{0,30}", before in "[ \"'(\n\\[]", name in "[a-z]{1,4}",
        ) {
            let short = portable(&format!("{text}{before}/home/me/{name}"));
            prop_assert!(short.ends_with(&format!("{before}…/{name}")), "{:?} from {:?}", short, text);
            prop_assert_eq!(portable(&short), short.clone(), "{:?}", short);
        }
    }
}
