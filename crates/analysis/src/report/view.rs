//! Content of the page, as the templates read it.

use std::collections::HashMap;
use std::{fs, io};

use protocol::text::{count, portable};
use protocol::{Fact, TrialId};
use serde::Serialize;

use super::claims::{ClaimRow, claim_rows};
use super::comparisons::{ComparisonGroup, comparison_groups};
use super::context::ReportContext;
use super::costs::{CostsView, costs_view};
use super::curves::{Panel, VariantCurves, panels};
use super::leaderboard::{Leaderboard, leaderboards};
use super::provenance::{Origin, origins};
use super::samples::{PictureBudget, Sheet, sheet};
use super::side_by_side::SideBySide;
use crate::costs::Costs;
use crate::results::Results;
use crate::store::Record;
use crate::summary::{Summary, TrialState, VariantSummary};
use crate::tables::{Board, Group};
use crate::trace_data::TraceData;

/// Content of the page.
#[derive(Debug, Serialize)]
pub(super) struct View {
    pub(super) grid: String,
    pub(super) about: String,
    pub(super) counts: String,
    pub(super) genbench: String,
    pub(super) sections: Vec<Section>,
    pub(super) claims: Vec<ClaimRow>,
    pub(super) comparisons: Vec<ComparisonGroup>,
    pub(super) comparison_notes: Vec<String>,
    pub(super) failures: Vec<Failure>,
    pub(super) trials: Vec<VariantTrials>,
    pub(super) costs: Option<CostsView>,
    /// Costs as numbers, for the caller.
    #[serde(skip)]
    pub(super) spent: Costs,
    pub(super) origins: Vec<Origin>,
    pub(super) grid_yaml: Option<String>,
    /// Files that could not be read.
    pub(super) problems: Vec<String>,
}

/// Section of the grid.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    pub(super) title: String,
    pub(super) groups: Vec<GroupView>,
    pub(super) facts: Vec<Fact>,
}

impl Section {
    /// Replaces tables and sheets with a column per variant. Facts that fit into the columns are not listed below.
    fn show_side_by_side(&mut self) {
        for group in &mut self.groups {
            let side_by_side = SideBySide::of(&group.tables, &group.sheets, &self.facts);
            group.tables.clear();
            group.sheets.clear();
            group.side_by_side = Some(side_by_side);
        }
        if self.groups.iter().any(|group| group.side_by_side.as_ref().is_some_and(|columns| !columns.facts.is_empty()))
        {
            self.facts.clear();
        }
    }
}

/// Variants of a section on one data set.
#[derive(Debug, Serialize)]
pub(super) struct GroupView {
    pub(super) data: String,
    pub(super) tables: Vec<Leaderboard>,
    /// Columns that replace tables and sheets if the grid sets `side_by_side`.
    pub(super) side_by_side: Option<SideBySide>,
    pub(super) notes: Vec<String>,
    pub(super) panels: Vec<Panel>,
    pub(super) sheets: Vec<Sheet>,
}

/// A trial that is not done, or whose model collapsed.
#[derive(Debug, Serialize)]
pub(super) struct Failure {
    pub(super) variant: String,
    pub(super) seed: u64,
    pub(super) trial: String,
    pub(super) status: String,
    pub(super) reason: String,
}

/// Trials of a variant.
#[derive(Debug, Serialize)]
pub(super) struct VariantTrials {
    pub(super) variant: String,
    pub(super) trials: Vec<String>,
}

impl View {
    /// Collects the content of the page.
    pub(super) fn of(results: &Results, context: &ReportContext) -> io::Result<Self> {
        let (plan, records, summary) = (results.plan(), results.records(), results.summary());
        let comparisons = results.comparisons();
        let mut sections = Vec::new();
        for name in &plan.sections {
            section(&mut sections, Some(name));
        }
        let mut gather = Gather::new(results);
        for (index, group) in Board::of(summary, comparisons).groups.iter().enumerate() {
            let view = gather.group(group, index)?;
            section(&mut sections, group.section.as_deref()).groups.push(view);
        }
        for fact in &plan.facts {
            section(&mut sections, fact.section.as_deref()).facts.push(fact.clone());
        }
        for (_, section) in
            sections.iter_mut().filter(|(name, _)| name.as_ref().is_some_and(|name| plan.side_by_side.contains(name)))
        {
            section.show_side_by_side();
        }
        let grid_yaml = match fs::read_to_string(results.grid().grid_yaml()) {
            Ok(text) => Some(portable(&text.replace("\r\n", "\n"))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(Self {
            grid: plan.grid.clone(),
            about: plan.about.clone(),
            counts: counts(summary),
            genbench: context.genbench.clone(),
            sections: sections
                .into_iter()
                .map(|(_, section)| section)
                .filter(|section| !(section.groups.is_empty() && section.facts.is_empty()))
                .collect(),
            claims: claim_rows(results.claims()),
            comparisons: comparison_groups(comparisons),
            comparison_notes: comparisons.notes.clone(),
            failures: failures(summary),
            trials: trials(summary),
            costs: costs_view(&gather.costs),
            spent: gather.costs,
            origins: origins(plan, records, context),
            grid_yaml,
            problems: gather.problems,
        })
    }
}

/// Collector of traces and pictures from the trials' folders.
struct Gather<'a> {
    by_variant: HashMap<&'a str, Vec<(&'a Record, &'a io::Result<TraceData>)>>,
    pictures: PictureBudget,
    costs: Costs,
    problems: Vec<String>,
}

impl<'a> Gather<'a> {
    fn new(results: &'a Results) -> Self {
        let mut by_variant: HashMap<&str, Vec<_>> = HashMap::new();
        for (record, trace) in results.records().iter().zip(results.traces()) {
            by_variant.entry(record.trial.variant.as_str()).or_default().push((record, trace));
        }
        Self { by_variant, pictures: PictureBudget::default(), costs: Costs::default(), problems: Vec::new() }
    }

    fn group(&mut self, group: &Group, index: usize) -> io::Result<GroupView> {
        let mut read: Vec<(&str, Vec<(&Record, &TraceData)>)> = Vec::new();
        let mut sheets = Vec::new();
        self.pictures.next_group();
        for row in &group.rows {
            let records = self.by_variant.get(row.variant.as_str()).cloned().unwrap_or_default();
            let mut traces = Vec::new();
            for (record, trace) in &records {
                match trace {
                    Ok(traced) => {
                        self.costs.add(&traced.costs);
                        traces.push((*record, traced));
                    }
                    Err(error) => {
                        self.problems.push(format!("trace of trial {}: {}", record.id, portable(&error.to_string())));
                    }
                }
            }
            read.push((&row.variant, traces));
            let first_done = records.iter().map(|(record, _)| *record).find(|record| TrialState::of(record).done());
            if let Some(record) = first_done {
                sheets.extend(sheet(record, &mut self.pictures)?);
            }
        }
        let curves: Vec<_> = read
            .iter()
            .map(|(variant, trials)| VariantCurves {
                variant,
                trials: trials.iter().map(|(record, traced)| (*record, &traced.curve)).collect(),
            })
            .collect();
        Ok(GroupView {
            data: group.title(),
            tables: leaderboards(group),
            side_by_side: None,
            notes: group.notes.clone(),
            panels: panels(&curves, &format!("g{index}")),
            sheets,
        })
    }
}

fn section<'a>(sections: &'a mut Vec<(Option<String>, Section)>, name: Option<&str>) -> &'a mut Section {
    let at = sections.iter().position(|(known, _)| known.as_deref() == name).unwrap_or_else(|| {
        let title = name.unwrap_or("Results").to_owned();
        sections.push((name.map(str::to_owned), Section { title, groups: Vec::new(), facts: Vec::new() }));
        sections.len() - 1
    });
    &mut sections[at].1
}

/// Numbers of trials by state, in words.
pub(super) fn counts(summary: &Summary) -> String {
    let sum = |number: fn(&VariantSummary) -> usize| summary.variants.iter().map(number).sum::<usize>();
    let (all, done) = (sum(|variant| variant.trials.len()), sum(VariantSummary::done));
    let (failed, not_run) = (sum(VariantSummary::failed), sum(VariantSummary::not_run));
    let collapsed = sum(|variant| variant.collapsed().unwrap_or_default());
    let collapsed = if collapsed == 0 { String::new() } else { format!(" ({collapsed} collapsed)") };
    let (all, variants) = (count(all, "trial"), count(summary.variants.len(), "variant"));
    format!("{done} of {all} done{collapsed}, {failed} failed, {not_run} not run; {variants}")
}

/// Trials that are not done or whose model collapsed, in the order of the plan.
pub(super) fn failures(summary: &Summary) -> Vec<Failure> {
    let all = summary.variants.iter().flat_map(|variant| variant.trials.iter().map(move |trial| (variant, trial)));
    let failures = all.filter(|(_, trial)| !trial.done() || trial.collapsed()).map(|(variant, trial)| {
        let (status, reason) = trial.status_and_reason();
        Failure {
            variant: variant.variant.clone(),
            seed: trial.seed,
            trial: trial.id.0.clone(),
            status,
            reason: reason.unwrap_or_default().to_owned(),
        }
    });
    failures.collect()
}

fn trials(summary: &Summary) -> Vec<VariantTrials> {
    let id = |id: &TrialId, seed: u64, status: &str| format!("{id} (seed {seed}, {})", status.replace('_', " "));
    let variant = |variant: &VariantSummary| VariantTrials {
        variant: variant.variant.clone(),
        trials: variant.trials.iter().map(|trial| id(&trial.id, trial.seed, trial.status)).collect(),
    };
    summary.variants.iter().map(variant).collect()
}
