//! Sets `GENBENCH_CODE_HASH` to a hash of this package's sources, without comments, blank lines and tests.
//!
//! Equal in the packages `data`, `nn`, `engine` and `zoo`; a test of the workspace compares the copies.

use std::path::{Path, PathBuf};
use std::{fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src");
    let mut files = Vec::new();
    collect(Path::new("src"), &mut files)?;
    files.sort();
    let mut hash = Fnv::default();
    for path in files {
        hash.add(&path.to_string_lossy().replace('\\', "/"));
        code(&fs::read_to_string(&path)?).for_each(|line| hash.add(line));
    }
    println!("cargo::rustc-env=GENBENCH_CODE_HASH={:032x}", hash.0);
    Ok(())
}

/// Collects the source files that are not tests.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if name == "tests" || name.ends_with("_tests") {
            continue;
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// The lines of a file that can change a figure. Clippy allows no code after a module of tests.
fn code(text: &str) -> impl Iterator<Item = &str> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with("//")).collect();
    let tests = lines.windows(2).position(|pair| pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod "));
    let inline = tests.filter(|at| lines[at + 1].ends_with('{'));
    lines.into_iter().take(inline.unwrap_or(usize::MAX))
}

/// FNV-1a with 128 bits, over lines.
struct Fnv(u128);

impl Default for Fnv {
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Fnv {
    fn add(&mut self, line: &str) {
        for byte in line.bytes().chain([b'\n']) {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
}
