//! Names of metrics and parameters.

use protocol::trial::digest;
use serde_json::json;

/// Longest name in characters.
pub(super) const LONGEST: usize = 250;
/// Number of digits of the hash that ends a cut name.
const HASH: usize = 16;

/// A name that MLflow accepts: ASCII letters, digits and `_-. /`, and no path that a file system would shorten, such as
/// `a//b`. Any other character is its code between colons: `psnr@2` is `psnr:40:2`. Different names stay different. A
/// long name is cut and ends with its hash.
pub(super) fn name(text: &str) -> String {
    let mut name = if text.is_empty() { "::".to_owned() } else { String::new() };
    let mut characters = text.chars().peekable();
    let mut at_start = true;
    while let Some(character) = characters.next() {
        let is_plain = match character {
            '_' | '-' | ' ' => true,
            '.' => !at_start,
            '/' => !at_start && characters.peek().is_some(),
            other => other.is_ascii_alphanumeric(),
        };
        if is_plain {
            name.push(character);
        } else {
            name += &format!(":{:x}:", u32::from(character));
        }
        at_start = is_plain && character == '/';
    }
    if name.len() > LONGEST {
        name.truncate(LONGEST - HASH - 1);
        name += &format!(":{}", &digest(&json!(text))[..HASH]);
    }
    name
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The check of MLflow's servers.
    fn is_accepted(name: &str) -> bool {
        let characters = name.chars().all(|c| c.is_ascii_alphanumeric() || "_-./: ".contains(c));
        characters && name.len() <= LONGEST && !name.split('/').any(|part| ["", ".", ".."].contains(&part))
    }

    /// The text of a name that is not cut.
    fn decoded(name: &str) -> String {
        let part = |(at, part): (usize, &str)| match at % 2 {
            0 => part.to_owned(),
            _ => u32::from_str_radix(part, 16).ok().and_then(char::from_u32).map(String::from).unwrap_or_default(),
        };
        name.split(':').enumerate().map(part).collect()
    }

    #[test]
    fn plain_names_stay() {
        for plain in ["measured/nll", "train.batch_size", "a b-c.d/e_9"] {
            assert_eq!(name(plain), plain);
        }
        assert_eq!(name("psnr@2"), "psnr:40:2");
        assert_eq!(name("../a//b/"), ":2e:./a/:2f:b:2f:");
        assert_eq!((name(""), name("a:b")), ("::".to_owned(), "a:3a:b".to_owned()));
    }

    proptest! {
        #[test]
        fn names_are_accepted_and_stay_different(text in prop_oneof![any::<String>(), "[a./:]{0,8}", "[a@]{200,300}"]) {
            let name = name(&text);
            prop_assert!(is_accepted(&name), "{name}");
            prop_assert!(name.len() == LONGEST || decoded(&name) == text, "{name}");
        }
    }

    #[test]
    fn cut_names_stay_different() {
        let long = "x".repeat(300);
        let (one, other) = (name(&long), name(&format!("{long}y")));
        assert!(one != other && is_accepted(&one) && one.len() == LONGEST, "{one}");
    }
}
