//! Folders as common downloads leave them.

use super::*;

fn at(path: &Path) -> Idx {
    Idx { path: path.to_str().unwrap().to_owned(), ..Idx::default() }
}

fn message(folder: &Path, config: &Idx) -> String {
    let error = config.describe().unwrap_err();
    let help = match &error {
        DataError::Setting(problem) => format!(" ({})", problem.help.clone().unwrap_or_default()),
        _ => String::new(),
    };
    (error.to_string() + &help).replace(folder.to_str().unwrap(), "FOLDER")
}

/// Writes the set below `folder` and compares it with the set in a flat folder.
fn same(folder: &Path, below: &str, write: impl Fn(&Path)) {
    let path = folder.join(below);
    fs::create_dir_all(&path).unwrap();
    write(&path);
    assert_eq!(at(folder).load().unwrap().sha256(), mnist(false).1.load().unwrap().sha256(), "{below}");
}

#[test]
fn the_folders_of_torchvision_github_and_emnist_are_found() {
    // torchvision with its root or the folder above; the clone of Fashion-MNIST; an archive in a folder of its own.
    for below in ["MNIST/raw", "FashionMNIST/raw", "data/MNIST/raw", "data/fashion", "archive", "raw", "."] {
        for zipped in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            same(folder.path(), below, |path| write_set(path, ["train", "t10k"], "-", zipped));
        }
    }
    // The archive of EMNIST unpacks into `gzip`. Its images are transposed.
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("gzip")).unwrap();
    write_set(&folder.path().join("gzip"), ["emnist-digits-train", "emnist-digits-test"], "-", true);
    let shape = at(folder.path()).load().unwrap().shape;
    assert_eq!((shape.height, shape.width), (WIDTH, HEIGHT));
}

#[test]
fn two_sets_below_are_both_named() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["FashionMNIST", "MNIST"] {
        let path = folder.path().join(name).join("raw");
        fs::create_dir_all(&path).unwrap();
        write_set(&path, ["train", "t10k"], "-", true);
    }
    assert_eq!(
        message(folder.path(), &at(folder.path())),
        "path: 2 folders with such files (set it to one of: FOLDER/FashionMNIST/raw, FOLDER/MNIST/raw)"
    );
    assert_eq!(at(&folder.path().join("MNIST")).load().unwrap().train.len(), 36);
}

#[test]
fn folders_that_are_called_like_their_files_are_entered() {
    // Kaggle's archive: each file in a folder of its name, with or without the file with a dot at its side.
    for (dash, dot) in [("-", "-"), ("-", "."), (".", "-"), (".", ".")] {
        for zipped in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            same(folder.path(), ".", |path| {
                let flat = tempfile::tempdir().unwrap();
                write_set(flat.path(), ["train", "t10k"], dash, zipped);
                for entry in fs::read_dir(flat.path()).unwrap() {
                    let file = entry.unwrap();
                    let name = file.file_name().into_string().unwrap();
                    let inside =
                        path.join(name.trim_end_matches(".gz").replace(&format!("{dash}idx"), &format!("{dot}idx")));
                    fs::create_dir(&inside).unwrap();
                    fs::copy(file.path(), inside.join(&name)).unwrap();
                }
            });
            if dash != dot {
                same(folder.path(), ".", |path| write_set(path, ["train", "t10k"], dash, zipped));
            }
        }
    }
    // An empty folder in the place of a file.
    let (folder, config) = mnist(false);
    let name = folder.path().join("train-images-idx3-ubyte");
    fs::remove_file(&name).unwrap();
    fs::create_dir(&name).unwrap();
    assert_eq!(
        message(folder.path(), &config),
        "FOLDER: neither train-images-idx3-ubyte nor train-images.idx3-ubyte found (with or without .gz); \
         it has t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, train-images-idx3-ubyte/, train-labels-idx1-ubyte"
    );
}

#[test]
fn gzip_is_read_as_gunzip_reads_it() {
    let (folder, config) = mnist(true);
    let expected = config.load().unwrap().sha256();
    let path = folder.path().join("train-images-idx3-ubyte.gz");
    let bytes = images(TRAIN);
    let (front, back) = bytes.split_at(100);
    for (what, file) in [
        ("zeros", [gzip(&bytes), vec![0; 512]].concat()),
        ("garbage", [gzip(&bytes), b"garbage".to_vec()].concat()),
        ("zeros and garbage", [gzip(&bytes), vec![0; 9], b"\x1fgarbage".to_vec()].concat()),
        ("two members", [gzip(front), gzip(back)].concat()),
        ("two members with zeros", [gzip(front), vec![0; 70], gzip(back), vec![0; 70]].concat()),
        ("an empty member", [gzip(&bytes), gzip(b"")].concat()),
    ] {
        fs::write(&path, file).unwrap();
        assert_eq!(config.load().unwrap().sha256(), expected, "{what}");
    }
    fs::write(&path, [gzip(front), b"garbage".to_vec(), gzip(back)].concat()).unwrap();
    let error = config.load().err().unwrap().to_string();
    assert!(error.ends_with("byte 100: the file is 156 bytes too short"), "{error}");
}

#[test]
fn what_is_there_instead_is_named() {
    let said = |files: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            fs::write(folder.path().join(file), "x").unwrap();
        }
        message(folder.path(), &at(folder.path())).split("; ").skip(1).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(said(&["mnist.npz"]), "it has mnist.npz; the data set `npz` reads mnist.npz");
    assert_eq!(said(&["0.png", "1.png"]), "it has 0.png, 1.png; the data set `images` reads pictures");
    assert_eq!(said(&["archive.zip"]), "it has archive.zip; unpack archive.zip first");
    assert_eq!(said(&["mnist_train.csv", "mnist_test.csv"]), "it has mnist_test.csv, mnist_train.csv");
    let many: Vec<_> = (0..9).map(|number| format!("{number}.txt")).collect();
    assert_eq!(
        said(&many.iter().map(String::as_str).collect::<Vec<_>>()),
        "it has 0.txt, 1.txt, 2.txt, 3.txt, 4.txt, 5.txt and 3 more"
    );
    let folder = tempfile::tempdir().unwrap();
    for (name, expected) in [
        ("train-images-idx3-ubyte.gz", "a file: set `path` to the folder that contains it"),
        ("mnist.npz", "a file of numpy, which the data set `npz` reads"),
        ("archive.zip", "an archive: unpack it with `unzip archive.zip` and set `path` to the folder"),
    ] {
        fs::write(folder.path().join(name), "x").unwrap();
        assert_eq!(message(folder.path(), &at(&folder.path().join(name))), format!("FOLDER/{name}: {expected}"));
    }
}
