//! Files that are no packs: each is refused, and nothing appears in the results.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use serde_json::json;
use tar::{Builder, EntryType, Header};

use super::*;
use crate::pack::manifest::sha256;

/// An archive as somebody else would make it: every header field is free.
struct Forged(Builder<GzEncoder<Vec<u8>>>);

impl Forged {
    fn new() -> Self {
        Self(Builder::new(GzEncoder::new(Vec::new(), Compression::fast())))
    }

    fn file(self, path: &str, bytes: &[u8]) -> Self {
        self.entry(path, EntryType::Regular, "", bytes)
    }

    fn entry(mut self, path: &str, of: EntryType, link: &str, bytes: &[u8]) -> Self {
        let mut header = Header::new_ustar();
        // `set_path` refuses the paths that an attacker would write.
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        header.as_old_mut().linkname[..link.len()].copy_from_slice(link.as_bytes());
        header.set_entry_type(of);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        self.0.append(&header, bytes).unwrap();
        self
    }

    fn end(self) -> Vec<u8> {
        self.0.into_inner().unwrap().finish().unwrap()
    }
}

/// A manifest of these files.
fn manifest(grid: &str, files: &[(&str, &[u8])]) -> Value {
    let file = |(path, bytes): &(&str, &[u8])| json!({"path": path, "bytes": bytes.len(), "sha256": sha256(bytes)});
    json!({
        "format": 1, "grid": grid, "genbench": "", "planned": 1, "trials": 1, "points": 200, "without": [],
        "files": files.iter().map(file).collect::<Vec<_>>(),
    })
}

/// An archive with a true manifest of its files.
fn forged(grid: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let text = manifest(grid, files).to_string();
    files
        .iter()
        .fold(Forged::new().file("manifest.json", text.as_bytes()), |all, (path, bytes)| all.file(path, bytes))
        .end()
}

fn plan(grid: &str) -> Vec<u8> {
    serde_json::to_vec(&protocol::Plan::new(grid, Vec::new())).unwrap()
}

/// Asserts that a file is refused with these words, and that it leaves nothing in the results.
fn refused(bytes: &[u8], words: &str) {
    let outer = tempfile::tempdir().unwrap();
    let results = outer.path().join("results");
    fs::create_dir(&results).unwrap();
    let error = unpacked(bytes, &results).map(|there| there.grid).unwrap_err();
    assert!(error.contains(words), "{error}\nis not about: {words}");
    assert_eq!((names(&results), names(outer.path())), (vec![], vec!["results".to_owned()]), "{words}");
}

#[test]
fn a_true_archive_of_this_kind_is_unpacked() {
    let elsewhere = tempfile::tempdir().unwrap();
    let there = unpacked(&forged("small", &[("plan.json", &plan("small"))]), elsewhere.path()).unwrap();
    assert_eq!(names(&there.grid.0), ["plan.json"]);
}

#[test]
fn paths_that_lead_elsewhere_are_refused() {
    for path in ["../evil.json", "/tmp/evil.json", "trials/../../evil.json", "trials/a/../../../evil.json", "evil.sh"] {
        refused(&forged("small", &[("plan.json", &plan("small")), (path, b"{}")]), "must not hold");
        // The same path, of which the manifest says nothing.
        let text = manifest("small", &[("plan.json", &plan("small"))]).to_string();
        let hidden = Forged::new().file("manifest.json", text.as_bytes()).file("plan.json", &plan("small"));
        refused(&hidden.file(path, b"{}").end(), "not in the manifest");
    }
    for grid in ["", ".", "..", "../small", "a/b", "/tmp/small", ".git", "-rf", "reference", "audit", "a\nb"] {
        refused(&forged(grid, &[("plan.json", &plan(grid))]), "cannot be the name of a grid");
    }
}

#[test]
fn links_and_special_files_are_refused() {
    let text = manifest("small", &[("plan.json", b"{}")]).to_string();
    for of in
        [EntryType::Symlink, EntryType::Link, EntryType::Fifo, EntryType::Char, EntryType::Block, EntryType::Directory]
    {
        let bytes =
            Forged::new().file("manifest.json", text.as_bytes()).entry("plan.json", of, "/etc/passwd", b"").end();
        refused(&bytes, "is a link or a special file");
    }
    for of in [
        EntryType::GNULongName,
        EntryType::GNULongLink,
        EntryType::XHeader,
        EntryType::XGlobalHeader,
        EntryType::GNUSparse,
    ] {
        let bytes = Forged::new().file("manifest.json", text.as_bytes()).entry("x", of, "", b"../../evil").end();
        refused(&bytes, "is a link or a special file");
    }
    refused(&Forged::new().entry("manifest.json", EntryType::Symlink, "/etc/passwd", b"").end(), "first file");
}

#[test]
fn files_that_differ_from_the_manifest_are_refused() {
    let good = plan("small");
    let text = manifest("small", &[("plan.json", &good), ("grid.yaml", b"name: small")]).to_string();
    let start = || Forged::new().file("manifest.json", text.as_bytes()).file("plan.json", &good);
    refused(&start().end(), "is in the manifest and not in the archive");
    refused(&start().file("grid.yaml", b"name: smalk").end(), "differs from its size or hash");
    refused(&start().file("grid.yaml", b"name: small longer").end(), "differs from its size or hash");
    refused(&start().file("grid.yaml", b"").end(), "differs from its size or hash");
    refused(&start().file("plan.json", &good).end(), "twice");
    refused(&forged("small", &[("plan.json", &good), ("plan.json", &good)]), "lists a file twice");
    refused(&forged("small", &[("grid.yaml", b"")]), "no plan.json");
    refused(&forged("small", &[("plan.json", b"{}")]), "plan.json: ");
    refused(&forged("small", &[("plan.json", &plan("other"))]), "different grids");
}

#[test]
fn newer_formats_are_named() {
    let newer = json!({"format": 2, "whatever": true}).to_string();
    refused(
        &Forged::new().file("manifest.json", newer.as_bytes()).end(),
        "a pack of format 2; this genbench reads formats up to 1",
    );
    for bad in ["", "{", "[]", "{\"format\": -1}", "{\"format\": 1}", "{\"format\": 1.5}"] {
        refused(&Forged::new().file("manifest.json", bad.as_bytes()).end(), "manifest.json: ");
    }
}

#[test]
fn bombs_are_refused_before_they_are_written() {
    // A declared bomb.
    let mut text = manifest("small", &[("plan.json", &plan("small"))]);
    text["files"][0]["bytes"] = json!(u64::MAX);
    refused(&Forged::new().file("manifest.json", text.to_string().as_bytes()).end(), "above the limit of 1.0 GiB");
    // A small file that is larger than declared: 8 MiB of zeros, which the reader leaves after the first extra byte.
    let text = manifest("small", &[("plan.json", &plan("small"))]).to_string();
    let zeros = vec![0; 8 << 20];
    refused(
        &Forged::new().file("manifest.json", text.as_bytes()).file("plan.json", &zeros).end(),
        "differs from its size",
    );
    let limited = UnpackOptions { max_size: 10, ..UnpackOptions::default() };
    let results = tempfile::tempdir().unwrap();
    let error =
        unpacked_with(&forged("small", &[("plan.json", &plan("small"))]), results.path(), &limited).unwrap_err();
    assert!(error.contains("above the limit of 10 bytes") && error.contains("--max-size"), "{error}");
}

#[test]
fn other_files_are_no_packs() {
    refused(b"", "ends early");
    refused(b"name: small\nseeds: 3\n", "damaged or no pack");
    refused(&[0x1f, 0x8b], "ends early");
    let empty = GzEncoder::new(Vec::new(), Compression::fast()).finish().unwrap();
    refused(&empty, "it is empty");
    refused(&Forged::new().file("README.md", b"hello").end(), "its first file is not manifest.json");
    let mut text = GzEncoder::new(Vec::new(), Compression::fast());
    text.write_all(&[b'x'; 2000]).unwrap();
    refused(&text.finish().unwrap(), "damaged or no pack");
}

#[test]
fn a_torn_or_extended_pack_is_refused() {
    let fixture = planned();
    let bytes = packed(&fixture.grid, &PackOptions::default()).bytes;
    for length in (0..bytes.len()).step_by(211).chain([bytes.len() - 1]) {
        refused(&bytes[..length], "the file ends early");
    }
    refused(&[&bytes[..], b"more"].concat(), "something follows the end");
    refused(&[&bytes[..], &bytes[..]].concat(), "something follows the end");
    // Inside gzip, after the end of the archive.
    let mut text = Vec::new();
    std::io::Read::read_to_end(
        &mut flate2::read::GzDecoder::new(&forged("small", &[("plan.json", &plan("small"))])[..]),
        &mut text,
    )
    .unwrap();
    text.extend([b'x'; 512]);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&text).unwrap();
    refused(&gzip.finish().unwrap(), "something follows the end");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn changed_bytes_never_give_other_results(at in any::<proptest::sample::Index>(), to in any::<u8>(), gzipped in any::<bool>()) {
        let files: [(&str, &[u8]); 2] = [("plan.json", &plan("small")), ("trials/0123456789ab/trial.json", b"{\"a\": 1}")];
        let good = forged("small", &files);
        let mut bytes = good.clone();
        if gzipped {
            // A change inside the archive, under a true checksum of gzip.
            let mut text = Vec::new();
            std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&good[..]), &mut text).unwrap();
            let index = at.index(text.len());
            text[index] = to;
            let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
            gzip.write_all(&text).unwrap();
            bytes = gzip.finish().unwrap();
        } else {
            let index = at.index(bytes.len());
            bytes[index] = to;
        }
        let results = tempfile::tempdir().unwrap();
        match unpacked(&bytes, results.path()) {
            Err(error) => {
                prop_assert!(names(results.path()).is_empty(), "{}", error);
            }
            Ok(there) => {
                for (path, content) in files {
                    prop_assert_eq!(fs::read(there.grid.0.join(path)).unwrap(), content);
                }
            }
        }
    }
}
