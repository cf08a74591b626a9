//! Unpacking: every byte is checked before a folder appears.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::GzDecoder;
use protocol::{GridDir, Plan};
use serde::Deserialize;
use tar::{Archive, EntryType};

use super::entry_path::{is_allowed, is_plain};
use super::error::{PackError, human};
use super::install;
use super::manifest::{FORMAT, MANIFEST, Manifest, PackedFile, sha256};

/// Largest size of a manifest, in bytes.
const LARGEST_MANIFEST: u64 = 64 << 20;
/// Names of folders that the results folder itself keeps.
const RESERVED: [&str; 2] = ["reference", "audit"];

/// Settings of unpacking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnpackOptions {
    /// Largest size of all files together, in bytes.
    pub max_size: u64,
    /// `true` to replace other results of a grid of the same name.
    pub force: bool,
}

impl Default for UnpackOptions {
    fn default() -> Self {
        Self { max_size: 1 << 30, force: false }
    }
}

/// An unpacked grid.
#[derive(Clone, Debug)]
pub struct Unpacked {
    /// Folder of the grid.
    pub grid: GridDir,
    /// List of the files.
    pub manifest: Manifest,
    /// `true` if the folder held the same results already.
    pub unchanged: bool,
}

/// Unpacks a pack into `results/<grid>`. The folder appears complete or not at all.
///
/// # Errors
/// The file is no pack, is damaged, has a newer format, holds a file that it must not hold, or is larger than the limit; or the
/// folder holds other results and `force` is off, or a run writes to it.
pub fn unpack(file: &Path, results: &Path, options: &UnpackOptions) -> Result<Unpacked, PackError> {
    fs::create_dir_all(results).map_err(PackError::file(results))?;
    let temporary =
        tempfile::Builder::new().prefix(".unpack-").tempdir_in(results).map_err(PackError::file(results))?;
    let folder = temporary.path().join("grid");
    let manifest = Reader::open(file, options.max_size)?.extract(&folder)?;
    let grid = GridDir::new(results, &manifest.grid);
    let unchanged = install::install(&folder, &grid, &manifest, options.force)?;
    Ok(Unpacked { grid, manifest, unchanged })
}

/// Reader of one pack.
struct Reader {
    path: PathBuf,
    max_size: u64,
    archive: Archive<GzDecoder<BufReader<File>>>,
}

impl Reader {
    fn open(path: &Path, max_size: u64) -> Result<Self, PackError> {
        let file = File::open(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                let help = "`genbench pack NAME` writes the pack of a grid that has run";
                PackError::Refused(format!("there is no file {}\nhelp: {help}", path.display()))
            }
            _ => PackError::file(path)(error),
        })?;
        if !file.metadata().map_err(PackError::file(path))?.is_file() {
            return Err(PackError::Refused(format!("{}: not a file\nhelp: a pack is one file", path.display())));
        }
        Ok(Self { path: path.to_owned(), max_size, archive: Archive::new(GzDecoder::new(BufReader::new(file))) })
    }

    /// Writes the files of the pack into `folder`, which is created.
    fn extract(mut self, folder: &Path) -> Result<Manifest, PackError> {
        let path = self.path.clone();
        let damaged = |error: io::Error| damaged(&path, &error);
        // Raw: headers that rename the next file, link or leave holes are entries like others, and are refused.
        let mut entries = self.archive.entries().map_err(damaged)?.raw(true);
        let first = entries.next().ok_or_else(|| refused(&path, "it is empty"))?.map_err(damaged)?;
        if first.path_bytes() != MANIFEST.as_bytes() || first.header().entry_type() != EntryType::Regular {
            return Err(refused(&path, "its first file is not manifest.json"));
        }
        let mut text = Vec::new();
        first.take(LARGEST_MANIFEST + 1).read_to_end(&mut text).map_err(damaged)?;
        let manifest = checked(&path, &text, self.max_size)?;
        let mut missing: BTreeMap<&str, &PackedFile> =
            manifest.files.iter().map(|file| (file.path.as_str(), file)).collect();
        fs::create_dir_all(folder).map_err(PackError::file(folder))?;
        for entry in entries {
            let mut entry = entry.map_err(damaged)?;
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            if entry.header().entry_type() != EntryType::Regular {
                return Err(refused(&path, &format!("`{name}` is a link or a special file")));
            }
            let Some(about) = missing.remove(name.as_str()) else {
                return Err(refused(&path, &format!("`{name}` is not in the manifest, or twice in the archive")));
            };
            let mut bytes = Vec::new();
            entry.by_ref().take(about.bytes + 1).read_to_end(&mut bytes).map_err(damaged)?;
            if bytes.len() as u64 != about.bytes || sha256(&bytes) != about.sha256 {
                return Err(refused(&path, &format!("`{name}` differs from its size or hash in the manifest")));
            }
            let target = folder.join(&name);
            fs::create_dir_all(target.parent().unwrap_or(folder)).map_err(PackError::file(&target))?;
            fs::write(&target, bytes).map_err(PackError::file(&target))?;
        }
        if let Some(name) = missing.keys().next() {
            return Err(refused(&path, &format!("`{name}` is in the manifest and not in the archive")));
        }
        self.ends_here()?;
        has_its_plan(&path, folder, &manifest)?;
        Ok(manifest)
    }

    /// Checks the checksum of gzip, and that nothing follows.
    fn ends_here(self) -> Result<(), PackError> {
        let path = self.path;
        let mut gzip = self.archive.into_inner();
        let mut block = [0_u8; 4096];
        loop {
            match gzip.read(&mut block).map_err(|error| damaged(&path, &error))? {
                0 => break,
                length if block[..length].iter().all(|byte| *byte == 0) => {}
                _ => return Err(refused(&path, "something follows the end of the archive")),
            }
        }
        match gzip.into_inner().fill_buf().map_err(PackError::file(&path))?.is_empty() {
            true => Ok(()),
            false => Err(refused(&path, "something follows the end of the archive")),
        }
    }
}

/// Reads the manifest, and checks everything that it says before a file is written.
fn checked(path: &Path, text: &[u8], max_size: u64) -> Result<Manifest, PackError> {
    #[derive(Deserialize)]
    struct Version {
        format: u32,
    }
    if text.len() as u64 > LARGEST_MANIFEST {
        return Err(refused(path, &format!("its manifest has more than {}", human(LARGEST_MANIFEST))));
    }
    let no_manifest = |error: serde_json::Error| refused(path, &format!("manifest.json: {error}"));
    let Version { format } = serde_json::from_slice(text).map_err(no_manifest)?;
    if format > FORMAT {
        return Err(PackError::Refused(format!(
            "{}: a pack of format {format}; this genbench reads formats up to {FORMAT}\nhelp: use a newer genbench",
            path.display()
        )));
    }
    let manifest: Manifest = serde_json::from_slice(text).map_err(no_manifest)?;
    let grid = manifest.grid.as_str();
    if !is_plain(grid) || RESERVED.contains(&grid) {
        return Err(refused(path, &format!("`{}` cannot be the name of a grid", grid.escape_default())));
    }
    if let Some(bad) = manifest.files.iter().find(|file| !is_allowed(&file.path)) {
        return Err(refused(path, &format!("it must not hold `{}`", bad.path.escape_default())));
    }
    let paths: BTreeSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    if paths.len() < manifest.files.len() {
        return Err(refused(path, "its manifest lists a file twice"));
    }
    let total = manifest.files.iter().fold(0_u64, |sum, file| sum.saturating_add(file.bytes));
    if total > max_size {
        return Err(PackError::Refused(format!(
            "{}: {} when unpacked, above the limit of {}\nhelp: --max-size raises the limit",
            path.display(),
            human(total),
            human(max_size)
        )));
    }
    Ok(manifest)
}

/// Checks that the plan is readable and that of the grid.
fn has_its_plan(path: &Path, folder: &Path, manifest: &Manifest) -> Result<(), PackError> {
    let file = GridDir(folder.to_owned()).plan_json();
    let bytes = fs::read(&file).map_err(|_| refused(path, "it has no plan.json"))?;
    let plan: Plan = serde_json::from_slice(&bytes).map_err(|error| refused(path, &format!("plan.json: {error}")))?;
    match plan.grid == manifest.grid {
        true => Ok(()),
        false => Err(refused(path, "its plan and its manifest name different grids")),
    }
}

fn refused(path: &Path, why: &str) -> PackError {
    PackError::Refused(format!("{}: not a pack that can be unpacked: {why}", path.display()))
}

/// Returns whether a file is empty or begins as gzip does.
fn is_compressed(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(2).read_to_end(&mut start));
    read.is_ok() && [0x1f, 0x8b].starts_with(&start)
}

/// An error while reading the archive: of the disk, or of the content.
fn damaged(path: &Path, error: &io::Error) -> PackError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof if is_compressed(path) => refused(path, "the file ends early; copy it again"),
        io::ErrorKind::UnexpectedEof => refused(path, "the file is no pack"),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::Other => {
            refused(path, &format!("the file is damaged or no pack ({error})"))
        }
        kind => PackError::File { path: path.to_owned(), error: io::Error::new(kind, error.to_string()) },
    }
}
