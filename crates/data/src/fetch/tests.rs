//! Whole sets, from good servers.

mod errors;
mod resume;
mod server;

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use self::server::{Reply, Server};
use super::client::Client;
use super::download::fetch_with;
use super::{Content, FetchFile, FetchSet, Progress};
use crate::DataError;

/// Length of an uncompressed file: more than a buffer and than a packet.
const CONTENT_LENGTH: usize = 150_001;
/// Length of the gzip file: 18 bytes of header and trailer, and 5 bytes per block of at most 32 KiB.
const LENGTH: usize = CONTENT_LENGTH + 18 + 5 * CONTENT_LENGTH.div_ceil(1 << 15);
const NAME: &str = "images.gz";

/// A gzip file, not compressed further, whose bytes have a long period, so that a misplaced piece is detected.
fn content(seed: u32) -> Vec<u8> {
    let file = gzip(&plain_content(seed));
    assert_eq!(file.len(), LENGTH);
    file
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gunzip(file: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    bytes
}

fn plain_content(seed: u32) -> Vec<u8> {
    let mut state = seed;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    std::iter::repeat_with(next).take(CONTENT_LENGTH).collect()
}

fn hash(bytes: &[u8]) -> &'static str {
    protocol::trial::hex(&Sha256::digest(bytes)).leak()
}

fn file(name: &'static str, gzip: &[u8]) -> FetchFile {
    let plain = gunzip(gzip);
    let content = Content { bytes: plain.len() as u64, sha256: hash(&plain) };
    FetchFile { name, bytes: gzip.len() as u64, sha256: hash(gzip), content }
}

/// A set with the mirrors `own` and an empty cache.
struct Fixture {
    cache: TempDir,
    set: FetchSet,
    progress: Vec<Progress>,
}

impl Fixture {
    fn new(files: Vec<FetchFile>, own: &[&Server]) -> Self {
        let mirrors: Vec<&'static str> = own.iter().map(|server| &*server.mirror().leak()).collect();
        let set = FetchSet {
            name: "set",
            about: "a test",
            mirrors: mirrors.leak(),
            files: files.leak(),
            cited: "nowhere",
            installed: None,
            without_mirrors: "copy the files",
        };
        Self { cache: tempfile::tempdir().unwrap(), set, progress: Vec::new() }
    }

    /// A set of one file, called [`NAME`].
    fn one(content: &[u8]) -> Self {
        Self::new(vec![file(NAME, content)], &[])
    }

    /// A set of one file with a partial file of an earlier attempt.
    fn with_part(content: &[u8], part: &[u8]) -> Self {
        let fixture = Self::one(content);
        fs::create_dir(fixture.path("")).unwrap();
        fs::write(fixture.part(), part).unwrap();
        fixture
    }

    fn fetch(&mut self, mirrors_first: &[&Server]) -> Result<PathBuf, DataError> {
        let mirrors: Vec<_> = mirrors_first.iter().map(|server| server.mirror()).collect();
        self.fetch_from(&mirrors)
    }

    fn fetch_from(&mut self, mirrors_first: &[String]) -> Result<PathBuf, DataError> {
        self.fetch_installed(None, mirrors_first)
    }

    /// As [`Fixture::fetch_from`], with the folder of a package of the operating system.
    fn fetch_installed(&mut self, installed: Option<&Path>, mirrors_first: &[String]) -> Result<PathBuf, DataError> {
        let client = Client::direct(Duration::from_millis(150));
        let progress = &mut |progress| self.progress.push(progress);
        fetch_with(&client, &self.set, self.cache.path(), installed, mirrors_first, progress)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.cache.path().join("set").join(name)
    }

    fn part(&self) -> PathBuf {
        self.path("images.gz.part")
    }

    /// The gzip file that the uncompressed file in the cache was.
    fn read(&self) -> Vec<u8> {
        gzip(&fs::read(self.path("images")).unwrap())
    }

    /// Names of the files in the folder of the set, without the lock.
    fn names(&self) -> Vec<String> {
        names(&self.path(""))
    }

    /// All reports except those of [`Progress::Receiving`].
    fn outcomes(&self) -> Vec<&Progress> {
        self.progress.iter().filter(|progress| !matches!(progress, Progress::Receiving { .. })).collect()
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name != ".lock");
    names.sort();
    names
}

#[test]
fn a_whole_set_arrives_and_a_second_call_downloads_nothing() {
    let (images, labels) = (content(1), content(2));
    let server = Server::new({
        let (images, labels) = (images.clone(), labels.clone());
        move |seen| Reply::whole(if seen.path == "/data/images.gz" { &images } else { &labels })
    });
    let mut fixture = Fixture::new(vec![file(NAME, &images), file("labels.gz", &labels)], &[&server]);

    assert_eq!(fixture.fetch(&[]).unwrap(), fixture.cache.path().join("set"));
    assert_eq!(fixture.names(), ["images", "labels"]);
    assert_eq!(fixture.read(), images);
    assert_eq!(fs::read(fixture.path("labels")).unwrap(), plain_content(2));
    assert_eq!(
        server.seen().iter().map(|seen| &*seen.path).collect::<Vec<_>>(),
        ["/data/images.gz", "/data/labels.gz"]
    );
    let complete = |file| Progress::Complete { file };
    assert_eq!(fixture.outcomes(), [&complete(NAME), &complete("labels.gz")]);
    // The last report before the completion of the first file counts all its bytes.
    let end = fixture.progress.iter().position(|progress| *progress == complete(NAME)).unwrap();
    let last = &fixture.progress[end - 1];
    let total = LENGTH as u64;
    assert!(
        matches!(last, Progress::Receiving { file: NAME, done, total: all, .. } if (*done, *all) == (total, total))
    );

    fixture.progress.clear();
    fixture.fetch(&[]).unwrap();
    assert_eq!(fixture.progress, [NAME, "labels.gz"].map(|file| Progress::Present { file }));
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn a_correct_file_is_kept_and_a_corrupt_one_replaced() {
    let images = content(1);
    let (right, spoilt) = (plain_content(1), b"spoilt".to_vec());
    let (plain, zipped) = ("images", NAME);
    // The files in the cache, the names afterwards, and whether the file was downloaded.
    let cases = [
        (vec![(zipped, &images)], vec![zipped], false),
        (vec![(plain, &right)], vec![plain], false),
        (vec![(zipped, &spoilt)], vec![plain], true),
        (vec![(plain, &spoilt)], vec![plain], true),
        // A reader takes the plain file, so that is the one that must be right.
        (vec![(plain, &spoilt), (zipped, &images)], vec![plain], true),
        (vec![(plain, &right), (zipped, &spoilt)], vec![plain, zipped], false),
    ];
    for (index, (files, names, downloaded)) in cases.into_iter().enumerate() {
        let server = Server::good(&images);
        let mut fixture = Fixture::one(&images);
        fs::create_dir(fixture.path("")).unwrap();
        for (name, bytes) in files {
            fs::write(fixture.path(name), bytes).unwrap();
        }
        fixture.fetch(&[&server]).unwrap();
        assert_eq!(fixture.names(), names, "case {index}");
        assert_eq!(server.seen().len(), usize::from(downloaded), "case {index}");
        if names[0] == plain {
            assert_eq!(fixture.read(), images, "case {index}");
        }
    }
}

#[test]
fn a_file_whose_content_is_wrong_is_not_stored() {
    let images = content(1);
    let server = Server::good(&images);
    let mut fixture = Fixture::one(&images);
    fixture.set.files = vec![FetchFile { content: file(NAME, &content(2)).content, ..file(NAME, &images) }].leak();
    let error = fixture.fetch(&[&server]).unwrap_err().to_string();
    assert!(error.contains("the content has another SHA-256 than "), "{error}");
    assert_eq!(fixture.names(), ["images.gz.part"]);
}

#[test]
fn files_that_a_package_installed_are_copied_without_a_download() {
    let (images, labels) = (content(1), content(2));
    let server = Server::good(&labels);
    let installed = tempfile::tempdir().unwrap();
    // Compressed in another way, so that the hash of the gzip file differs.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&plain_content(1)).unwrap();
    fs::write(installed.path().join(NAME), encoder.finish().unwrap()).unwrap();
    // A wrong file is downloaded.
    fs::write(installed.path().join("labels.gz"), &images).unwrap();

    let mut fixture = Fixture::new(vec![file(NAME, &images), file("labels.gz", &labels)], &[&server]);
    fixture.fetch_installed(Some(installed.path()), &[]).unwrap();
    assert_eq!(fixture.names(), ["images", "labels"]);
    assert_eq!(fixture.read(), images);
    assert_eq!(server.seen().iter().map(|seen| &*seen.path).collect::<Vec<_>>(), ["/data/labels.gz"]);
    let copied = Progress::Copied { file: NAME, from: installed.path().to_owned() };
    assert_eq!(fixture.outcomes(), [&copied, &Progress::Complete { file: "labels.gz" }]);
}

#[test]
fn given_mirrors_precede_those_of_the_set() {
    let images = content(1);
    let [first, second, own] =
        [Server::new(|_| Reply::empty("404 Not Found")), Server::good(&images), Server::good(&images)];
    let mut fixture = Fixture::new(vec![file(NAME, &images)], &[&own]);
    // Addresses with and without a slash at the end.
    let mirrors = [first.mirror(), second.mirror().trim_end_matches('/').to_owned()];
    fixture.fetch_from(&mirrors).unwrap();
    assert_eq!([first.seen().len(), second.seen().len(), own.seen().len()], [1, 1, 0]);
    assert_eq!(first.seen()[0].path, second.seen()[0].path);
}

#[test]
fn a_redirect_is_followed_and_a_length_need_not_be_announced() {
    let images = content(1);
    let target = Server::new({
        let images = images.clone();
        move |_| Reply::chunked(&images)
    });
    let location = target.mirror();
    let server = Server::new(move |_| Reply::empty(&format!("302 Found\r\nLocation: {location}moved")));
    let mut fixture = Fixture::one(&images);
    fixture.fetch(&[&server]).unwrap();
    assert_eq!(fixture.read(), images);
    assert_eq!(target.seen()[0].path, "/data/moved");
}
