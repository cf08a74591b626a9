//! `new`: a crate with a model, a data set and a measure of one's own.

use std::path::{Path, PathBuf};

use protocol::exit;

use crate::cli::NewArgs;
use crate::failure::Failure;
use crate::new::{Checkout, NewCrate, check_folder, check_name};
use crate::output::{note, say};

/// Writes the crate into a folder of its name.
pub(crate) fn new(args: &NewArgs) -> Result<u8, Failure> {
    check_name(&args.name)?;
    let folder = Path::new(&args.name);
    check_folder(folder)?;
    let checkout = match &args.genbench {
        Some(folder) => Some(Checkout::at(folder)?),
        None => Checkout::of_this_build(),
    };
    if checkout.is_none() {
        note!(
            "note: the source of this genbench is gone, so the crate depends on version {} as published; \
             to use a checkout: --genbench PATH",
            env!("CARGO_PKG_VERSION")
        );
    }
    let target = checkout.as_ref().and_then(|_| target_folder(&std::env::current_exe().ok()?));
    let files = NewCrate { name: args.name.clone(), checkout, target }.write(folder)?;
    say!("{}: {files} files", args.name)?;
    say!("  cd {}", args.name)?;
    say!("  cargo run --release -- run grid.yaml")?;
    Ok(exit::DONE)
}

/// Target folder of cargo that holds `executable`, if it is a release build in one.
fn target_folder(executable: &Path) -> Option<PathBuf> {
    let release = executable.parent()?;
    let target = release.parent()?;
    let is_target = release.ends_with("release") && release.join("deps").is_dir();
    is_target.then(|| target.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_folder_is_that_of_a_release_build() {
        let folder = tempfile::tempdir().expect("a folder");
        let deps = folder.path().join("release/deps");
        std::fs::create_dir_all(&deps).expect("folders");
        assert_eq!(target_folder(&folder.path().join("release/genbench")).as_deref(), Some(folder.path()));
        assert_eq!(target_folder(&folder.path().join("bin/genbench")), None);
    }
}
