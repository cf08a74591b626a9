//! Committed packs, and what `results/README.md` states about grids without one.

use std::fs;

use analysis::pack::{UnpackOptions, is_pack, unpack};

use crate::figures::files;
use crate::pages::{folders, top};

/// Largest size of a committed pack, in bytes.
const LARGEST: u64 = 6 << 20;

#[test]
fn every_reference_folder_has_a_pack_or_a_reason() {
    let page = fs::read_to_string(top().join("results/README.md")).unwrap();
    for (name, folder) in folders() {
        let row = page.lines().find(|line| line.starts_with(&format!("| [{name}](reference/{name}")));
        let row = row.unwrap_or_else(|| panic!("results/README.md has no row for {name}"));
        let packs: Vec<_> = files(&folder).into_iter().filter(|path| is_pack(path)).collect();
        assert_eq!(row.contains("| yes |"), !packs.is_empty(), "{name}: {row}");
        let reason = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default().trim();
        assert!(!packs.is_empty() || reason.len() > 10, "{name}: no reason: {row}");
    }
}

#[test]
fn committed_packs_are_small_complete_and_anonymous() {
    for (name, folder) in folders() {
        for pack in files(&folder).into_iter().filter(|path| is_pack(path)) {
            assert_eq!(pack.file_stem().and_then(|stem| stem.to_str()), Some(name.as_str()), "{}", pack.display());
            assert!(fs::metadata(&pack).unwrap().len() <= LARGEST, "{}", pack.display());
            assert!(top().join(format!("experiments/{name}.yaml")).exists(), "{name} has no grid");
            let results = tempfile::tempdir().unwrap();
            let unpacked = unpack(&pack, results.path(), &UnpackOptions::default()).unwrap();
            let manifest = &unpacked.manifest;
            assert_eq!((&manifest.grid, manifest.without.len()), (&name, 0));
            assert_eq!(manifest.trials, manifest.planned, "{name}");
            let texts =
                manifest.files.iter().filter(|file| !file.path.ends_with(".png") && !file.path.ends_with(".npy"));
            for file in texts {
                let text = fs::read_to_string(unpacked.grid.0.join(&file.path)).unwrap();
                let private = ["/home/", "/root/", "/tmp/", "/Users/"].into_iter().find(|folder| text.contains(folder));
                assert_eq!(private, None, "{}", file.path);
                let host = text.split("\"host\": {").nth(1).and_then(|rest| rest.split("\"name\": \"").nth(1));
                assert!(host.is_none_or(|host| host.starts_with("machine ")), "{}", file.path);
            }
        }
    }
}
