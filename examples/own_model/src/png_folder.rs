//! A folder of grey PNG files of one size.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use genbench::data::{DataConfig, DataError, DataShape, Dataset, Noise, Split};
use genbench::protocol::trial::hex;
use genbench::protocol::{Problem, Support, check};
use png::{BitDepth, ColorType, Decoder, Info, Reader};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Settings of `png_folder`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct PngFolder {
    /// Folder with the images: every file that ends in .png, 8-bit grey, all of one size.
    path: PathBuf,
    /// Fraction of the images for validation, and the same fraction for testing: above 0, below 0.5.
    held_back: f64,
    /// Seed of the split.
    split_seed: u64,
}

impl Default for PngFolder {
    fn default() -> Self {
        Self { path: PathBuf::from("pictures"), held_back: 0.2, split_seed: 0 }
    }
}

impl DataConfig for PngFolder {
    const NAME: &'static str = "png_folder";
    const ABOUT: &'static str = "a folder of grey PNG files of one size, 256 levels";

    /// Lists the folder and reads the header of one file.
    fn describe(&self) -> Result<DataShape, DataError> {
        check::real("held_back", self.held_back, 1e-6..0.5, "above 0, below 0.5")?;
        let files = self.files()?;
        let held_back = (files.len() as f64 * self.held_back) as usize;
        if held_back == 0 {
            let message = format!("{} PNG files are too few for three splits", files.len());
            return Err(Problem::new("path", message).help("add images, or raise `held_back`").into());
        }
        let (height, width) = size(open(&files[0])?.info());
        let counts = [files.len() - 2 * held_back, held_back, held_back];
        Ok(DataShape::new([1, height, width], Support::Levels(256), counts))
    }

    fn load(&self) -> Result<Dataset, DataError> {
        let shape = self.describe()?;
        let mut pixels = Vec::new();
        for path in self.files()? {
            pixels.extend(read(&path, (shape.height, shape.width))?);
        }
        let all = Split::new(pixels, shape.pixels());
        let order = Noise::new(self.split_seed, "png_folder/split", 0).permutation(all.len());
        let (train, rest) = order.split_at(shape.train);
        let (validation, test) = rest.split_at(shape.validation);
        Ok(Dataset::new(shape, [train, validation, test].map(|indices| all.select(indices))))
    }

    /// SHA-256 of all names and all bytes.
    fn hash(&self) -> Result<String, DataError> {
        let mut hash = Sha256::new();
        for path in self.files()? {
            hash.update(path.file_name().unwrap_or_default().as_encoded_bytes());
            hash.update(std::fs::read(&path).map_err(|source| failed(&path, source))?);
        }
        Ok(hex(&hash.finalize()))
    }

    fn path_settings(&self) -> Vec<String> {
        vec!["path".to_owned()]
    }
}

impl PngFolder {
    /// All PNG files, by name.
    fn files(&self) -> Result<Vec<PathBuf>, DataError> {
        let entries = std::fs::read_dir(&self.path).map_err(|source| failed(&self.path, source))?;
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(|source| failed(&self.path, source))?.path();
            if path.extension().is_some_and(|extension| extension == "png") {
                files.push(path);
            }
        }
        if files.is_empty() {
            let message = format!("{}: no PNG file", self.path.display());
            return Err(Problem::new("path", message).help("a folder with files that end in .png").into());
        }
        files.sort();
        Ok(files)
    }
}

fn failed(path: &Path, source: io::Error) -> DataError {
    DataError::Io { path: path.to_owned(), source }
}

fn refused(path: &Path, message: impl ToString) -> DataError {
    DataError::Format { path: path.to_owned(), offset: 0, message: message.to_string() }
}

/// Opens a PNG file and reads its header.
fn open(path: &Path) -> Result<Reader<BufReader<File>>, DataError> {
    let file = File::open(path).map_err(|source| failed(path, source))?;
    let reader = Decoder::new(BufReader::new(file)).read_info().map_err(|error| refused(path, error))?;
    let info = reader.info();
    if (info.color_type, info.bit_depth) != (ColorType::Grayscale, BitDepth::Eight) {
        return Err(refused(path, format!("{:?} with {:?} bits, not 8-bit grey", info.color_type, info.bit_depth)));
    }
    Ok(reader)
}

fn size(info: &Info<'_>) -> (usize, usize) {
    (info.height as usize, info.width as usize)
}

/// Reads the pixels of an image, 0 to 1.
fn read(path: &Path, expected: (usize, usize)) -> Result<Vec<f32>, DataError> {
    let mut reader = open(path)?;
    let found = size(reader.info());
    if found != expected {
        return Err(refused(path, format!("{found:?} rows and columns, not {expected:?} as the first image")));
    }
    let mut bytes = vec![0; found.0 * found.1];
    reader.next_frame(&mut bytes).map_err(|error| refused(path, error))?;
    Ok(bytes.into_iter().map(|byte| f32::from(byte) / 255.0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_are_fixed_and_share_no_image() {
        let folder = PngFolder::default();
        let data = folder.load().expect("the shipped images");
        assert_eq!(data.sha256(), folder.load().expect("the shipped images").sha256());
        let counts = [data.train.len(), data.validation.len(), data.test.len()];
        assert_eq!(counts, [data.shape.train, data.shape.validation, data.shape.test]);
        assert_eq!(counts.iter().sum::<usize>(), folder.files().expect("files").len());
        let other = PngFolder { split_seed: 1, ..folder }.load().expect("the shipped images");
        assert_ne!(data.sha256(), other.sha256());
    }

    #[test]
    fn a_folder_without_images_is_refused_by_its_setting() {
        let error = PngFolder { path: "src".into(), ..PngFolder::default() }.describe().expect_err("no PNG files");
        let DataError::Setting(problem) = error else { panic!("{error}") };
        assert_eq!((problem.path.as_str(), problem.message.as_str()), ("path", "src: no PNG file"));
    }

    #[test]
    fn a_file_that_is_no_png_is_refused_by_its_path() {
        let error = read(Path::new("Cargo.toml"), (8, 8)).expect_err("text");
        assert!(error.to_string().starts_with("Cargo.toml: "), "{error}");
    }
}
