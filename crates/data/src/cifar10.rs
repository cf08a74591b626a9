//! CIFAR-10 in its binary version: 32x32 RGB photographs of ten classes.
//!
//! Krizhevsky, 2009, Learning multiple layers of features from tiny images. A file is a sequence of records of 3,073
//! bytes: the label, then 1,024 bytes each of red, green and blue, row by row.

#[cfg(test)]
mod tests;

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use protocol::trial::hex;
use protocol::{Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::check::whole;
use crate::files::{self, Counts, Source, search};
use crate::{DataConfig, DataError, DataShape, Dataset, Split};

const CHANNELS: usize = 3;
const SIDE: usize = 32;
const IMAGE: usize = CHANNELS * SIDE * SIDE;
/// Bytes of a record: its label and its image.
const RECORD: usize = 1 + IMAGE;
/// Largest number of records of a file: that of the original files.
const MAX_RECORDS: u64 = 10_000;
const CLASSES: u8 = 10;
const TRAIN_FILES: [&str; 5] =
    ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"];
const TEST_FILE: &str = "test_batch.bin";

/// Settings of `cifar10`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Cifar10 {
    /// Folder of the files, or a folder above it, such as that of `cifar-10-batches-bin`.
    pub path: String,
    /// Number of levels per channel, 2 to 256: byte v becomes level floor(v x levels / 256).
    #[schemars(range(min = 2, max = 256))]
    pub levels: u16,
    /// Number of training images; 0 takes all that are not for validation.
    pub train: usize,
    /// Number of validation images, taken from the training files; 0 takes a tenth, at most 10,000.
    pub validation: usize,
    /// Number of test images, from the start of their file; 0 takes all.
    pub test: usize,
}

impl Default for Cifar10 {
    fn default() -> Self {
        Self { path: String::new(), levels: 256, train: 0, validation: 0, test: 0 }
    }
}

impl DataConfig for Cifar10 {
    const NAME: &'static str = "cifar10";
    const ABOUT: &'static str = "CIFAR-10 (binary version) from a folder: 32x32 RGB photographs of ten classes";

    fn describe(&self) -> Result<DataShape, DataError> {
        let [test, train @ ..] = &self.paths()?;
        let count = |path: &PathBuf| Ok(open(path)?.1);
        self.shape(train.iter().map(count).sum::<Result<_, DataError>>()?, count(test)?)
    }

    fn load(&self) -> Result<Dataset, DataError> {
        let [test, train @ ..] = &self.paths()?;
        let mut hash = Sha256::new();
        let (mut records, test) = (Vec::new(), read(test, &mut hash)?);
        for path in train {
            records.append(&mut read(path, &mut hash)?);
        }
        let count = records.len() / RECORD;
        let shape = self.shape(count, test.len() / RECORD)?;
        let [front, back] = files::carve(Self::NAME, count, |_| true, &shape);
        let tests: Vec<_> = (0..shape.test).collect();
        let splits = [self.split(&records, &front), self.split(&records, &back), self.split(&test, &tests)];
        Ok(Dataset { files_hash: Some(hex(&hash.finalize())), ..Dataset::new(shape, splits) })
    }

    /// SHA-256 of the bytes of all files, joined: the test file, then the training files.
    fn hash(&self) -> Result<String, DataError> {
        files::sha256(&self.paths()?)
    }

    fn files(&self) -> Result<Vec<PathBuf>, DataError> {
        Ok(self.paths()?.to_vec())
    }

    fn path_settings(&self) -> Vec<String> {
        vec!["path".to_owned()]
    }
}

impl Cifar10 {
    /// Paths of the test file and then of the training files.
    fn paths(&self) -> Result<[PathBuf; 6], DataError> {
        if self.path.is_empty() {
            return Err(Problem::new("path", "not set")
                .help(format!("set it to the folder of {} to {} and {TEST_FILE}", TRAIN_FILES[0], TRAIN_FILES[4]))
                .into());
        }
        let path = Path::new(&self.path);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if let Some(message) = other_version(&name).filter(|_| path.is_file()) {
            return Err(DataError::File { path: path.to_owned(), message });
        }
        let folder = search::folder(path, |folder| folder.join(TRAIN_FILES[0]).exists())?;
        let [a, b, c, d, e] = TRAIN_FILES;
        Ok([TEST_FILE, a, b, c, d, e].map(|name| {
            // Some archives unpack into folders that are called like their files.
            let (path, inside) = (folder.join(name), folder.join(name).join(name));
            if inside.is_file() { inside } else { path }
        }))
    }

    /// Shape of the set for files with `train` and `test` images.
    fn shape(&self, train: usize, test: usize) -> Result<DataShape, DataError> {
        whole("levels", self.levels.into(), 2..=256, "2 to 256")?;
        let counts = Counts { train: self.train, validation: self.validation, test: self.test };
        let [train, validation, test] = counts.of(train, test)?;
        Ok(DataShape {
            classes: Some(CLASSES.into()),
            ..DataShape::new([CHANNELS, SIDE, SIDE], Support::Levels(self.levels), [train, validation, test])
        })
    }

    fn split(&self, records: &[u8], indices: &[usize]) -> Split {
        let top = f32::from(self.levels - 1);
        let level = |byte: u8| u32::from(byte) * u32::from(self.levels) / 256;
        let pixel: Vec<f32> = (0..=u8::MAX).map(|byte| level(byte) as f32 / top).collect();
        let record = |index: usize| &records[index * RECORD..][..RECORD];
        let mut pixels = Vec::with_capacity(indices.len() * IMAGE);
        pixels.extend(indices.iter().flat_map(|&index| &record(index)[1..]).map(|byte| pixel[usize::from(*byte)]));
        let labels = indices.iter().map(|&index| record(index)[0].into()).collect();
        Split { labels: Some(labels), ..Split::new(pixels, IMAGE) }
    }
}

/// Opens a file and returns the number of its records, computed from its length.
fn open(path: &Path) -> Result<(Source, usize), DataError> {
    let source = Source::open_plain(path).map_err(|error| match error {
        DataError::Io { source, .. } if source.kind() == ErrorKind::NotFound => not_found(path),
        other => other,
    })?;
    let Some(length) = source.length() else {
        let source = io::Error::new(ErrorKind::InvalidInput, "not a regular file");
        return Err(DataError::Io { path: path.to_owned(), source });
    };
    let record = RECORD as u64;
    let count = length.div_ceil(record).clamp(1, MAX_RECORDS);
    source.check_end(count * record, "10,000 records, the maximum of a CIFAR-10 file")?;
    Ok((source, count as usize))
}

/// The message about a file or folder of another set, which people take for the binary version.
fn other_version(name: &str) -> Option<String> {
    let is = match name {
        "cifar-10-batches-py" | "cifar-10-python.tar.gz" | "data_batch_1" => "the Python version of CIFAR-10",
        "cifar-10-batches-mat" | "cifar-10-matlab.tar.gz" | "data_batch_1.mat" => "the Matlab version of CIFAR-10",
        "train.bin" | "test.bin" | "cifar-100" | "cifar-100-binary" => "CIFAR-100",
        _ if name.starts_with("cifar-100-") => "CIFAR-100",
        _ => return None,
    };
    Some(format!("{name} is of {is}, which is not read; download cifar-10-binary.tar.gz"))
}

fn not_found(path: &Path) -> DataError {
    let folder = path.parent().unwrap_or(path);
    let names = search::names(folder).unwrap_or_default();
    let there = names.iter().find_map(|name| other_version(name)).unwrap_or_else(|| search::describe(folder));
    let message = format!(
        "not found; the binary version of CIFAR-10 has {} to {} and {TEST_FILE}; {there}",
        TRAIN_FILES[0], TRAIN_FILES[4]
    );
    DataError::Io { path: path.to_owned(), source: io::Error::new(ErrorKind::NotFound, message) }
}

/// Reads all records of a file and adds its bytes to `hash`.
fn read(path: &Path, hash: &mut Sha256) -> Result<Vec<u8>, DataError> {
    let (source, count) = open(path)?;
    let mut source = source.hashed(hash)?;
    // The file may have grown or shrunk since its length was read.
    source.check_end((count * RECORD) as u64, "the records that it had when it was opened")?;
    let records = source.read_exact((count * RECORD) as u64)?;
    for (index, record) in records.chunks_exact(RECORD).enumerate() {
        if record[0] >= CLASSES {
            let message = format!("label {} of record {index}, expected 0 to {}", record[0], CLASSES - 1);
            return Err(source.error((index * RECORD) as u64, message));
        }
    }
    Ok(records)
}
