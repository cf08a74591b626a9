//! Hashes of whole files.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use md5::Md5;
use sha2::{Digest, Sha256};

/// What a file hashes to, in lowercase hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileHash {
    /// No defence against an attacker, but what old data sets publish; good against accidents.
    Md5(&'static str),
    /// The usual choice.
    Sha256(&'static str),
}

impl FileHash {
    /// The digits expected.
    pub(super) fn digits(self) -> &'static str {
        match self {
            Self::Md5(digits) | Self::Sha256(digits) => digits,
        }
    }

    /// The digits that the file at `path` really has, by the same method.
    pub(super) fn of_file(self, path: &Path) -> io::Result<String> {
        match self {
            Self::Md5(_) => read::<Md5>(path),
            Self::Sha256(_) => read::<Sha256>(path),
        }
    }

    /// Whether there is a file at `path` with this hash.
    pub(super) fn fits(self, path: &Path) -> io::Result<bool> {
        match self.of_file(path) {
            Ok(got) => Ok(got == self.digits()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl fmt::Display for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Md5(digits) => write!(f, "md5 {digits}"),
            Self::Sha256(digits) => write!(f, "sha256 {digits}"),
        }
    }
}

fn read<D: Digest>(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = D::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            Ok(count) => hash.update(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The test vectors for "abc" of RFC 1321 and FIPS 180-4.
    #[test]
    fn published_test_vectors() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert!(FileHash::Md5("900150983cd24fb0d6963f7d28e17f72").fits(&path).unwrap());
        assert!(FileHash::Sha256(sha256).fits(&path).unwrap());
        assert!(!FileHash::Md5("0").fits(&path).unwrap());
        assert!(!FileHash::Md5("0").fits(&folder.path().join("absent")).unwrap());
        assert!(FileHash::Md5("0").fits(folder.path()).is_err(), "a folder cannot be hashed");
    }
}
