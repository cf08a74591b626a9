//! The first file of a pack: what it holds, and with which settings it was made.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::PackOptions;
use super::contents::Contents;
use super::part::Part;

/// Version of the format that this program writes. It reads this version and all before.
pub const FORMAT: u32 = 1;
/// Name of the manifest in the archive.
pub(super) const MANIFEST: &str = "manifest.json";

/// Content of `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the format: [`FORMAT`].
    pub format: u32,
    /// Name of the grid, which is the folder of its results.
    pub grid: String,
    /// Version and git commit of the program that wrote the pack. Outcomes record those that trained.
    pub genbench: String,
    /// Number of planned trials.
    pub planned: usize,
    /// Number of trials in the pack: those with an outcome.
    pub trials: usize,
    /// Largest number of points of a curve.
    pub points: usize,
    /// Parts that were left out.
    pub without: Vec<Part>,
    /// All other files, in order.
    pub files: Vec<PackedFile>,
}

/// A file of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackedFile {
    /// Path below the folder of the grid, with `/`.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the content, as hexadecimal digits.
    pub sha256: String,
}

impl Manifest {
    /// Lists the files of a pack.
    pub(super) fn of(contents: &Contents, options: &PackOptions) -> Self {
        let file = |(path, bytes): &(String, Vec<u8>)| PackedFile {
            path: path.clone(),
            bytes: bytes.len() as u64,
            sha256: sha256(bytes),
        };
        let without = Part::OPTIONAL.into_iter().filter(|part| options.without.contains(part)).collect();
        Self {
            format: FORMAT,
            grid: contents.grid.clone(),
            genbench: options.genbench.clone(),
            planned: contents.planned,
            trials: contents.trials,
            points: options.points,
            without,
            files: contents.files.iter().map(file).collect(),
        }
    }
}

/// SHA-256 as hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
