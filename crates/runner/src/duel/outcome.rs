//! Outcome of a duel.

use std::fmt;

use protocol::timing::Window;
use stats::{Look, Verdict};

use super::WINDOWS;
use super::block::Block;
use super::counts::CountPair;
use super::instructions::InstructionPair;

/// One of the two builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The other build, with which this one is compared.
    Baseline,
    /// This build.
    Run,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Baseline => "the other build",
            Self::Run => "this build",
        })
    }
}

/// Costs of a process beside its windows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Costs {
    /// Time from the start until the worker was ready, in seconds.
    pub start_s: f64,
    /// Largest resident memory in MiB; `None` if the system does not tell.
    pub memory_mib: Option<f64>,
}

/// Observations of one kind of window.
#[derive(Clone, Debug, PartialEq)]
pub struct DuelWindow {
    /// Kind of window.
    pub window: Window,
    /// One observation per block: logarithm of how much slower this build is.
    pub losses: Vec<f64>,
    /// Latest look at them, or the one that decided; `None` before the first.
    pub look: Option<Look>,
    /// Reason why the model has no such window.
    pub absent: Option<String>,
}

/// Outcome of one variant.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantDuel {
    /// Label of the variant.
    pub variant: String,
    /// Number of blocks.
    pub blocks: usize,
    /// One entry for each kind of window.
    pub windows: Vec<DuelWindow>,
    /// Counts of both builds; the error is the reason why they are not compared.
    pub counts: Result<Vec<CountPair>, String>,
    /// Instructions of both builds, if they were asked for; the error is the reason why they are not compared.
    pub instructions: Result<Vec<InstructionPair>, String>,
    /// Costs of the processes of the baseline and of this build.
    pub costs: (Vec<Costs>, Vec<Costs>),
    /// Reason why a worker could not time the trial.
    pub failed: Option<String>,
    /// `true` if the user stopped the duel.
    pub stopped: bool,
}

impl VariantDuel {
    pub(super) fn new(variant: &str) -> Self {
        let window = |window| DuelWindow { window, losses: Vec::new(), look: None, absent: None };
        Self {
            variant: variant.to_owned(),
            blocks: 0,
            windows: WINDOWS.map(window).into(),
            counts: Ok(Vec::new()),
            instructions: Ok(Vec::new()),
            costs: (Vec::new(), Vec::new()),
            failed: None,
            stopped: false,
        }
    }

    pub(super) fn add(&mut self, block: &Block) {
        self.blocks += 1;
        for known in &mut self.windows {
            match block.loss(known.window) {
                Ok(loss) => known.losses.push(loss),
                Err(reason) => known.absent = Some(reason),
            }
        }
        self.costs.0.extend(block.costs(Side::Baseline));
        self.costs.1.extend(block.costs(Side::Run));
    }

    /// Returns whether every window that the model has is decided.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        let decided = |window: &DuelWindow| window.look.is_some_and(|look| look.verdict != Verdict::Undecided);
        self.windows.iter().all(|window| window.absent.is_some() || decided(window))
    }
}
