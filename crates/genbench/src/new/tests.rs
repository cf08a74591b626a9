use super::*;
use crate::Registry;

fn checkout() -> Checkout {
    Checkout::of_this_build().expect("tests run in a checkout")
}

fn new_crate(checkout: Option<Checkout>, target: Option<PathBuf>) -> NewCrate {
    NewCrate { name: "my_models".to_owned(), checkout, target }
}

fn file<'f>(files: &'f [(&'static str, String)], path: &str) -> &'f str {
    &files.iter().find(|(name, _)| *name == path).unwrap_or_else(|| panic!("no {path}")).1
}

#[test]
fn no_placeholder_is_left() {
    for (checkout, target) in [(None, None), (Some(checkout()), Some("/shared target".into()))] {
        let files = new_crate(checkout, target).files().expect("files");
        for (path, text) in files.iter().filter(|(path, _)| !path.ends_with(".rs")) {
            assert!(!text.contains("{{"), "{path}:\n{text}");
        }
    }
}

#[test]
fn a_checkout_gives_path_profile_and_lock_file() {
    let files = new_crate(Some(checkout()), None).files().expect("files");
    let manifest: toml::Table = file(&files, "Cargo.toml").parse().expect("TOML");
    let path = manifest["dependencies"]["genbench"]["path"].as_str().expect("a path");
    assert!(Path::new(path).join("Cargo.toml").is_file(), "{path}");
    let profiles: toml::Table = checkout().profiles().expect("a manifest").parse().expect("TOML");
    assert_eq!(manifest.get("profile"), profiles.get("profile"));
    assert!(file(&files, "Cargo.lock").contains("name = \"burn\""));
    assert!(files.iter().all(|(path, _)| *path != ".cargo/config.toml"));
}

#[test]
fn without_a_checkout_the_version_of_this_program_is_named() {
    let files = new_crate(None, None).files().expect("files");
    let manifest: toml::Table = file(&files, "Cargo.toml").parse().expect("TOML");
    assert_eq!(manifest["dependencies"]["genbench"].as_str(), Some(env!("CARGO_PKG_VERSION")));
    assert!(files.iter().all(|(path, _)| *path != "Cargo.lock"));
}

#[test]
fn a_shared_target_folder_is_quoted() {
    let files = new_crate(None, Some("/a \"b\"\\c".into())).files().expect("files");
    let config: toml::Table = file(&files, ".cargo/config.toml").parse().expect("TOML");
    assert_eq!(config["build"]["target-dir"].as_str(), Some("/a \"b\"\\c"));
}

/// A name that exists twice is refused when a program starts.
#[test]
fn the_entries_of_the_templates_have_names_of_their_own() {
    let Registry { models, data, measures, .. } = Registry::built_in();
    assert!(models.find("coins").is_err() && data.find("stripes").is_err() && measures.find("ink").is_err());
    let files = new_crate(None, None).files().expect("files");
    for (path, name) in [("src/coins.rs", "coins"), ("src/stripes.rs", "stripes"), ("src/ink.rs", "ink")] {
        assert!(file(&files, path).contains(&format!("const NAME: &'static str = \"{name}\";")), "{path}");
    }
}

#[test]
fn a_crate_is_written_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().join("my_models");
    assert_eq!(check_folder(&folder), Ok(()));
    let written = new_crate(None, None).write(&folder).expect("written");
    assert_eq!(written, TEMPLATES.len() - 1);
    assert!(folder.join("src/main.rs").is_file());
    assert!(check_folder(&folder).is_err());
    let dangling = folder.with_file_name("dangling");
    std::os::unix::fs::symlink("nowhere", &dangling).expect("a link");
    assert!(check_folder(&dangling).is_err(), "a folder cannot be made in its place");
    assert!(new_crate(None, None).write(&folder).is_err());
}
