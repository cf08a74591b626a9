//! The arrays of a file or folder, by name.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use npyz::npz::array_name_from_file_name;
use zip::ZipArchive;
use zip::result::ZipError;

use super::array::{Array, Number};
use crate::DataError;

/// Largest ratio of a deflated array to its compressed bytes.
const MAX_RATIO: u64 = 1_032;

/// Where an array is.
#[derive(Debug)]
struct Member {
    file: PathBuf,
    /// Index in the zip, for `.npz`.
    index: Option<usize>,
    /// Bytes of header and numbers.
    length: u64,
}

/// Arrays by name.
#[derive(Debug)]
pub(super) struct Archive {
    members: BTreeMap<String, Member>,
}

impl Archive {
    /// Lists the arrays of a file, or of all `.npy` and `.npz` of a folder.
    pub(super) fn open(path: &Path) -> Result<Self, DataError> {
        let failed = |source| DataError::Io { path: path.to_owned(), source };
        if !fs::metadata(path).map_err(failed)?.is_dir() {
            return Ok(Self { members: file(path)? });
        }
        let mut files: Vec<PathBuf> = fs::read_dir(path)
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>())
            .map_err(failed)?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "npy" || extension == "npz"));
        files.sort();
        if let [only] = &files[..] {
            return Ok(Self { members: file(only)? });
        }
        let mut members = BTreeMap::new();
        for path in files {
            let arrays = file(&path)?;
            if arrays.len() > 1 {
                let message = "a folder with several files must have one array in each; set `path` to the file";
                return Err(DataError::Format { path, offset: 0, message: message.to_owned() });
            }
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            members.extend(arrays.into_values().map(|member| (stem.clone(), member)));
        }
        if members.is_empty() {
            let source = io::Error::new(io::ErrorKind::NotFound, "the folder has no file that ends in .npz or .npy");
            return Err(failed(source));
        }
        Ok(Self { members })
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.members.keys().map(String::as_str)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// An error in the array `name`.
    pub(super) fn error(&self, name: &str, message: impl ToString) -> DataError {
        let path = self.members.get(name).map_or_else(PathBuf::new, |member| member.file.clone());
        DataError::Array { path, array: name.to_owned(), message: message.to_string() }
    }

    /// The header of an array, with the right length for it.
    pub(super) fn header(&self, name: &str) -> Result<Array, DataError> {
        let length = self.members.get(name).map_or(0, |member| member.length);
        self.read(name, |reader| {
            let array = Array::read_header(reader)?;
            array.check_length(length).map(|()| array)
        })
    }

    /// All numbers of an array in C order, converted one by one.
    pub(super) fn values<T: Copy>(
        &self,
        name: &str,
        array: &Array,
        convert: impl Fn(usize, Number) -> Result<T, String>,
    ) -> Result<Vec<T>, DataError> {
        self.read(name, |reader| {
            // A file that changes while it is read must not be read as what it was.
            if Array::read_header(reader)? != *array {
                return Err("the file has changed while it was read".to_owned());
            }
            array.values(reader, &convert)
        })
    }

    fn read<T>(&self, name: &str, read: impl FnOnce(&mut dyn Read) -> Result<T, String>) -> Result<T, DataError> {
        let Some(member) = self.members.get(name) else { return Err(self.error(name, "no such array")) };
        let reader = File::open(&member.file).map_err(|source| DataError::Io { path: member.file.clone(), source })?;
        let mut reader = BufReader::new(reader);
        let result = match member.index {
            None => read(&mut reader),
            Some(index) => match ZipArchive::new(reader) {
                Ok(mut archive) => match archive.by_index(index) {
                    Ok(mut zipped) => read(&mut BufReader::new(&mut zipped)),
                    Err(error) => Err(describe(error)),
                },
                Err(error) => Err(describe(error)),
            },
        };
        result.map_err(|message| self.error(name, message))
    }
}

/// The arrays of one file. A `.npy` has one, named as the file.
fn file(path: &Path) -> Result<BTreeMap<String, Member>, DataError> {
    let failed = |source| DataError::Io { path: path.to_owned(), source };
    let refused = |message: String| DataError::Format { path: path.to_owned(), offset: 0, message };
    let mut start = Vec::new();
    let length = fs::metadata(path).map_err(failed)?.len();
    File::open(path).map_err(failed)?.take(6).read_to_end(&mut start).map_err(failed)?;
    if start.starts_with(b"\x93NUMPY") {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        return Ok(BTreeMap::from([(stem, Member { file: path.to_owned(), index: None, length })]));
    }
    if !start.starts_with(b"PK") {
        let message = "neither a .npy, which starts with 93 NUMPY, nor a .npz, which starts with PK";
        return Err(refused(message.to_owned()));
    }
    let file = BufReader::new(File::open(path).map_err(failed)?);
    let mut archive = ZipArchive::new(file).map_err(|error| refused(describe(error)))?;
    let mut members = BTreeMap::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|error| refused(describe(error)))?;
        let Some(name) = array_name_from_file_name(entry.name()) else { continue };
        if entry.compressed_size() > length || entry.size() > length.saturating_mul(MAX_RATIO) {
            return Err(refused(format!("the zip is corrupt: `{name}` cannot have {} bytes", entry.size())));
        }
        members.insert(name.to_owned(), Member { file: path.to_owned(), index: Some(index), length: entry.size() });
    }
    if members.is_empty() {
        return Err(refused("the archive has no array: no entry ends in .npy".to_owned()));
    }
    Ok(members)
}

fn describe(error: ZipError) -> String {
    format!("the zip is corrupt or unsupported: {error}")
}
