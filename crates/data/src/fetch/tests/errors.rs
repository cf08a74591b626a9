//! Errors of downloads: they are reported and leave no incomplete file.

use std::fs::{self, File};
use std::time::{Duration, Instant};

use super::server::{Reply, Server};
use super::{Fixture, LENGTH, NAME, content};
use crate::DataError;
use crate::fetch::Progress;

fn answering(reply: impl Fn() -> Reply + Send + 'static) -> Server {
    Server::new(move |_| reply())
}

/// The error of `fixture` with `server` as the only mirror, without its help; the address is replaced by `MIRROR`.
fn error(fixture: &mut Fixture, server: &Server) -> String {
    let error = fixture.fetch(&[server]).unwrap_err();
    assert!(matches!(error, DataError::Fetch(_)), "{error}");
    assert!(!fixture.path(NAME).exists() && !fixture.path("images").exists());
    let text = error.to_string().replace(&server.mirror(), "MIRROR");
    text.split_once("\nhelp: ").expect("a message with help").0.to_owned()
}

#[test]
fn a_wrong_hash_moves_on_to_the_next_mirror() {
    let images = content(1);
    let (wrong, right) = (Server::good(&content(2)), Server::good(&images));
    let mut fixture = Fixture::one(&images);
    fixture.fetch(&[&wrong, &right]).unwrap();
    assert_eq!(fixture.read(), images);
    // Nothing of the wrong file was continued.
    assert_eq!(right.seen()[0].range, None);
    let [Progress::Failed { file: NAME, mirror, reason }, Progress::Complete { .. }] = fixture.outcomes()[..] else {
        panic!("{:?}", fixture.progress);
    };
    assert_eq!(*mirror, wrong.mirror());
    assert!(reason.starts_with("wrong hash: expected "), "{reason}");
}

#[test]
fn with_no_mirror_left_each_reason_is_listed() {
    let images = content(1);
    let (absent, wrong) = (answering(|| Reply::empty("404 Not Found")), Server::good(&content(2)));
    let mut fixture = Fixture::one(&images);
    let error = fixture.fetch(&[&absent, &wrong]).unwrap_err().to_string();
    let error = error.replace(&absent.mirror(), "ABSENT").replace(&wrong.mirror(), "WRONG");
    insta::assert_snapshot!(error, @r"
    set: no mirror delivered images.gz:
      ABSENT: http status 404
      WRONG: wrong hash: expected e28cd6ff006484e8d7922a0f8147510fb98adf22ee6899443c5ea76b2a4211cd, got 48fe0202c467dfdc46d08b9b2e3ab92efc5efa4ee9013e5acc1a0302482bb080
    help: without a mirror, copy the files
    ");
    assert_eq!(fixture.names(), [""; 0]);
}

#[test]
fn an_error_status_leaves_the_part_alone() {
    let images = content(1);
    for status in ["404 Not Found", "500 Internal Server Error"] {
        let server = answering(move || Reply::empty(status));
        let mut fixture = Fixture::with_part(&images, &images[..10]);
        let reason = error(&mut fixture, &server);
        assert!(reason.ends_with(&format!("MIRROR: http status {}", &status[..3])), "{reason}");
        assert_eq!(fs::read(fixture.part()).unwrap(), images[..10]);
    }
}

#[test]
fn a_response_of_another_size_is_refused_unread() {
    let images = content(1);
    for length in [0, 11, LENGTH - 1, LENGTH + 1] {
        let server = answering(move || Reply::whole(&vec![0; length]));
        let mut fixture = Fixture::with_part(&images, &images[..10]);
        let reason = error(&mut fixture, &server);
        assert!(reason.ends_with(&format!("MIRROR: the response has {length} bytes, expected {LENGTH}")), "{reason}");
        assert_eq!(fs::read(fixture.part()).unwrap(), images[..10]);
    }
}

#[test]
fn a_response_without_a_length_is_stopped_at_the_size_of_the_file() {
    let images = content(1);
    let server = answering(|| Reply::chunked(&vec![0; 100 * LENGTH]));
    let mut fixture = Fixture::one(&images);
    let reason = error(&mut fixture, &server);
    assert!(reason.ends_with(&format!("MIRROR: the response has more than {LENGTH} bytes")), "{reason}");
    assert_eq!(fixture.names(), [""; 0]);

    let server = answering(|| Reply::chunked(&[0; 10]));
    let reason = error(&mut fixture, &server);
    assert!(reason.ends_with(&format!("MIRROR: the connection ended at byte 10 of {LENGTH}")), "{reason}");
}

#[test]
fn a_silent_server_times_out() {
    let images = content(1);
    let (silent, right) = (answering(Reply::silence), Server::good(&images));
    let stalling = Server::new({
        let images = images.clone();
        move |_| Reply::whole(&images).cut(1_000).stall()
    });
    let started = Instant::now();
    let mut fixture = Fixture::one(&images);
    fixture.fetch(&[&silent, &stalling, &right]).unwrap();
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    assert_eq!(fixture.read(), images);
    // What came before the silence is kept.
    assert_eq!(right.seen()[0].start(), 1_000);
    let reasons: Vec<_> = fixture.outcomes().iter().map(ToString::to_string).collect();
    assert!(reasons[..2].iter().all(|reason| reason.contains("timeout")), "{reasons:?}");
}

#[test]
fn an_invalid_mirror_is_skipped() {
    let images = content(1);
    let right = Server::good(&images);
    let mut fixture = Fixture::one(&images);
    let gone = Server::good(&images).mirror();
    fixture.fetch_from(&["nonsense".to_owned(), String::new(), "ftp://a/".to_owned(), gone, right.mirror()]).unwrap();
    assert_eq!(fixture.read(), images);
    assert_eq!(fixture.outcomes().len(), 5, "{:?}", fixture.progress);
}

#[test]
fn a_locked_folder_is_left_unchanged() {
    let images = content(1);
    let server = Server::good(&images);
    let mut fixture = Fixture::with_part(&images, &images[..10]);
    let lock = File::create(fixture.path(".lock")).unwrap();
    lock.lock().unwrap();
    let reason = fixture.fetch(&[&server]).unwrap_err().to_string();
    assert!(reason.ends_with("set: another process is writing into this folder"), "{reason}");
    assert_eq!(server.seen().len(), 0);
    assert_eq!(fs::read(fixture.part()).unwrap(), images[..10]);

    drop(lock);
    fixture.fetch(&[&server]).unwrap();
    assert_eq!(fixture.read(), images);
}

#[test]
fn local_errors_are_not_errors_of_a_mirror() {
    let images = content(1);
    let (first, second) = (Server::good(&images), Server::good(&images));
    let mut fixture = Fixture::one(&images);
    fs::create_dir_all(fixture.part()).unwrap();
    let error = fixture.fetch(&[&first, &second]).unwrap_err();
    assert!(matches!(&error, DataError::Io { path, .. } if *path == fixture.part()), "{error}");
    assert_eq!(second.seen().len(), 0);

    let mut fixture = Fixture::one(&images);
    fs::write(fixture.cache.path().join("set"), "a file").unwrap();
    let error = fixture.fetch(&[&first]).unwrap_err();
    assert!(matches!(&error, DataError::Io { path, .. } if path.ends_with("set")), "{error}");
}
