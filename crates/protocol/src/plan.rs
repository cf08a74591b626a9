//! Record of a plan: all trials of a grid, resolved.

use std::collections::HashMap;
use std::path::Path;
use std::{fmt, io};

use serde::{Deserialize, Serialize};

use crate::trial::TRIAL_SCHEMA;
use crate::versioned_record::read_versioned;
use crate::{Claim, Compare, Fact, GridDir, Trial, atomic};

/// The trials and facts of a grid, in order; stored as `plan.json` in the grid's folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Name of the grid and of its folder under `results/`.
    pub grid: String,
    /// Purpose of the grid.
    pub about: String,
    /// Reason for the choice of the device, if the grid requests `auto`.
    pub device_note: Option<String>,
    /// Sections in the order of the file, which is that of the report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<String>,
    /// Sections of which the report shows each variant in a column.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub side_by_side: Vec<String>,
    /// All trials. The seeds of a variant are adjacent.
    pub trials: Vec<Trial>,
    /// Location of each variant in the grid; empty in plans of earlier versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<VariantPlace>,
    /// Labels of the variants whose model is fitted in closed form: their seeds are repeats of one computation. Empty in plans
    /// of earlier versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed_form: Vec<String>,
    /// Exact counts and identities.
    pub facts: Vec<Fact>,
    /// Settings of the comparisons.
    #[serde(default, skip_serializing_if = "Compare::is_default")]
    pub compare: Compare,
    /// Figures that decide the exit code of the regression gate; by default one figure per variant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gate: Vec<String>,
    /// Claims of the top level and of the blocks, in the order of the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
}

/// Location of a variant in the grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantPlace {
    /// Label of the variant.
    pub variant: String,
    /// The file, relative to the folder of the grid's file.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
}

impl fmt::Display for VariantPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

impl Plan {
    /// A plan of these trials with default comparisons.
    #[must_use]
    pub fn new(grid: &str, trials: Vec<Trial>) -> Self {
        Self {
            grid: grid.to_owned(),
            about: String::new(),
            device_note: None,
            sections: Vec::new(),
            side_by_side: Vec::new(),
            trials,
            places: Vec::new(),
            closed_form: Vec::new(),
            facts: Vec::new(),
            compare: Compare::default(),
            gate: Vec::new(),
            claims: Vec::new(),
        }
    }

    /// Reads the plan of a grid's last run.
    ///
    /// # Errors
    /// The file is missing, holds no plan, or a newer genbench wrote it; the error names it.
    pub fn read(grid: &GridDir) -> io::Result<Self> {
        let path = grid.plan_json();
        let plan = atomic::read_json::<Self>(&path).or_else(|error| newer(&path).and(Err(error)))?;
        newer(&path).map(|()| plan)
    }

    /// The trials of each variant, in the order of the plan.
    pub fn variants(&self) -> impl Iterator<Item = &[Trial]> {
        self.trials.chunk_by(|a, b| a.variant == b.variant)
    }

    /// The location of each variant by its label.
    #[must_use]
    pub fn place_of(&self) -> HashMap<&str, &VariantPlace> {
        self.places.iter().map(|place| (place.variant.as_str(), place)).collect()
    }

    /// The plan with the labels of the variants for which `is_closed_form` holds. Plans of earlier versions have none.
    #[must_use]
    pub fn with_closed_form(self, is_closed_form: impl Fn(&Trial) -> bool) -> Self {
        let labels = self.variants().filter(|trials| is_closed_form(&trials[0]));
        let closed_form = labels.map(|trials| trials[0].variant.clone()).collect();
        Self { closed_form, ..self }
    }

    /// The plan with at least `seeds(variant)` seeds of each variant, counted from 0. No seed is removed.
    #[must_use]
    pub fn with_seeds(&self, seeds: impl Fn(&str) -> usize) -> Self {
        let mut trials: Vec<Trial> = Vec::with_capacity(self.trials.len());
        for variant in self.variants() {
            trials.extend(variant.iter().cloned());
            let more = variant.len()..seeds(&variant[0].variant).max(variant.len());
            trials.extend(more.map(|seed| Trial { seed: seed as u64, ..variant[0].clone() }));
        }
        Self { trials, ..self.clone() }
    }

    /// The plan with every seed up to the cap of its interim analyses; unchanged without them.
    #[must_use]
    pub fn with_all_seeds(&self) -> Self {
        let cap = self.compare.interim.as_ref().and_then(|interim| interim.at.last().copied()).unwrap_or_default();
        self.with_seeds(|_| cap)
    }
}

/// Refuses a plan with trials of a newer version. Anything else is left to the reader of the whole record.
fn newer(path: &Path) -> io::Result<()> {
    #[derive(Deserialize)]
    struct Versions {
        trials: Vec<Version>,
    }
    #[derive(Deserialize)]
    struct Version {
        schema: u32,
    }
    let newest = |plan: &Versions| plan.trials.iter().map(|trial| trial.schema).max().unwrap_or(TRIAL_SCHEMA);
    match read_versioned(path, TRIAL_SCHEMA, newest) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::trial;

    #[test]
    fn a_plan_of_an_earlier_version_has_no_places() {
        let mut plan = Plan::new("g", Vec::new());
        let old = serde_json::to_string(&plan).unwrap();
        assert!(!old.contains("places") && serde_json::from_str::<Plan>(&old).unwrap() == plan);
        plan.places.push(VariantPlace { variant: "a".into(), file: "g.yaml".into(), line: 7 });
        let read: Plan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
        assert_eq!(read.place_of()["a"].to_string(), "g.yaml:7");
    }

    #[test]
    fn a_plan_of_a_newer_genbench_is_named_as_such() {
        let folder = tempfile::tempdir().unwrap();
        let grid = GridDir::new(folder.path(), "g");
        let plan = Plan::new("g", vec![trial("a", 0), trial("a", 1)]);
        atomic::write_json(&grid.plan_json(), &plan).unwrap();
        assert_eq!(Plan::read(&grid).unwrap(), plan);
        let mut record = serde_json::to_value(&plan).unwrap();
        for field in ["schema", "unheard_of"] {
            record["trials"][1][field] = 99.into();
            atomic::write_json(&grid.plan_json(), &record).unwrap();
            let error = Plan::read(&grid).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::Unsupported, "{error}");
        }
        atomic::write(&grid.plan_json(), b"{\"grid\":").unwrap();
        let error = Plan::read(&grid).unwrap_err();
        assert!(error.kind() == io::ErrorKind::InvalidData && error.to_string().contains("plan.json"), "{error}");
    }
}
