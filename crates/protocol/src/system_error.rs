//! Errors of the operating system in words, without their number.

use std::fmt::Display;
use std::io::{self, ErrorKind};

/// Text before and after the number of an error.
const BEFORE: &str = " (os error ";
const AFTER: char = ')';

/// Messages for a folder that cannot be written, by [`worded`] and by the system itself. They are compared as text,
/// because they arrive through the stderr of a worker and through errors of libraries.
pub const DISK_FULL_MESSAGES: [&str; 6] = [
    "no space left on the disk",
    "the disk quota is used up",
    "the file system is read-only",
    "No space left on device",
    "Disk quota exceeded",
    "Read-only file system",
];

/// The message of an error, in which each error of the operating system, such as `No such file or directory (os error 2)`,
/// is replaced by words for users: `no such file or folder`.
#[must_use]
pub fn worded(error: impl Display) -> String {
    let text = error.to_string();
    let (mut out, mut rest) = (String::new(), text.as_str());
    while let Some((before, after)) = rest.split_once(BEFORE) {
        let number = after.split(AFTER).next().and_then(|number| number.parse::<i32>().ok());
        let Some(number) = number else {
            out += before;
            out += BEFORE;
            rest = after;
            continue;
        };
        let original = io::Error::from_raw_os_error(number);
        let own = original.to_string();
        let own = own.split(BEFORE).next().unwrap_or_default();
        match before.strip_suffix(own) {
            Some(before) => out += &format!("{before}{}", words(original.kind(), own)),
            None => out += before,
        }
        rest = after.split_once(AFTER).map_or("", |(_, rest)| rest);
    }
    out + rest
}

/// Words for a kind of error; `own` are those of the system.
fn words(kind: ErrorKind, own: &str) -> String {
    let words = match kind {
        ErrorKind::NotFound => "no such file or folder",
        ErrorKind::PermissionDenied => "permission denied",
        ErrorKind::AlreadyExists => "exists already",
        ErrorKind::IsADirectory => "is a folder, not a file",
        ErrorKind::NotADirectory => "a part of the path is a file, not a folder",
        ErrorKind::DirectoryNotEmpty => "the folder is not empty",
        ErrorKind::StorageFull => DISK_FULL_MESSAGES[0],
        ErrorKind::QuotaExceeded => DISK_FULL_MESSAGES[1],
        ErrorKind::ReadOnlyFilesystem => DISK_FULL_MESSAGES[2],
        ErrorKind::InvalidFilename => "the name is too long for a file",
        _ => {
            let mut letters = own.chars();
            return letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect());
        }
    };
    words.to_owned()
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn errors_of_the_system_have_words_and_no_number() {
        for (number, expected) in [
            (2, "no such file or folder"),
            (13, "permission denied"),
            (17, "exists already"),
            (20, "a part of the path is a file, not a folder"),
            (21, "is a folder, not a file"),
            (28, "no space left on the disk"),
            (30, "the file system is read-only"),
            (32, "broken pipe"),
            (36, "the name is too long for a file"),
            (122, "the disk quota is used up"),
        ] {
            let error = io::Error::from_raw_os_error(number);
            assert_eq!(worded(&error), expected);
            assert_eq!(worded(format!("x/y: {error}; and {error}.")), format!("x/y: {expected}; and {expected}."));
        }
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(worded(fs::read(folder.path()).unwrap_err()), "is a folder, not a file");
        assert_eq!(worded(fs::read(folder.path().join("x")).unwrap_err()), "no such file or folder");
    }

    #[test]
    fn other_texts_stay() {
        for text in ["", "invalid type: string", "no (os error x) here", "ends in (os error "] {
            assert_eq!(worded(text), text);
        }
        assert_eq!(worded("some words of a library (os error 2)"), "some words of a library");
        assert_eq!(worded(io::Error::new(ErrorKind::NotFound, "the folder has no file")), "the folder has no file");
    }

    #[test]
    fn words_of_a_full_disk_are_among_its_messages() {
        for number in [28, 30, 122] {
            let error = io::Error::from_raw_os_error(number);
            for text in [worded(&error), error.to_string()] {
                assert!(DISK_FULL_MESSAGES.iter().any(|words| text.contains(words)), "{text}");
            }
        }
    }
}
