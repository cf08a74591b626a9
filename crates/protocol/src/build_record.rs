//! Record of the build that ran a trial. It is no part of the trial's identity.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The build of the program that ran a trial.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Build {
    /// Versions of genbench, Burn and, for a program with models of its own, its package.
    pub packages: BTreeMap<String, String>,
    /// Git commit; `None` for a build outside of the repository.
    pub commit: Option<String>,
    /// `true` if the sources differed from the commit.
    pub dirty: Option<bool>,
    /// Hash of the code that computes figures: data sets, layers, engine, models, and the versions of Burn and of the
    /// program's own package.
    pub code: String,
}

impl Build {
    /// The packages as one text: `burn 0.22.1, genbench 0.1.0`.
    #[must_use]
    pub fn package_list(&self) -> String {
        let shown = self.packages.iter().map(|(name, version)| format!("{name} {version}"));
        shown.collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for Build {
    /// Such as `code 1f0e..., burn 0.22.1, genbench 0.1.0, commit 0123abc with changes`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "code {}, {}", self.code, self.package_list())?;
        if let Some(commit) = &self.commit {
            write!(f, ", commit {commit}{}", if self.dirty == Some(true) { " with changes" } else { "" })?;
        }
        Ok(())
    }
}
