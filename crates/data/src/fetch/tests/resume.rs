//! Continuation of partial files.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::server::{Reply, Server};
use super::{Fixture, LENGTH, content};
use crate::fetch::Progress;

const HALF: usize = LENGTH / 2;

/// A server with ranges that closes the connection after `count` bytes of each response.
fn cut(content: &[u8], count: usize) -> Server {
    let content = content.to_vec();
    Server::new(move |seen| Reply::range(&content, seen).cut(count))
}

#[test]
fn only_the_rest_is_sent() {
    let images = content(1);
    let server = Server::good(&images);
    let mut fixture = Fixture::with_part(&images, &images[..HALF]);
    fixture.fetch(&[&server]).unwrap();
    assert_eq!(fixture.read(), images);
    assert_eq!(fixture.names(), ["images"]);
    assert_eq!(server.seen().len(), 1);
    assert_eq!(server.seen()[0].range.as_deref(), Some(&*format!("bytes={HALF}-")));
    assert_eq!(server.seen()[0].sent, LENGTH - HALF);
    // Existing bytes count as done.
    assert!(matches!(fixture.progress[0], Progress::Receiving { done, .. } if done > HALF as u64));
}

#[test]
fn a_redirect_keeps_the_range() {
    let images = content(1);
    let target = Server::good(&images);
    let location = target.mirror();
    let server = Server::new(move |_| Reply::empty(&format!("302 Found\r\nLocation: {location}moved")));
    let mut fixture = Fixture::with_part(&images, &images[..HALF]);
    fixture.fetch(&[&server]).unwrap();
    assert_eq!(fixture.read(), images);
    assert_eq!(target.seen()[0].sent, LENGTH - HALF);
}

#[test]
fn a_server_without_ranges_restarts_the_file() {
    let images = content(1);
    let server = Server::new({
        let images = images.clone();
        move |_| Reply::whole(&images)
    });
    // The existing bytes are wrong: with them in the file there would be a second request.
    let mut fixture = Fixture::with_part(&images, &images[HALF..]);
    fixture.fetch(&[&server]).unwrap();
    assert_eq!(fixture.read(), images);
    assert_eq!(server.seen().len(), 1);
    assert!(server.seen()[0].range.is_some());
}

#[test]
fn a_refused_or_wrong_range_restarts_the_file() {
    let refused = |_: &[u8]| Reply::empty("416 Range Not Satisfiable");
    let another = |content: &[u8]| {
        let head = format!("206 Partial Content\r\nContent-Range: bytes 0-{}/{LENGTH}", LENGTH - 1);
        Reply::headed(&head, content)
    };
    let unsaid = |content: &[u8]| Reply::headed("206 Partial Content", content);
    for reply in [refused, another, unsaid] as [fn(&[u8]) -> Reply; 3] {
        let images = content(1);
        let server = Server::new({
            let images = images.clone();
            move |seen| if seen.range.is_some() { reply(&images) } else { Reply::whole(&images) }
        });
        let mut fixture = Fixture::with_part(&images, &images[..HALF]);
        fixture.fetch(&[&server]).unwrap();
        assert_eq!(fixture.read(), images);
        assert_eq!(server.seen().iter().map(|seen| seen.range.is_some()).collect::<Vec<_>>(), [true, false]);
    }
}

#[test]
fn the_next_mirror_continues_where_the_connection_was_cut() {
    let images = content(1);
    let (first, second) = (cut(&images, HALF), Server::good(&images));
    let mut fixture = Fixture::one(&images);
    fixture.fetch(&[&first, &second]).unwrap();
    assert_eq!(fixture.read(), images);
    assert_eq!((second.seen()[0].start(), second.seen()[0].sent), (HALF, LENGTH - HALF));
    let outcomes = fixture.outcomes();
    assert!(matches!(outcomes[..], [Progress::Failed { .. }, Progress::Complete { .. }]), "{outcomes:?}");
}

#[test]
fn a_later_call_continues_where_the_connection_was_cut() {
    let images = content(1);
    let mut fixture = Fixture::one(&images);
    let error = fixture.fetch(&[&cut(&images, HALF)]).unwrap_err().to_string();
    assert!(error.contains(&format!("at byte {HALF} of {LENGTH}")), "{error}");
    assert_eq!(fixture.names(), ["images.gz.part"]);
    assert_eq!(fs::read(fixture.part()).unwrap(), images[..HALF]);

    let server = Server::good(&images);
    fixture.fetch(&[&server]).unwrap();
    assert_eq!(fixture.read(), images);
    assert_eq!(server.seen()[0].start(), HALF);
}

#[test]
fn a_wrong_partial_file_is_replaced() {
    let images = content(1);
    let starts = |part: &[u8]| {
        let server = Server::good(&images);
        let mut fixture = Fixture::with_part(&images, part);
        fixture.fetch(&[&server]).unwrap();
        assert_eq!(fixture.read(), images);
        server.seen().iter().map(|seen| seen.range.as_ref().map(|_| seen.start())).collect::<Vec<_>>()
    };
    let other = content(2);
    assert_eq!(starts(&other[..HALF]), [Some(HALF), None], "continued, and found out by the hash");
    assert_eq!(starts(&other), [None], "complete, and found out by the hash");
    assert_eq!(starts(&[&images[..], b"more"].concat()), [None], "longer than the file");
    assert_eq!(starts(&images), [], "complete and right: nothing to ask for");
    assert_eq!(starts(&[]), [None], "empty");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every byte is sent once for any number and position of cuts.
    #[test]
    fn any_cuts_add_up_to_the_file(cuts in prop::collection::vec(0..LENGTH / 2, 0..5)) {
        let images = content(3);
        let server = Server::new({
            let (images, cuts, calls) = (images.clone(), cuts.clone(), AtomicUsize::new(0));
            move |seen| {
                let call = calls.fetch_add(1, Ordering::SeqCst);
                Reply::range(&images, seen).cut(cuts.get(call).copied().unwrap_or(LENGTH))
            }
        });
        let mut fixture = Fixture::one(&images);
        let calls = (0..=cuts.len()).take_while(|_| fixture.fetch(&[&server]).is_err()).count();
        prop_assert!(calls <= cuts.len());
        prop_assert_eq!(fixture.read(), images);
        prop_assert_eq!(server.seen().iter().map(|seen| seen.sent).sum::<usize>(), LENGTH);
    }
}
