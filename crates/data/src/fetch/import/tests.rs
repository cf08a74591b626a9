//! Imports of a small set from folders, archives and files.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::fetch::{Content, FetchFile};

const NAMES: [&str; 4] =
    ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

/// Content of file `index`: an IDX file of a few bytes.
fn content(index: usize) -> Vec<u8> {
    let kind = if NAMES[index].contains("idx3") { 3 } else { 1 };
    let mut bytes = vec![0, 0, 8, kind];
    bytes.extend((0..40).map(|byte| byte * 5 + index as u8));
    bytes
}

fn set() -> FetchSet {
    let file = |index: usize| {
        let bytes = content(index);
        let sha256 =
            protocol::trial::hex(&sha2::Digest::finalize(sha2::Digest::chain_update(sha2::Sha256::default(), &bytes)));
        FetchFile {
            name: format!("{}.gz", NAMES[index]).leak(),
            bytes: 1,
            sha256: "of the gzip file at the mirror",
            content: Content { bytes: bytes.len() as u64, sha256: sha256.leak() },
        }
    };
    FetchSet {
        name: "set",
        about: "a test",
        mirrors: &[],
        files: [0, 1, 2, 3].map(file).to_vec().leak(),
        cited: "nowhere",
        installed: None,
        without_mirrors: "run `npm pack set`",
    }
}

fn gzip(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn tar(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = ::tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = ::tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, &bytes[..]).unwrap();
    }
    archive.into_inner().unwrap()
}

fn zip(path: &Path, files: &[(String, Vec<u8>)]) {
    let mut archive = ::zip::ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in files {
        archive.start_file(name.as_str(), ::zip::write::FileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
}

/// All four files with `prefix` before their names.
fn files(prefix: &str) -> Vec<(String, Vec<u8>)> {
    (0..4).map(|index| (format!("{prefix}{}", NAMES[index]), content(index))).collect()
}

fn write(folder: &Path, files: &[(String, Vec<u8>)]) {
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

struct Fixture {
    folder: TempDir,
}

impl Fixture {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn import(&self, names: &[&str]) -> Result<Imported, DataError> {
        let paths: Vec<_> = names.iter().map(|name| self.path(name)).collect();
        import(&set(), &self.path("cache"), &paths)
    }

    /// Imports `name` and checks the cache; returns the sources.
    fn places(&self, name: &str) -> Vec<String> {
        let imported = self.import(&[name]).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(imported.folder, self.path("cache/set"));
        self.assert_complete();
        fs::remove_dir_all(self.path("cache")).unwrap();
        let place = |(_, origin): &(_, Origin)| match origin {
            Origin::Place(place) => place.replace(self.folder.path().to_str().unwrap(), "DIR"),
            Origin::Cache => "cache".to_owned(),
        };
        imported.files.iter().map(place).collect()
    }

    fn assert_complete(&self) {
        for (index, name) in NAMES.iter().enumerate() {
            assert_eq!(fs::read(self.path("cache/set").join(name)).unwrap(), content(index), "{name}");
        }
    }

    /// Message and help of a refused import, which writes nothing.
    fn refused(&self, names: &[&str]) -> String {
        let before = self.path("cache/set").exists();
        let Err(DataError::Setting(problem)) = self.import(names) else { panic!("{names:?} is not refused") };
        assert_eq!(self.path("cache/set").exists(), before);
        let text = format!("{}\nhelp: {}", problem.message, problem.help.unwrap());
        text.replace(self.folder.path().to_str().unwrap(), "DIR")
    }
}

#[test]
fn every_form_of_the_files_is_imported() {
    let fixture = Fixture::new();
    // A package of npm.
    fs::write(fixture.path("set-1.0.0.tgz"), gzip(&tar(&files("package/data/")), 9)).unwrap();
    assert_eq!(fixture.places("set-1.0.0.tgz")[3], "DIR/set-1.0.0.tgz: package/data/t10k-labels-idx1-ubyte");
    // The same with files that are compressed again, and without compression.
    let zipped: Vec<_> = files("data/").into_iter().map(|(name, bytes)| (name + ".gz", gzip(&bytes, 1))).collect();
    fs::write(fixture.path("again.tgz"), gzip(&tar(&zipped), 6)).unwrap();
    fs::write(fixture.path("plain.tar"), tar(&files(""))).unwrap();
    zip(&fixture.path("set.zip"), &files("a folder/"));
    zip(&fixture.path("zipped.zip"), &zipped);
    for archive in ["again.tgz", "plain.tar", "set.zip", "zipped.zip"] {
        assert!(fixture.places(archive).iter().all(|place| place.contains(archive)));
    }
    // Folders: other spellings, other compression, a folder that is called like its file, an archive inside.
    let mut kaggle = files("");
    for (name, bytes) in &mut kaggle {
        *name = format!("{}/{}", name.replace("-idx", ".idx"), name.replace("-idx", ".idx"));
        *bytes = gzip(bytes, 3);
    }
    write(&fixture.path("kaggle"), &kaggle);
    write(&fixture.path("project"), &files("node_modules/set/data/"));
    write(&fixture.path("nested"), &[("downloads/set.tgz".to_owned(), gzip(&tar(&files("")), 6))]);
    write(&fixture.path("renamed"), &(0..4).map(|index| (format!("{index}.bin"), content(index))).collect::<Vec<_>>());
    for folder in ["kaggle", "project", "nested", "renamed"] {
        assert!(fixture.places(folder)[0].starts_with(&format!("DIR/{folder}/")));
    }
}

#[test]
fn single_files_are_imported_in_one_command() {
    let fixture = Fixture::new();
    write(fixture.folder.path(), &files(""));
    fs::write(fixture.path("train-images-idx3-ubyte"), gzip(&content(0), 6)).unwrap();
    let imported = fixture.import(&NAMES).unwrap();
    fixture.assert_complete();
    assert_eq!(imported.files.iter().map(|(name, _)| *name).collect::<Vec<_>>(), NAMES);
    // Files in the cache stay, and are not searched for.
    fs::remove_file(fixture.path("cache/set/t10k-labels-idx1-ubyte")).unwrap();
    let again = fixture.import(&["t10k-labels-idx1-ubyte"]).unwrap();
    let from_cache = again.files.iter().map(|(_, origin)| *origin == Origin::Cache).collect::<Vec<_>>();
    assert_eq!(from_cache, [true, true, true, false]);
    fixture.assert_complete();
}

#[test]
fn an_incomplete_set_lists_each_file_and_writes_nothing() {
    let fixture = Fixture::new();
    let mut some = files("");
    some[1].1 = content(1)[..20].to_vec();
    some[2].0 += ".gz";
    some[2].1 = b"<html>404</html>".to_vec();
    some.remove(3);
    write(&fixture.path("some"), &some);
    write(&fixture.path("some"), &[("broken.tgz".to_owned(), gzip(&tar(&files("")), 6)[..60].to_vec())]);
    insta::assert_snapshot!(fixture.refused(&["some"]), @r"
    set: 1 of 4 files found in DIR/some; nothing was imported
      train-images-idx3-ubyte: found: DIR/some/train-images-idx3-ubyte
      train-labels-idx1-ubyte: wrong: DIR/some/train-labels-idx1-ubyte: 20 bytes, expected 44
      t10k-images-idx3-ubyte: wrong: DIR/some/t10k-images-idx3-ubyte.gz: not in the format of MNIST: its first bytes are not 00 00 08 01 or 00 00 08 03
      t10k-labels-idx1-ubyte: missing
      DIR/some/broken.tgz: the file ends too early: it is truncated
    help: name the missing files in the same command, plain, in gzip or in an archive
    ");
}

#[test]
fn wrong_contents_are_explained() {
    let fixture = Fixture::new();
    let mut changed = files("");
    *changed[0].1.last_mut().unwrap() ^= 1;
    changed[1].1.push(0);
    changed[2].1 = gzip(&content(2), 6);
    let checksum = changed[2].1.len() - 8;
    changed[2].1[checksum] ^= 1;
    changed[3].0 = "labels-of-something".to_owned();
    changed[3].1[10] ^= 1;
    write(&fixture.path("changed"), &changed);
    let message = fixture.refused(&["changed"]);
    for part in [
        "train-images-idx3-ubyte: SHA-256 of the content is ",
        "train-labels-idx1-ubyte: more than the expected 44 bytes",
        "t10k-images-idx3-ubyte: wrong: DIR/changed/t10k-images-idx3-ubyte: cannot be read: corrupt gzip stream",
        "t10k-labels-idx1-ubyte: missing",
        "labels-of-something: in the format of MNIST, but no file of set",
        "help: give the folder, archive (.tgz, .tar, .zip) or files of the set, which may be in gzip. To get them, run `npm pack set`",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    insta::assert_snapshot!(fixture.refused(&["nowhere.tgz"]), @r"
    DIR/nowhere.tgz: no such file or folder
    help: to get set, run `npm pack set`
    ");
    fs::create_dir(fixture.path("empty")).unwrap();
    assert!(fixture.refused(&["empty"]).starts_with("set: 0 of 4 files found in DIR/empty"));
}

#[test]
fn a_locked_folder_is_left_unchanged() {
    let fixture = Fixture::new();
    write(&fixture.path("files"), &files(""));
    fs::create_dir_all(fixture.path("cache/set")).unwrap();
    let lock = File::create(fixture.path("cache/set/.lock")).unwrap();
    lock.lock().unwrap();
    let error = fixture.import(&["files"]).unwrap_err();
    assert!(matches!(&error, DataError::Fetch(text) if text.contains("another process")), "{error}");
    drop(lock);
    fixture.import(&["files"]).unwrap();
    fixture.assert_complete();
}

#[test]
fn advice_names_a_command_that_works() {
    let fashion = crate::fetch::find("fashion_mnist").unwrap();
    assert_eq!(
        advice_with(fashion, fashion.installed.map(Path::new)),
        "run `genbench data fetch fashion_mnist`, which copies it from /usr/share/datasets/fashion-mnist"
    );
    assert_eq!(
        advice_with(fashion, None),
        "run `genbench data fetch fashion_mnist`. Without its mirrors, on Debian run `apt-get install dataset-fashion-mnist`, then \
         `genbench data fetch fashion_mnist`"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// One changed, missing or added byte at any place of any file makes the import fail, plain or in an archive.
    #[test]
    fn any_damage_is_found(
        index in 0usize..4,
        at: prop::sample::Index,
        change in 0u8..3,
        bit in 0u32..8,
        in_archive: bool,
    ) {
        let fixture = Fixture::new();
        let mut damaged = files("");
        let bytes = &mut damaged[index].1;
        let at = at.index(bytes.len());
        match change {
            0 => bytes[at] ^= 1 << bit,
            1 => bytes.truncate(at),
            _ => bytes.insert(at, 7),
        }
        if in_archive {
            fs::write(fixture.path("set.tgz"), gzip(&tar(&damaged), 6)).unwrap();
        } else {
            write(&fixture.path("set.tgz"), &damaged);
        }
        let message = fixture.refused(&["set.tgz"]);
        prop_assert!(message.contains("3 of 4 files found"), "{}", message);
    }

    /// Any bytes in place of an archive are an error, never a panic.
    #[test]
    fn any_bytes_are_read_without_a_panic(
        start in prop::sample::select(vec![&b"PK\x03\x04"[..], b"\x1f\x8b\x08\x00", b"\x00\x00\x08\x03", b""]),
        bytes in prop::collection::vec(any::<u8>(), 0..600),
        ustar: bool,
    ) {
        let fixture = Fixture::new();
        let mut file = [start, &bytes].concat();
        if ustar && file.len() > 262 {
            file[257..262].copy_from_slice(b"ustar");
        }
        fs::write(fixture.path("file"), file).unwrap();
        prop_assert!(fixture.refused(&["file"]).contains("0 of 4 files found"));
    }
}
