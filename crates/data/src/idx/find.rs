//! Search for the files of a set in a folder.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use protocol::Problem;

use crate::DataError;
use crate::fetch;
use crate::files::search;

/// Prefix of a `path` that names a download.
const CACHE: &str = "cache:";

/// The files of a set: training, then test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Files {
    pub(super) images: [PathBuf; 2],
    pub(super) labels: Option<[PathBuf; 2]>,
}

impl Files {
    /// All files, in the order of hashing.
    pub(super) fn iter(&self) -> impl Iterator<Item = &PathBuf> {
        self.images.iter().chain(self.labels.iter().flatten())
    }
}

/// The files of a folder by name. Of a folder that is called like a file, as some archives unpack, the files are listed too.
type Names = BTreeMap<String, PathBuf>;

/// The folder of a `path` setting, with advice for missing files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Folder {
    path: PathBuf,
    advice: String,
}

impl Folder {
    /// The folder for the setting `path`; `cache` is the folder of downloads.
    pub(super) fn new(path: &str, cache: Option<PathBuf>) -> Result<Self, DataError> {
        let problem = |message: String| Problem::new("path", message);
        if path.is_empty() {
            return Err(problem("not set".to_owned())
                .help("set it to a folder with files in MNIST's format, or to `cache:mnist`")
                .into());
        }
        let Some(name) = path.strip_prefix(CACHE) else {
            return Ok(Self { path: path.into(), advice: String::new() });
        };
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if name.is_empty() || !name.bytes().all(is_name) {
            return Err(problem(format!("`{name}` is not the name of a download"))
                .help("allowed: letters, digits, `-` and `_`, as in `cache:mnist`")
                .into());
        }
        let Some(cache) = cache else {
            return Err(problem("no folder for downloads, because there is no home folder".to_owned())
                .help("set the environment variable GENBENCH_CACHE")
                .into());
        };
        let folder = Self { path: cache.join(name), advice: format!(": {}", fetch::advice(name)) };
        if !folder.path.is_dir() {
            return Err(folder.missing("not in the cache yet"));
        }
        Ok(folder)
    }

    fn missing(&self, message: &str) -> DataError {
        let source = io::Error::new(ErrorKind::NotFound, format!("{message}{}", self.advice));
        DataError::Io { path: self.path.clone(), source }
    }

    /// The files with the names of MNIST, or those of the EMNIST `split`; an empty `split` stands for the only one. They may
    /// be in a folder below, such as `MNIST/raw` of torchvision.
    pub(super) fn files(&self, split: &str) -> Result<Files, DataError> {
        let has_images = |folder: &Path| {
            names(folder).is_ok_and(|names| pick(&names, "train-images").is_some() || !emnist_splits(&names).is_empty())
        };
        let path = search::folder(&self.path, has_images)?;
        Self { path, advice: self.advice.clone() }.files_of(split)
    }

    fn files_of(&self, split: &str) -> Result<Files, DataError> {
        let names = names(&self.path).map_err(|source| DataError::Io { path: self.path.clone(), source })?;
        let splits = emnist_splits(&names);
        if split.is_empty() && pick(&names, "train-images").is_some() {
            return self.complete(&names, ["train", "t10k"].map(str::to_owned));
        }
        let split = match (split, splits.as_slice()) {
            ("", []) => return self.complete(&names, ["train", "t10k"].map(str::to_owned)),
            ("", [only]) => only,
            ("", several) => {
                return Err(Problem::new("split", format!("the folder has {} EMNIST splits", several.len()))
                    .help(format!("set it to one of: {}", several.join(", ")))
                    .into());
            }
            (split, splits) if !splits.is_empty() && !splits.contains(&split) => {
                let unknown = protocol::params::unknown("split", split, splits.iter().copied());
                return Err(Problem { at_key: false, ..unknown }.into());
            }
            (split, _) => split,
        };
        self.complete(&names, ["train", "test"].map(|part| format!("emnist-{split}-{part}")))
    }

    /// Requires images of both parts, and labels of both parts or of none.
    fn complete(&self, names: &Names, parts: [String; 2]) -> Result<Files, DataError> {
        let [train, test] = &parts;
        let find = |part: &str, what: &str| {
            let stem = format!("{part}-{what}");
            pick(names, &stem).ok_or_else(|| {
                let ([dash, dot], there) = (forms(&stem), search::describe(&self.path));
                self.missing(&format!("neither {dash} nor {dot} found (with or without .gz); {there}"))
            })
        };
        let images = [find(train, "images")?, find(test, "images")?];
        let labels = match (find(train, "labels"), find(test, "labels")) {
            (Ok(train), Ok(test)) => Some([train, test]),
            (Err(_), Err(_)) => None,
            (Err(error), Ok(_)) | (Ok(_), Err(error)) => return Err(error),
        };
        Ok(Files { images, labels })
    }
}

fn names(folder: &Path) -> io::Result<Names> {
    let (mut files, mut inside) = (Names::new(), Names::new());
    for name in search::names(folder)? {
        let path = folder.join(&name);
        if !path.is_dir() {
            files.insert(name, path);
        } else if name.contains("idx3-ubyte") || name.contains("idx1-ubyte") {
            let names = search::names(&path)?.into_iter().map(|name| (name.clone(), path.join(name)));
            inside.extend(names.filter(|(_, path)| !path.is_dir()));
        }
    }
    // A file precedes one in a folder.
    inside.extend(files);
    Ok(inside)
}

/// The two spellings of a file name such as `train-images`.
fn forms(stem: &str) -> [String; 2] {
    let kind = if stem.ends_with("images") { "idx3-ubyte" } else { "idx1-ubyte" };
    [format!("{stem}-{kind}"), format!("{stem}.{kind}")]
}

/// The file of `stem` in `names`; a plain file precedes a gzip file.
fn pick(names: &Names, stem: &str) -> Option<PathBuf> {
    let forms = forms(stem);
    let zipped = forms.clone().map(|name| name + ".gz");
    forms.into_iter().chain(zipped).find_map(|name| names.get(&name).cloned())
}

fn emnist_splits(names: &Names) -> Vec<&str> {
    let mut splits: Vec<_> = names
        .keys()
        .filter_map(|name| {
            let (split, rest) = name.strip_prefix("emnist-")?.split_once("-train-images")?;
            let rest = rest.strip_suffix(".gz").unwrap_or(rest);
            matches!(rest, "-idx3-ubyte" | ".idx3-ubyte").then_some(split)
        })
        .collect();
    splits.dedup();
    splits
}
