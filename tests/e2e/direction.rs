//! Dependencies point one way.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// What each of our crates may see of ours, and whether it may see Burn.
const ALLOWED: &[(&str, &[&str], bool)] = &[
    ("genbench-protocol", &[], false),
    ("genbench-data", &["genbench-protocol"], false),
    ("genbench-lab", &["genbench-protocol"], false),
    ("genbench-engine", &["genbench-protocol", "genbench-data"], true),
    ("genbench-zoo", &["genbench-protocol", "genbench-data", "genbench-engine"], true),
];

#[test]
fn dependencies_point_one_way() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(top)
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    for (name, ours, burn) in ALLOWED {
        let package = packages.iter().find(|package| package["name"] == *name).unwrap_or_else(|| panic!("no {name}"));
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let on = dependency["name"].as_str().expect("a name");
            assert!(!on.starts_with("genbench") || ours.contains(&on), "{name} must not depend on {on}");
            assert!(*burn || !on.starts_with("burn"), "{name} must not depend on {on}");
        }
    }
    assert_eq!(packages.len(), ALLOWED.len() + 1, "a new crate needs its line in this test");
}
