//! Baseline: the figures of a run per seed, in a file that is small enough to commit.

use std::collections::BTreeSet;

use protocol::{Build, Trial, TrialId};
use serde::{Deserialize, Serialize};

use super::image_terms::StoredTerms;
use super::machine_class::MachineClass;
use crate::summary::Figure;

/// Version of the file of a baseline. Version 1 had means instead of values per seed.
pub const BASELINE_SCHEMA: u32 = 2;

/// Results of a grid with everything that decides whether a later run can be compared with them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// [`BASELINE_SCHEMA`].
    pub schema: u32,
    /// Name of the grid.
    pub grid: String,
    /// End of the last trial, in milliseconds since 1970.
    pub ended_unix_ms: u64,
    /// Version of genbench, with its commit.
    pub genbench: String,
    /// Build that ran the trials; `None` if it is unknown or if there were several.
    pub build: Option<Build>,
    /// Machines that ran the trials.
    pub machine: MachineClass,
    /// Variants in the order of the plan.
    pub variants: Vec<BaselineVariant>,
}

/// One variant of a baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineVariant {
    /// Trial of the first seed: label and all inputs.
    pub trial: Trial,
    /// `true` if the model is fitted in closed form.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed_form: bool,
    /// Trials of all seeds.
    pub seeds: Vec<BaselineSeed>,
    /// Figures of the finished trials.
    pub figures: Vec<BaselineFigure>,
}

/// One trial of a baseline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineSeed {
    /// Seed of the trial.
    pub seed: u64,
    /// Id of the trial.
    pub trial: TrialId,
    /// Outcome of the trial.
    pub state: SeedState,
    /// Reason of a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Outcome of a trial, as far as the gate distinguishes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeedState {
    /// Trained and measured.
    Done,
    /// Trained and measured; the model collapsed.
    Collapsed,
    /// Ended without a result.
    Failed,
    /// Not ended.
    NotRun,
}

/// One figure of one variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineFigure {
    /// Identity of the figure.
    pub figure: Figure,
    /// Number of test images, draws or windows behind each value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u64>,
    /// Mean over seeds of the standard error over test images; of a speed, its standard error over windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub se: Option<f64>,
    /// Values of the seeds that are done and whose models did not collapse.
    pub values: Vec<SeedValue>,
    /// Terms per test image, averaged over the seeds of `values`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<StoredTerms>,
}

/// Value of a figure for one seed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedValue {
    /// Seed of the trial.
    pub seed: u64,
    /// Value of the figure.
    pub value: f64,
}

impl BaselineFigure {
    /// Mean over seeds; `None` without values.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        crate::summary::Spread::of(&self.values()).map(|spread| spread.mean)
    }

    /// Mean over the seeds that `other` has as well; over all if there are none.
    pub(super) fn mean_beside(&self, other: Option<&Self>) -> Option<f64> {
        let is_common = |seed: u64| other.is_none_or(|other| other.of_seed(seed).is_some());
        let common: Vec<f64> = self.values.iter().filter(|one| is_common(one.seed)).map(|one| one.value).collect();
        crate::summary::Spread::of(&common).map(|spread| spread.mean).or_else(|| self.mean())
    }

    pub(super) fn values(&self) -> Vec<f64> {
        self.values.iter().map(|one| one.value).collect()
    }

    pub(super) fn of_seed(&self, seed: u64) -> Option<f64> {
        self.values.iter().find(|one| one.seed == seed).map(|one| one.value)
    }
}

impl BaselineVariant {
    /// The first value that no run can have written, in words.
    fn fault(&self) -> Option<String> {
        let twice = |seeds: Vec<u64>| {
            let mut known = BTreeSet::new();
            seeds.into_iter().find(|seed| !known.insert(*seed))
        };
        if let Some(seed) = twice(self.seeds.iter().map(|one| one.seed).collect()) {
            return Some(format!("seed {seed} is listed twice"));
        }
        self.figures.iter().find_map(|of| {
            let name = &of.figure.name;
            if let Some(seed) = twice(of.values.iter().map(|one| one.seed).collect()) {
                return Some(format!("{name} has two values of seed {seed}"));
            }
            let other = of.values.iter().find(|one| self.seeds.iter().all(|seed| seed.seed != one.seed));
            if let Some(one) = other {
                return Some(format!("{name} has a value of seed {}, which is not listed", one.seed));
            }
            of.se.filter(|se| *se < 0.0).map(|se| format!("{name} has the standard error {se}, which is negative"))
        })
    }
}

impl Baseline {
    /// The first value that no run can have written, in words; `None` if there is none.
    pub(super) fn fault(&self) -> Option<String> {
        self.variants.iter().find_map(|one| Some(format!("{}: {}", one.trial.variant, one.fault()?)))
    }

    /// Number of trials in a state.
    #[must_use]
    pub fn count(&self, state: SeedState) -> usize {
        self.variants.iter().flat_map(|variant| &variant.seeds).filter(|seed| seed.state == state).count()
    }

    /// The commit of the build, or the version of genbench.
    #[must_use]
    pub fn made_by(&self) -> String {
        let commit = |build: &Build| {
            let commit = build.commit.as_ref()?;
            let short: String = commit.chars().take(12).collect();
            Some(format!("commit {short}{}", if build.dirty == Some(true) { " with changes" } else { "" }))
        };
        self.build.as_ref().and_then(commit).unwrap_or_else(|| format!("genbench {}", self.genbench))
    }
}
