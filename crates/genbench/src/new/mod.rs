//! A crate with a model, a data set and a measure, as `genbench new` writes it.

mod checkout;
mod crate_name;
mod templates;

use std::path::{Path, PathBuf};
use std::{fs, io};

use protocol::Problem;

pub(crate) use self::checkout::Checkout;
pub(crate) use self::crate_name::check as check_name;
use self::templates::{TEMPLATES, render};

/// A crate to be written.
#[derive(Debug)]
pub(crate) struct NewCrate {
    /// Name of the package and of its folder.
    pub(crate) name: String,
    /// Source of genbench that the crate depends on; the published package if there is none.
    pub(crate) checkout: Option<Checkout>,
    /// Target folder to share; a folder of the crate's own if there is none.
    pub(crate) target: Option<PathBuf>,
}

impl NewCrate {
    /// All files: their paths inside the crate, and their contents.
    ///
    /// # Errors
    /// The manifest or the lock file of the checkout cannot be read.
    pub(crate) fn files(&self) -> io::Result<Vec<(&'static str, String)>> {
        let values = [
            ("name", self.name.clone()),
            ("dependency", self.dependency()),
            ("target", self.target.as_deref().map(quoted).unwrap_or_default()),
            ("build", self.about_the_build()),
        ];
        let mut files: Vec<_> = TEMPLATES.iter().map(|(path, text)| (*path, render(text, &values))).collect();
        if self.target.is_none() {
            files.retain(|(path, _)| *path != ".cargo/config.toml");
        }
        if let Some(checkout) = &self.checkout {
            let manifest = files.iter_mut().find(|(path, _)| *path == "Cargo.toml").expect("a template");
            manifest.1.push_str(&checkout.profiles()?);
            files.push(("Cargo.lock", checkout.lock_file()?));
        }
        Ok(files)
    }

    /// Writes all files into the new folder `folder`.
    ///
    /// # Errors
    /// The folder exists, or a file cannot be written.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<usize> {
        let files = self.files()?;
        fs::create_dir(folder)?;
        for (path, text) in &files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(&path, text)?;
        }
        Ok(files.len())
    }

    fn dependency(&self) -> String {
        match &self.checkout {
            Some(checkout) => format!("{{ path = {} }}", quoted(&checkout.package())),
            None => quoted(Path::new(env!("CARGO_PKG_VERSION"))),
        }
    }

    fn about_the_build(&self) -> String {
        let source = match &self.checkout {
            Some(checkout) => format!(
                "The crate depends on the source of genbench in `{}`. Its profile and its `Cargo.lock` are from there.",
                checkout.top().display()
            ),
            None => format!("The crate depends on genbench {} as published.", env!("CARGO_PKG_VERSION")),
        };
        match &self.target {
            Some(target) => {
                let target = target.display();
                format!(
                    "{source}\n`.cargo/config.toml` names the target folder `{target}`, where Burn is compiled already."
                )
            }
            None => {
                format!("{source}\nThe first build takes ten to fifteen minutes on two cores, most of it for Burn.")
            }
        }
    }
}

/// A path as a string of TOML.
fn quoted(path: &Path) -> String {
    toml_string(&path.display().to_string())
}

fn toml_string(text: &str) -> String {
    let escaped: String = text.chars().flat_map(escape).collect();
    format!("\"{escaped}\"")
}

fn escape(character: char) -> Vec<char> {
    match character {
        '"' | '\\' => vec!['\\', character],
        control if control.is_control() => format!("\\u{:04X}", control as u32).chars().collect(),
        other => vec![other],
    }
}

/// Refuses a folder that exists.
///
/// # Errors
/// There is something at `folder`, if only a symbolic link to nothing.
pub(crate) fn check_folder(folder: &Path) -> Result<(), Problem> {
    if fs::symlink_metadata(folder).is_err() {
        return Ok(());
    }
    Err(Problem::new("", format!("`{}` exists", folder.display())).help("take another name, or remove it"))
}

#[cfg(test)]
mod tests;
