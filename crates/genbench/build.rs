//! Sets `GENBENCH_GIT` to the version with the git commit, and `GENBENCH_COMMIT` and `GENBENCH_DIRTY`, if the package is
//! built in its own repository.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let Some(repository) = repository() else { return };
    watch(&repository);
    let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let Some(commit) = git(&repository, &["rev-parse", "--short=12", "HEAD"]) else { return };
    println!("cargo::rustc-env=GENBENCH_GIT={version} ({commit})");
    println!("cargo::rustc-env=GENBENCH_COMMIT={commit}");
    if let Some(changed) =
        git(&repository, &["status", "--porcelain", "--", "Cargo.*", "crates/*/Cargo.toml", "crates/*/src"])
    {
        println!("cargo::rustc-env=GENBENCH_DIRTY={}", !changed.is_empty());
    }
}

/// Runs this script again after a commit, and after a change that makes the sources differ from the commit.
fn watch(repository: &Path) {
    // In a linked worktree `.git` is a file, and the folder is elsewhere.
    let folder = git(repository, &["rev-parse", "--absolute-git-dir"]).map(PathBuf::from);
    let git_files = folder.iter().flat_map(|folder| ["HEAD", "logs/HEAD"].map(|file| folder.join(file)));
    let crates = std::fs::read_dir(repository.join("crates")).into_iter().flatten().flatten().map(|entry| entry.path());
    let sources = crates.flat_map(|path| [path.join("src"), path.join("Cargo.toml")]);
    let manifests = ["Cargo.toml", "Cargo.lock"].map(|file| repository.join(file));
    // A missing file would run this script at every build.
    for path in git_files.chain(sources).chain(manifests).filter(|path| path.exists()) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

/// Returns the root of the repository if this package is in its `crates` folder. A published package is elsewhere, in a
/// repository of another project or in none.
fn repository() -> Option<PathBuf> {
    let package = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
    let top = package.parent()?.parent()?.to_owned();
    let is_own = package.ends_with("crates/genbench") && top.join(".git").exists();
    is_own.then_some(top)
}

/// Returns the trimmed output of a git command, or `None` if it fails.
fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    // A build must not hold a lock that a commit in another terminal needs.
    let output = Command::new("git").arg("--no-optional-locks").current_dir(folder).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
