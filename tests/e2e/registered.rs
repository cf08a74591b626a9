//! Every model, data set and measure file has its entry: a file that is forgotten is a failure.

use std::path::{Path, PathBuf};

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

/// The names that a crate's files declare by `const NAME`.
fn declared(krate: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(krate).join("src"), &mut files);
    let mut names = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("UTF-8");
        for line in text.lines().filter(|line| line.contains("const NAME: &'static str =")) {
            names.push((file.clone(), line.split('"').nth(1).expect("a name in quotes").to_owned()));
        }
    }
    names
}

#[test]
fn every_file_that_declares_a_name_is_registered() {
    let registries: [(&str, Vec<&str>); 3] = [
        ("zoo", zoo::MODELS.iter().map(|entry| entry.name).collect()),
        ("data", data::DATASETS.iter().map(|entry| entry.name).collect()),
        ("engine", engine::measure::MEASURES.iter().map(|entry| entry.name).collect()),
    ];
    for (krate, registered) in registries {
        let declared = declared(krate);
        for (file, name) in &declared {
            assert!(registered.contains(&name.as_str()), "{} has no entry for `{name}`", file.display());
        }
        assert_eq!(declared.len(), registered.len(), "{krate}: {registered:?}");
    }
}
