//! Packs: the records of a grid in one file, from which tables, report and gate are made again without training.
//!
//! A pack is a gzip'd tar archive (`docs/packs.md`). Its first file lists the others with their sizes and hashes. The other
//! files are those of the results folder, without checkpoints, logs and lock files. Two packs of the same results are equal
//! byte for byte.

mod anonymise;
mod archive;
mod contents;
mod entry_path;
mod error;
mod install;
mod manifest;
mod part;
#[cfg(test)]
mod tests;
mod thin;
mod unpack;

use std::path::Path;

use protocol::GridDir;

pub use error::PackError;
pub use manifest::{FORMAT, Manifest, PackedFile};
pub use part::Part;
pub use unpack::{UnpackOptions, Unpacked, unpack};

/// Extension of the file of a pack.
pub const EXTENSION: &str = "genbench";

/// Settings of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackOptions {
    /// Version and git commit of the program, recorded in the pack.
    pub genbench: String,
    /// Largest number of points of a learning curve; longer curves keep evenly spaced points.
    pub points: usize,
    /// Parts to leave out.
    pub without: Vec<Part>,
    /// `true` to keep host names; otherwise machines are numbered.
    pub host_names: bool,
    /// `true` to keep absolute paths; otherwise their last component remains.
    pub paths: bool,
    /// Largest size of the file, in bytes.
    pub max_size: u64,
}

impl Default for PackOptions {
    fn default() -> Self {
        Self {
            genbench: String::new(),
            points: 200,
            without: Vec::new(),
            host_names: false,
            paths: false,
            max_size: 4 << 20,
        }
    }
}

/// A pack in memory.
#[derive(Clone, Debug)]
pub struct Pack {
    /// List of its files.
    pub manifest: Manifest,
    /// Content of the file.
    pub bytes: Vec<u8>,
}

/// Packs the results of a grid. Trials without an outcome are left out: they count as not run.
///
/// # Errors
/// No trial has an outcome; a record cannot be read; the pack would be larger than the limit; or a path cannot be
/// shortened because the identity or the label of a trial contains it.
pub fn pack(grid: &GridDir, options: &PackOptions) -> Result<Pack, PackError> {
    let contents = contents::collect(grid, options)?;
    let manifest = Manifest::of(&contents, options);
    let bytes = archive::write(&manifest, &contents.files)?;
    if bytes.len() as u64 > options.max_size {
        let sizes = archive::sizes(&contents.files)?;
        let smaller = small_enough(grid, options, &sizes)?;
        return Err(PackError::too_large(bytes.len(), options.max_size, &sizes, smaller.as_deref()));
    }
    Ok(Pack { manifest, bytes })
}

/// The parts to leave out, the largest first, so that the pack is within its limit; `None` if the records alone exceed it.
fn small_enough(
    grid: &GridDir,
    options: &PackOptions,
    sizes: &[(Part, usize)],
) -> Result<Option<Vec<Part>>, PackError> {
    let mut without = options.without.clone();
    for (part, _) in sizes.iter().filter(|(part, size)| *part != Part::Records && *size > 0) {
        without.push(*part);
        let options = PackOptions { without: without.clone(), ..options.clone() };
        let contents = contents::collect(grid, &options)?;
        if archive::write(&Manifest::of(&contents, &options), &contents.files)?.len() as u64 <= options.max_size {
            return Ok(Some(without));
        }
    }
    Ok(None)
}

/// Returns whether `path` names a pack: a file with the extension `.genbench`.
#[must_use]
pub fn is_pack(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == EXTENSION)
}
