//! The results of a grid: each part is read or computed once, when first asked for.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::io;

use protocol::{GridDir, Plan, Trial, TrialId};

use crate::compare::Comparisons;
use crate::store::{self, Record};
use crate::summary::Summary;
use crate::traced::Traced;

/// The results of a grid, from which tables, report, terminal summary and gate are made.
#[derive(Debug)]
pub struct Results {
    grid: GridDir,
    plan: Plan,
    records: Vec<Record>,
    traces: OnceCell<Vec<io::Result<Traced>>>,
    summary: OnceCell<Summary>,
    comparisons: OnceCell<Comparisons>,
}

impl Results {
    /// Reads the records of every trial of `plan`.
    ///
    /// # Errors
    /// A record exists and cannot be read; the error names the file.
    pub fn read(grid: GridDir, plan: Plan) -> io::Result<Self> {
        let records = store::records(&grid, &plan)?;
        Ok(Self::of(grid, plan, records))
    }

    /// The results of these records. Records of other trials than the plan's are left out; a trial without a record
    /// has not run.
    #[must_use]
    pub fn of(grid: GridDir, plan: Plan, records: Vec<Record>) -> Self {
        let records = in_plan_order(&grid, &plan, records);
        Self { grid, plan, records, traces: OnceCell::new(), summary: OnceCell::new(), comparisons: OnceCell::new() }
    }

    /// The grid's folder.
    #[must_use]
    pub fn grid(&self) -> &GridDir {
        &self.grid
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// One record for each trial, in the order of the plan.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The trace of each record, or why it cannot be read.
    pub(crate) fn traces(&self) -> &[io::Result<Traced>] {
        self.traces.get_or_init(|| self.records.iter().map(Traced::read).collect())
    }

    /// Every variant over its seeds.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        self.summary.get_or_init(|| Summary::of(&self.plan, &self.records))
    }

    /// Every comparison, with errors paired by test image where both variants kept their terms.
    #[must_use]
    pub fn comparisons(&self) -> &Comparisons {
        self.comparisons
            .get_or_init(|| Comparisons::of(self.summary(), &self.plan.compare).by_image(&self.grid, self.summary()))
    }
}

/// One record for each trial of the plan, with the plan's names.
fn in_plan_order(grid: &GridDir, plan: &Plan, records: Vec<Record>) -> Vec<Record> {
    let by_id: HashMap<TrialId, Record> = records.into_iter().map(|record| (record.id.clone(), record)).collect();
    let record = |trial: &Trial| {
        let id = trial.id();
        match by_id.get(&id) {
            Some(known) => Record { trial: trial.clone(), ..known.clone() },
            None => {
                let dir = grid.trial(&id);
                Record { id, trial: trial.clone(), dir, outcome: None, measurements: Vec::new() }
            }
        }
    };
    plan.trials.iter().map(record).collect()
}
