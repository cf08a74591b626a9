//! The pictures of a folder, by split and class.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use protocol::Problem;

use crate::DataError;
use crate::files::search;

/// Deepest folder below the classes.
const MAX_DEPTH: usize = 4;
/// Formats of pictures that are not read. A folder with one of them is refused, since images would be missing.
const OTHER: [&str; 13] =
    ["gif", "bmp", "webp", "tif", "tiff", "avif", "heic", "jp2", "jxl", "ppm", "pgm", "pbm", "pnm"];
/// Names of the folders of the splits, in small or capital letters.
const SPLITS: [&[&str]; 3] = [&["train", "training"], &["val", "valid", "validation"], &["test", "testing"]];

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) path: PathBuf,
    /// Path below the folder of the split, with `/` between folders.
    pub(super) name: String,
    /// Folder of the class; empty without one.
    class: String,
}

/// All files of a set.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Listing {
    /// For training, validation and test, in the order of the names. Without such folders all are for training.
    pub(super) parts: [Vec<Picture>; 3],
    /// Names of the classes in order; empty without classes.
    pub(super) classes: Vec<String>,
}

impl Listing {
    pub(super) fn pictures(&self) -> impl Iterator<Item = &Picture> {
        self.parts.iter().flatten()
    }

    /// The class of each picture.
    pub(super) fn labels(&self) -> Vec<u16> {
        let label = |picture: &Picture| self.classes.binary_search(&picture.class).unwrap_or_default() as u16;
        self.pictures().map(label).collect()
    }
}

/// Lists the pictures below `root`; with `labels`, the folders are classes.
pub(super) fn list(root: &Path, labels: bool) -> Result<Listing, DataError> {
    if root.is_file() {
        return Err(search::no_folder(root));
    }
    let mut root = root.to_owned();
    let mut found = read(&root)?;
    // An archive often unpacks into a folder of its own.
    for _ in 0..MAX_DEPTH {
        let ([], [only]) = (&found.pictures[..], &found.folders[..]) else { break };
        root = only.clone();
        found = read(&root)?;
    }
    let parts = match split_folders(&found)? {
        Some(folders) => {
            let mut parts = [vec![], vec![], vec![]];
            for (part, folder) in parts.iter_mut().zip(folders) {
                *part = folder.map(|folder| collect(&folder)).transpose()?.unwrap_or_default();
            }
            parts
        }
        None => [collect(&root)?, vec![], vec![]],
    };
    let mut classes: BTreeSet<&str> = parts.iter().flatten().map(|picture| picture.class.as_str()).collect();
    if classes.is_empty() {
        let message = format!("{}: no picture", root.display());
        return Err(Problem::new("path", message).help("a folder with files that end in .png, .jpg or .jpeg").into());
    }
    if !labels || classes.len() == 1 {
        classes.clear();
    }
    if let (true, Some(flat)) = (classes.contains(""), parts.iter().flatten().find(|picture| picture.class.is_empty()))
    {
        let message =
            "the picture is in no folder of a class, but others are; `labels: false` reads all without classes";
        return Err(DataError::File { path: flat.path.clone(), message: message.to_owned() });
    }
    if classes.len() > usize::from(u16::MAX) {
        let message = format!("{} folders of classes, expected at most {}", classes.len(), u16::MAX);
        return Err(Problem::new("path", message).help("`labels: false` reads all without classes").into());
    }
    let classes = classes.into_iter().map(str::to_owned).collect();
    Ok(Listing { parts, classes })
}

/// Folders and pictures directly in a folder, by name.
struct Found {
    folders: Vec<PathBuf>,
    pictures: Vec<PathBuf>,
}

fn read(folder: &Path) -> Result<Found, DataError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| DataError::Io { path, source }
    };
    let (mut folders, mut pictures) = (vec![], vec![]);
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') || name == "__MACOSX" {
            continue;
        }
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let is_picture = matches!(&*extension, "png" | "jpg" | "jpeg");
        let metadata = fs::metadata(&path).map_err(failed(&path))?;
        if metadata.is_dir() {
            folders.push(path);
        } else if OTHER.contains(&&*extension) {
            let message = format!("pictures must be PNG or JPEG: convert .{extension}, or move it out of the folder");
            return Err(DataError::File { path, message });
        } else if is_picture && !metadata.is_file() {
            return Err(DataError::File { path, message: "not a regular file".to_owned() });
        } else if is_picture {
            pictures.push(path);
        }
    }
    folders.sort();
    pictures.sort();
    Ok(Found { folders, pictures })
}

/// The folders of the splits, if there is `train` and one of the others, and nothing else has pictures.
fn split_folders(found: &Found) -> Result<Option<[Option<PathBuf>; 3]>, DataError> {
    let mut folders = [None, None, None];
    let mut others = vec![];
    for folder in &found.folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let Some(split) = SPLITS.iter().position(|names| names.contains(&&*name)) else {
            others.push(folder);
            continue;
        };
        if let Some(first) = folders[split].replace(folder.clone()) {
            let message = format!("a second folder of the same split as {}", first.display());
            return Err(DataError::File { path: folder.clone(), message });
        }
    }
    if folders[0].is_none() || folders[1..].iter().all(Option::is_none) {
        return Ok(None);
    }
    let nested = others.into_iter().map(|folder| collect(folder)).collect::<Result<Vec<_>, _>>()?;
    if let Some(path) = nested.iter().flatten().map(|picture| &picture.path).chain(&found.pictures).next() {
        let message = "a picture next to the folders of the splits, in none of them; move it out of the folder";
        return Err(DataError::File { path: path.clone(), message: message.to_owned() });
    }
    Ok(Some(folders))
}

/// All pictures below a folder. The first folder on the way is the class.
fn collect(folder: &Path) -> Result<Vec<Picture>, DataError> {
    let mut pictures = vec![];
    descend(folder, "", "", 0, &mut pictures)?;
    pictures.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(pictures)
}

fn descend(
    folder: &Path,
    prefix: &str,
    class: &str,
    depth: usize,
    pictures: &mut Vec<Picture>,
) -> Result<(), DataError> {
    if depth > MAX_DEPTH {
        let message = format!("more than {MAX_DEPTH} folders below `path`; is it a link to a folder above?");
        return Err(DataError::File { path: folder.to_owned(), message });
    }
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let found = read(folder)?;
    pictures.extend(found.pictures.into_iter().map(|path| Picture {
        name: format!("{prefix}{}", name(&path)),
        class: class.to_owned(),
        path,
    }));
    for folder in found.folders {
        let name = name(&folder);
        let class = if class.is_empty() { &name } else { class };
        descend(&folder, &format!("{prefix}{name}/"), class, depth + 1, pictures)?;
    }
    Ok(())
}
