//! A checkout of genbench's source.

use std::path::{Path, PathBuf};
use std::{fs, io};

use protocol::Problem;

/// Folder of genbench's source, with its manifest, its lock file and `crates/genbench`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checkout(PathBuf);

impl Checkout {
    /// The checkout at `folder`.
    ///
    /// # Errors
    /// The folder is none.
    pub(crate) fn at(folder: &Path) -> Result<Self, Problem> {
        let top = folder.canonicalize().ok().filter(|top| is_checkout(top));
        top.map(Self).ok_or_else(|| {
            let message = format!("`{}` is no checkout of genbench", folder.display());
            Problem::new("", message).help("the folder that holds crates/genbench and Cargo.lock")
        })
    }

    /// The checkout that this program was built from, if it is still there.
    pub(crate) fn of_this_build() -> Option<Self> {
        Self::at(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).ok()
    }

    /// Its folder.
    pub(crate) fn top(&self) -> &Path {
        &self.0
    }

    /// Folder of the package `genbench`.
    pub(crate) fn package(&self) -> PathBuf {
        self.0.join("crates/genbench")
    }

    /// Versions of all dependencies. Cargo removes the packages that a crate does not need, and adds the crate.
    pub(crate) fn lock_file(&self) -> io::Result<String> {
        fs::read_to_string(self.0.join("Cargo.lock"))
    }

    /// Profiles of the workspace's manifest, as text.
    pub(crate) fn profiles(&self) -> io::Result<String> {
        Ok(profiles(&fs::read_to_string(self.0.join("Cargo.toml"))?))
    }
}

fn is_checkout(top: &Path) -> bool {
    ["Cargo.toml", "Cargo.lock", "crates/genbench/Cargo.toml"].iter().all(|file| top.join(file).is_file())
}

/// The tables of a manifest whose names begin with `profile`, without comments. Those of the package `genbench` are for
/// its program alone.
fn profiles(manifest: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for line in manifest.lines().filter(|line| !line.trim_start().starts_with('#')) {
        if line.starts_with('[') {
            inside = line.starts_with("[profile.") && !line.ends_with(".package.genbench]");
            if inside {
                text.push('\n');
            }
        }
        if inside && !line.trim().is_empty() {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_taken_from_a_manifest_and_nothing_else() {
        let manifest = "[package]\nname = \"a\"\n\n[profile.release.package.genbench]\nstrip = true\n\n# Why.\n[profile.release]\nopt-level = 3\n# Why.\nstrip = true\n\n\
                        [profile.release.package.b]\nopt-level = 1\n\n[lints]\nworkspace = true\n";
        let expected =
            "\n[profile.release]\nopt-level = 3\nstrip = true\n\n[profile.release.package.b]\nopt-level = 1\n";
        assert_eq!(profiles(manifest), expected);
        assert_eq!(profiles("[package]\nname = \"a\"\n"), "");
    }

    #[test]
    fn a_folder_that_is_no_checkout_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(Checkout::at(folder.path()).expect_err("empty").message.ends_with("is no checkout of genbench"));
        assert!(Checkout::at(&folder.path().join("missing")).is_err());
    }
}
