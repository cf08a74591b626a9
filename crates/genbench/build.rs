//! Sets `GENBENCH_GIT` to the version with the git commit, if the package is built in its own repository.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let Some(repository) = repository() else { return };
    let git = repository.join(".git");
    // In a linked worktree `.git` is a file, so these files do not exist there.
    for file in ["HEAD", "logs/HEAD"].map(|file| git.join(file)).iter().filter(|file| file.exists()) {
        println!("cargo::rerun-if-changed={}", file.display());
    }
    let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    if let Some(commit) = git_output(&repository, &["rev-parse", "--short=12", "HEAD"]) {
        println!("cargo::rustc-env=GENBENCH_GIT={version} ({commit})");
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
fn git_output(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").current_dir(folder).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
