//! Allowed dependencies between the crates.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Crate, workspace crates that it may depend on, and whether it may depend on Burn.
const ALLOWED: &[(&str, &[&str], bool)] = &[
    ("allocator", &[], false),
    ("protocol", &[], false),
    ("data", &["protocol"], false),
    ("stats", &[], false),
    ("nn", &["protocol", "data"], true),
    ("engine", &["allocator", "protocol", "data", "nn"], true),
    ("zoo", &["protocol", "data", "nn", "engine"], true),
    ("laws", &["protocol", "data", "nn", "engine"], true),
    ("grid", &["protocol"], false),
    ("analysis", &["protocol", "stats"], false),
    ("runner", &["protocol", "stats", "analysis"], false),
];

fn metadata() -> Value {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(top)
        .output()
        .expect("cargo runs");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Returns the forbidden dependencies. Dependencies of tests and benches are free.
fn broken(packages: &[Value]) -> Vec<String> {
    let mut broken = Vec::new();
    for (name, ours, burn) in ALLOWED {
        let full = format!("genbench-{name}");
        let package = packages.iter().find(|package| package["name"] == full).unwrap_or_else(|| panic!("no {full}"));
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let on = dependency["name"].as_str().expect("a name");
            let allowed = match on.strip_prefix("genbench-") {
                Some(one) => ours.contains(&one) || !dependency["kind"].is_null(),
                None => on != "genbench" && (*burn || !on.starts_with("burn")),
            };
            if !allowed {
                broken.push(format!("{full} must not depend on {on}"));
            }
        }
    }
    broken
}

#[test]
fn dependencies_point_one_way() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    assert_eq!(broken(packages), [""; 0]);
    assert_eq!(packages.len(), ALLOWED.len() + 1, "a new crate needs its line in this test");
}

#[test]
fn an_arrow_that_points_back_is_caught() {
    let mut metadata = metadata();
    let packages = metadata["packages"].as_array_mut().expect("packages");
    let stats = packages.iter_mut().find(|package| package["name"] == "genbench-stats").expect("a crate");
    let more = serde_json::json!([{"name": "genbench-runner", "kind": null}, {"name": "burn", "kind": null}]);
    stats["dependencies"] = more;
    assert_eq!(broken(packages).len(), 2);
}
