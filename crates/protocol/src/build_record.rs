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
    /// Deliberate fault of a build with the feature `faults`, by which the regression gate is calibrated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
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
        if let Some(fault) = &self.fault {
            write!(f, ", deliberate fault {fault}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_shown_and_recorded_and_its_absence_is_not() {
        let sound = Build { code: "1f0e".into(), ..Build::default() };
        let faulty = Build { fault: Some("vae_kl".into()), ..sound.clone() };
        let record = |build: &Build| serde_json::to_string(build).expect("JSON");
        assert!(!record(&sound).contains("fault") && !sound.to_string().contains("fault"));
        assert!(faulty.to_string().ends_with(", deliberate fault vae_kl"), "{faulty}");
        for build in [sound, faulty] {
            assert_eq!(serde_json::from_str::<Build>(&record(&build)).expect("a build"), build);
        }
    }
}
