//! Committed results, grids and documents have no absolute path of the machine that made them.

use std::fs;
use std::path::{Path, PathBuf};

use protocol::text::portable;

/// Examples in the documentation, and devices.
const ALLOWED: [&str; 5] = ["/dev/null", "/mnt/results", "/path/to/", "/usr/bin/env", DEBIAN_FASHION_MNIST];

/// Folder of Debian's package `dataset-fashion-mnist`, the same on every machine.
const DEBIAN_FASHION_MNIST: &str = "/usr/share/datasets/fashion-mnist";

/// Folder of the data in a container.
const MOUNT: &str = "/data";

/// Files below a folder, or the file itself.
fn files(path: &Path, all: &mut Vec<PathBuf>) {
    if path.is_dir() {
        fs::read_dir(path).expect("a folder").for_each(|entry| files(&entry.expect("an entry").path(), all));
    } else {
        all.push(path.to_owned());
    }
}

/// Text with its HTML entities replaced by their characters: `&#x2f;` and `&#47;` are `/`.
fn decoded(text: &str) -> String {
    let mut decoded = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        decoded.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.char_indices().take(10).find(|(_, c)| *c == ';').map(|(at, _)| at);
        let character = end.and_then(|end| {
            let number = rest[..end].strip_prefix("&#")?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        });
        match (character, end) {
            (Some(character), Some(end)) => {
                decoded.push(character);
                rest = &rest[end + 1..];
            }
            _ => {
                decoded.push('&');
                rest = &rest[1..];
            }
        }
    }
    decoded + rest
}

/// Absolute paths in a text.
fn local_paths(text: &str) -> Vec<String> {
    // In Markdown `results/<grid>/trials/` is no absolute path, and in HTML `</p>` ends an element.
    let text = decoded(text).replace(">/trials/", " ");
    let words = text.split(|c: char| c.is_whitespace() || "<>\"'`()[]{}|".contains(c));
    let local = words.filter(|word| portable(word) != *word && *word != MOUNT);
    local.filter(|word| !ALLOWED.iter().any(|allowed| word.contains(allowed))).map(str::to_owned).collect()
}

#[test]
fn committed_files_have_no_path_of_the_machine_that_made_them() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut all = Vec::new();
    for folder in ["results/reference", "docs", "experiments", "README.md", "CHANGELOG.md", "results/README.md"] {
        files(&top.join(folder), &mut all);
    }
    let texts = all.iter().filter_map(|file| Some((file, fs::read_to_string(file).ok()?)));
    let texts: Vec<_> = texts.collect();
    assert!(texts.len() > 40, "only {} texts were found", texts.len());
    let hits: Vec<String> = texts
        .iter()
        .flat_map(|(file, text)| local_paths(text).into_iter().map(|path| format!("{}: {path}", file.display())))
        .collect();
    assert!(hits.is_empty(), "remove these paths:\n{}", hits.join("\n"));
}

#[test]
fn paths_are_found_plain_and_as_entities() {
    for text in [
        "ran in /home/me/genbench",
        "<p>&#x2f;work&#x2f;target&#x2f;genbench run</p>",
        "<td>&#47;tmp&#47;x</td>",
        "{\"path\": \"/root/data/mnist\"}",
        "--results=/tmp/out/x",
        "C:\\Users\\me\\x",
    ] {
        assert_eq!(local_paths(text).len(), 1, "{text}");
    }
    for text in ["bits/dim, images/s", "https://example.org/a/b", "results/<grid>/trials/", "</p>", "a &amp; b", "1/2"]
    {
        assert_eq!(local_paths(text), [""; 0], "{text}");
    }
}
