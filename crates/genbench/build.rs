//! Puts the version, the git commit (where git knows one) and the hash of Cargo.lock into the binary.

use std::process::Command;

use sha2::{Digest, Sha256};

fn main() {
    println!("cargo::rerun-if-changed=../../Cargo.lock");
    let lock = std::fs::read("../../Cargo.lock").unwrap_or_default();
    let hex: String = Sha256::digest(&lock).iter().map(|byte| format!("{byte:02x}")).collect();
    println!("cargo::rustc-env=GENBENCH_LOCK_SHA256={hex}");
    println!("cargo::rerun-if-changed=../../.git/HEAD");
    println!("cargo::rerun-if-changed=../../.git/logs/HEAD");
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    if let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) {
        println!("cargo::rustc-env=GENBENCH_GIT={version} ({commit})");
    }
}
