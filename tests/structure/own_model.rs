//! `examples/own_model` builds what the workspace has built: same profile, same versions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn table(path: &Path) -> toml::Table {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Checksum of each package of a lock file that comes from a registry, by name and version.
fn packages(lock: &toml::Table) -> BTreeMap<(String, String), String> {
    let all = lock["package"].as_array().expect("packages");
    let text = |package: &toml::Value, key: &str| package.get(key).and_then(|value| value.as_str()).map(str::to_owned);
    all.iter()
        .filter_map(|package| {
            let checksum = text(package, "checksum")?;
            Some(((text(package, "name")?, text(package, "version")?), checksum))
        })
        .collect()
}

/// The release profile, without what it sets for the package `genbench` alone.
fn profile(manifest: &str) -> toml::Table {
    let manifest = table(&top().join(manifest));
    let mut release =
        manifest.get("profile").and_then(|all| all.get("release")?.as_table().cloned()).unwrap_or_default();
    if let Some(packages) = release.get_mut("package").and_then(|packages| packages.as_table_mut()) {
        packages.remove("genbench");
    }
    release.retain(|_, value| value.as_table().is_none_or(|table| !table.is_empty()));
    release
}

#[test]
fn the_example_has_the_profile_of_the_workspace() {
    assert_eq!(profile("examples/own_model/Cargo.toml"), profile("Cargo.toml"));
}

#[test]
fn the_example_has_the_versions_of_the_workspace() {
    let ours = packages(&table(&top().join("Cargo.lock")));
    let example = packages(&table(&top().join("examples/own_model/Cargo.lock")));
    assert!(example.len() > 100, "{}", example.len());
    let other: Vec<_> = example.iter().filter(|(package, checksum)| ours.get(package) != Some(checksum)).collect();
    assert!(other.is_empty(), "not in the workspace's Cargo.lock: {other:?}");
}
