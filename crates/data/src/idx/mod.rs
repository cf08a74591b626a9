//! Files in the format of MNIST: MNIST, Fashion-MNIST, KMNIST and EMNIST.
//!
//! The files of EMNIST (Cohen et al., 2017) hold transposed images. They are recognised by their names, `emnist-...`, and
//! their images are transposed back.

mod find;
mod reader;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use protocol::Support;
use protocol::trial::hex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use self::find::{Files, Folder};
use self::reader::Header;
use crate::cache::cache_dir;
use crate::files::{self, Counts};
use crate::{Binarize, BinarizeMode, DataConfig, DataError, DataShape, Dataset, Split, hold_out};

/// Settings of `idx`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Idx {
    /// Folder of the files or one above it; `cache:mnist` is the folder of `genbench data fetch mnist` and `data import`.
    pub path: String,
    /// EMNIST split, such as `balanced`; empty for files with the names of MNIST, or for the only split in the folder.
    pub split: String,
    /// Binarization of grey pixels.
    pub binarize: BinarizeMode,
    /// Seed of static and dynamic binarization.
    pub binarize_seed: u64,
    /// Number of training images; 0 takes all that are not for validation.
    pub train: usize,
    /// Number of validation images, taken from the training file; 0 takes a tenth, at most 10,000.
    pub validation: usize,
    /// Number of test images, from the start of their file; 0 takes all.
    pub test: usize,
    /// Class to remove from all splits; measures of anomaly detection use its test images.
    pub hold_out: Option<u16>,
}

/// Reads the images of one file, grey levels as level/255, with their height and width in pixels. Images of a file named
/// `emnist-...` are transposed back. There are no labels.
///
/// # Errors
/// The file cannot be read, is truncated or corrupt, or has bytes after its last image.
pub fn read_images(path: &Path) -> Result<(Split, usize, usize), DataError> {
    let images = reader::images(path, &mut Sha256::new())?;
    let Header { count, height, width } = images.header;
    Ok((images.split(None, &(0..count).collect::<Vec<_>>()), height, width))
}

impl DataConfig for Idx {
    const NAME: &'static str = "idx";
    const ABOUT: &'static str =
        "files in the format of MNIST from a folder (MNIST, Fashion-MNIST, KMNIST, EMNIST), 256 grey levels";

    fn describe(&self) -> Result<DataShape, DataError> {
        let files = self.found()?;
        let [train, test] = &files.images;
        let headers = [reader::image_header(train)?, reader::image_header(test)?];
        self.shape(&files, headers, read_labels(&files, headers, &mut Sha256::new())?.as_ref())
    }

    fn load(&self) -> Result<Dataset, DataError> {
        let files = self.found()?;
        let [train_path, test_path] = &files.images;
        let mut hash = Sha256::new();
        let (train, test) = (reader::images(train_path, &mut hash)?, reader::images(test_path, &mut hash)?);
        let headers = [train.header, test.header];
        let labels = read_labels(&files, headers, &mut hash)?;
        let shape = self.shape(&files, headers, labels.as_ref())?;
        let [train_labels, test_labels] = [0, 1].map(|part| labels.as_ref().map(|labels| labels[part].as_slice()));
        let is_held = |part: Option<&[u8]>, index: usize| {
            part.is_some_and(|labels| Some(u16::from(labels[index])) == self.hold_out)
        };
        let [front, back] = files::carve(Self::NAME, train.header.count, |index| !is_held(train_labels, index), &shape);
        let (held, mut kept): (Vec<usize>, Vec<usize>) =
            (0..test.header.count).partition(|index| is_held(test_labels, *index));
        kept.truncate(shape.test);
        let part = |name, mut split: Split| {
            self.binarize().apply(name, &mut split);
            split
        };
        let splits = [
            part("train", train.split(train_labels, &front)),
            part("validation", train.split(train_labels, &back)),
            part("test", test.split(test_labels, &kept)),
        ];
        Ok(Dataset {
            held_out: self.hold_out.map(|_| part("held_out", test.split(test_labels, &held))),
            binarize: self.binarize(),
            files_hash: Some(hex(&hash.finalize())),
            ..Dataset::new(shape, splits)
        })
    }

    /// SHA-256 of the bytes of all files, joined: training images, test images, then labels in the same order.
    fn hash(&self) -> Result<String, DataError> {
        files::sha256(self.found()?.iter())
    }

    fn files(&self) -> Result<Vec<PathBuf>, DataError> {
        Ok(self.found()?.iter().cloned().collect())
    }

    fn reading(&self) -> Result<String, DataError> {
        let [train, _] = &self.found()?.images;
        Ok(if reader::is_transposed(train) { "transposed".to_owned() } else { String::new() })
    }

    fn path_settings(&self) -> Vec<String> {
        vec!["path".to_owned()]
    }
}

impl Idx {
    fn binarize(&self) -> Binarize {
        Binarize { mode: self.binarize, seed: self.binarize_seed }
    }

    fn counts(&self) -> Counts {
        Counts { train: self.train, validation: self.validation, test: self.test }
    }

    fn found(&self) -> Result<Files, DataError> {
        Folder::new(&self.path, cache_dir())?.files(&self.split)
    }

    /// Numbers of training and test images without the held-out class.
    fn kept(&self, counts: [usize; 2], labels: Option<&[Vec<u8>; 2]>) -> Result<[usize; 2], DataError> {
        let Some(class) = self.hold_out else { return Ok(counts) };
        hold_out::check(class, labels.map(|[_, test]| test.iter().copied().map(u16::from)))?;
        let others = |part: usize| {
            labels.map_or(0, |labels| labels[part].iter().filter(|label| u16::from(**label) != class).count())
        };
        Ok([others(0), others(1)])
    }

    fn shape(
        &self,
        files: &Files,
        [train, test]: [Header; 2],
        labels: Option<&[Vec<u8>; 2]>,
    ) -> Result<DataShape, DataError> {
        if (train.height, train.width) != (test.height, test.width) {
            let message = format!(
                "images of {}x{} pixels, but the training images have {}x{}",
                test.height, test.width, train.height, train.width
            );
            return Err(DataError::Format { path: files.images[1].clone(), offset: 8, message });
        }
        let [of_train, of_test] = self.kept([train.count, test.count], labels)?;
        let [train_count, validation, test_count] = self.counts().of(of_train, of_test)?;
        let support = if self.binarize().is_binary() { Support::Binary } else { Support::Levels(256) };
        let sides = [1, train.height, train.width];
        Ok(DataShape {
            classes: labels.and_then(|labels| labels.iter().flatten().max()).map(|last| usize::from(*last) + 1),
            ..DataShape::new(sides, support, [train_count, validation, test_count])
        })
    }
}

fn read_labels(
    files: &Files,
    [train, test]: [Header; 2],
    hash: &mut Sha256,
) -> Result<Option<[Vec<u8>; 2]>, DataError> {
    let Some([of_train, of_test]) = &files.labels else { return Ok(None) };
    Ok(Some([reader::labels(of_train, train.count, hash)?, reader::labels(of_test, test.count, hash)?]))
}
