//! Registration of all models, data sets, measures and facts: each file that declares a name has an entry.

use std::path::{Path, PathBuf};

use genbench::Registry;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Returns the names that files of a crate declare by `const NAME` in implementations of a trait.
fn declared(krate: &str, of: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(krate).join("src"), &mut files);
    let mut names = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("UTF-8");
        if !text.contains(&format!("impl {of} for ")) {
            continue;
        }
        for line in text.lines().filter(|line| line.trim_start().starts_with("const NAME: &'static str =")) {
            names.push((file.clone(), line.split('"').nth(1).expect("a name in quotes").to_owned()));
        }
    }
    names
}

#[test]
fn every_file_that_declares_a_name_is_registered() {
    let Registry { models, data, measures, facts, .. } = Registry::built_in();
    let registries: [(&str, &str, Vec<&str>); 4] = [
        ("zoo", "ModelConfig", models.names().collect()),
        ("data", "DataConfig", data.names().collect()),
        ("engine", "MeasureConfig", measures.names().collect()),
        ("zoo", "FactConfig", facts.names().collect()),
    ];
    for (krate, of, registered) in registries {
        let declared = declared(krate, of);
        for (file, name) in &declared {
            assert!(registered.contains(&name.as_str()), "{} has no entry for `{name}`", file.display());
        }
        assert_eq!(declared.len(), registered.len(), "{of}: {registered:?}");
    }
}
