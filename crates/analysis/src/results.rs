//! Results of a grid. Each part is read or computed once, at its first use.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::PathBuf;

use protocol::{GridDir, Outcome, Plan, Trial, TrialId};

use crate::axes::Axes;
use crate::claims::{ClaimResult, judge};
use crate::compare::{Comparisons, ImageTerms};
use crate::store::{self, Record};
use crate::summary::Summary;
use crate::trace_data::TraceData;

/// Results of a grid: the source of tables, report, terminal summary and gate.
#[derive(Debug)]
pub struct Results {
    grid: GridDir,
    out: PathBuf,
    plan: Plan,
    records: Vec<Record>,
    axes: OnceCell<Axes>,
    traces: OnceCell<Vec<io::Result<TraceData>>>,
    summary: OnceCell<Summary>,
    comparisons: OnceCell<Comparisons>,
    claims: OnceCell<Vec<ClaimResult>>,
}

impl Results {
    /// Reads the records of every trial of `plan`. [`Record::unreadable`] has those that cannot be used.
    #[must_use]
    pub fn read(grid: GridDir, plan: Plan) -> Self {
        let records = store::records(&grid, &plan);
        Self::of(grid, plan, records)
    }

    /// Builds results from `records`. Records of trials outside the plan are ignored; a trial without a record counts
    /// as not run.
    #[must_use]
    pub fn of(grid: GridDir, plan: Plan, records: Vec<Record>) -> Self {
        let records = in_plan_order(&grid, &plan, records);
        let out = grid.0.clone();
        Self {
            grid,
            out,
            plan,
            records,
            axes: OnceCell::new(),
            traces: OnceCell::new(),
            summary: OnceCell::new(),
            comparisons: OnceCell::new(),
            claims: OnceCell::new(),
        }
    }

    /// Folder of the grid.
    #[must_use]
    pub fn grid(&self) -> &GridDir {
        &self.grid
    }

    /// Writes tables and report into `folder` instead of the folder of the grid.
    #[must_use]
    pub fn written_to(self, folder: PathBuf) -> Self {
        Self { out: folder, ..self }
    }

    /// Path of a derived file, such as `summary.csv`.
    pub(crate) fn out(&self, name: &str) -> PathBuf {
        self.out.join(name)
    }

    /// Plan of the grid.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// One record for each trial, in the order of the plan.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Number of builds with different code that made the finished trials. Builds without a record count as one.
    #[must_use]
    pub fn builds(&self) -> usize {
        let outcomes =
            self.records.iter().filter(|record| record.is_done()).filter_map(|record| record.outcome.as_ref());
        let code = |outcome: &Outcome| outcome.build.as_ref().map(|build| build.code.clone());
        outcomes.map(code).collect::<BTreeSet<_>>().len()
    }

    /// Settings that differ between the variants.
    #[must_use]
    pub fn axes(&self) -> &Axes {
        self.axes.get_or_init(|| Axes::of(&self.plan))
    }

    /// Trace of each record, or the error that prevents reading it.
    pub(crate) fn traces(&self) -> &[io::Result<TraceData>] {
        self.traces.get_or_init(|| self.records.iter().map(TraceData::read).collect())
    }

    /// Summary of every variant over its seeds.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        self.summary.get_or_init(|| Summary::of(&self.plan, &self.records))
    }

    /// All comparisons. Test images are paired if both variants kept their terms.
    #[must_use]
    pub fn comparisons(&self) -> &Comparisons {
        self.comparisons
            .get_or_init(|| Comparisons::of(self.summary(), &self.plan.compare, &ImageTerms::of(&self.grid)))
    }

    /// Outcome of every claim of the plan, in its order.
    #[must_use]
    pub fn claims(&self) -> &[ClaimResult] {
        self.claims.get_or_init(|| judge(&self.plan, &self.grid, self.summary(), &self.records))
    }
}

/// One record per trial of the plan, with the plan's labels.
fn in_plan_order(grid: &GridDir, plan: &Plan, records: Vec<Record>) -> Vec<Record> {
    let by_id: HashMap<TrialId, Record> = records.into_iter().map(|record| (record.trial.id(), record)).collect();
    let record = |trial: &Trial| {
        let id = trial.id();
        match by_id.get(&id) {
            Some(known) => Record { trial: trial.clone(), ..known.clone() },
            None => {
                let dir = grid.trial(&id);
                Record { id, trial: trial.clone(), dir, outcome: None, measurements: Vec::new(), unreadable: None }
            }
        }
    };
    plan.trials.iter().map(record).collect()
}
