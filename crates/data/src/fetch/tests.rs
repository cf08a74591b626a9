//! Whole sets, from good servers.

mod errors;
mod resume;
mod server;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use self::server::{Reply, Server};
use super::client::Client;
use super::download::fetch_with;
use super::{FetchFile, FetchSet, Progress};
use crate::DataError;

/// Length of a file: more than a buffer and than a packet.
const LENGTH: usize = 150_001;
const NAME: &str = "images.gz";

/// Bytes with a long period, so that a misplaced piece is detected.
fn content(seed: u32) -> Vec<u8> {
    let mut state = seed;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    std::iter::repeat_with(next).take(LENGTH).collect()
}

fn file(name: &'static str, content: &[u8]) -> FetchFile {
    let sha256 = protocol::trial::hex(&Sha256::digest(content));
    FetchFile { name, bytes: content.len() as u64, sha256: sha256.leak() }
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
        let set =
            FetchSet { name: "set", about: "a test", mirrors: mirrors.leak(), files: files.leak(), cited: "nowhere" };
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
        let client = Client::direct(Duration::from_millis(150));
        fetch_with(&client, &self.set, self.cache.path(), mirrors_first, &mut |progress| self.progress.push(progress))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.cache.path().join("set").join(name)
    }

    fn part(&self) -> PathBuf {
        self.path("images.gz.part")
    }

    fn read(&self) -> Vec<u8> {
        fs::read(self.path(NAME)).unwrap()
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
    assert_eq!(fixture.names(), ["images.gz", "labels.gz"]);
    assert_eq!(fixture.read(), images);
    assert_eq!(fs::read(fixture.path("labels.gz")).unwrap(), labels);
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
    let server = Server::good(&images);
    let mut fixture = Fixture::one(&images);
    fs::create_dir(fixture.path("")).unwrap();
    fs::write(fixture.path(NAME), &images).unwrap();
    fixture.fetch(&[&server]).unwrap();
    assert_eq!(server.seen().len(), 0);

    fs::write(fixture.path(NAME), "spoilt").unwrap();
    fixture.fetch(&[&server]).unwrap();
    assert_eq!(fixture.read(), images);
    assert_eq!(server.seen().len(), 1);
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
