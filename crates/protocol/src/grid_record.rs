//! Record of the grid behind a plan: `grid.json` in the grid's folder.

use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The grid file of a plan, and the options of the command line that changed its trials.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GridRecord {
    /// The grid file, relative to the grid's folder of results.
    pub file: Option<String>,
    /// Options such as `--set train.steps=40`; empty for the plan of the whole grid as its file has it.
    pub changed: Vec<String>,
}

/// Path of `file` relative to `folder`; both are absolute.
#[must_use]
pub fn relative(folder: &Path, file: &Path) -> PathBuf {
    let (from, to): (Vec<Component<'_>>, Vec<Component<'_>>) =
        (folder.components().collect(), file.components().collect());
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from[common..].iter().map(|_| Component::ParentDir);
    up.chain(to[common..].iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_leads_from_the_folder_to_the_file() {
        let path = |folder: &str, file: &str| relative(Path::new(folder), Path::new(file)).display().to_string();
        assert_eq!(path("/a/results/g", "/a/experiments/g.yaml"), "../../experiments/g.yaml");
        assert_eq!(path("/a/results/g", "/a/results/g/grid.yaml"), "grid.yaml");
        assert_eq!(path("/a", "/b/c"), "../b/c");
    }
}
