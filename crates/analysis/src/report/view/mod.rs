//! Content of the page, as the templates read it.

mod gather;
mod states;

use std::{fs, io};

use protocol::Fact;
use protocol::text::portable;
use serde::Serialize;

use self::gather::Gather;
pub(crate) use self::states::counts;
pub(super) use self::states::{Failure, failures};
use super::answer::Answer;
use super::claims::{ClaimRow, claim_counts, claim_rows};
use super::comparisons::{ComparisonGroup, comparison_groups, pairs_in_words};
use super::context::ReportContext;
use super::costs::{CostsView, costs_view};
use super::leaderboard::Leaderboard;
use super::matrix::{FigureMatrix, PairMatrix};
use super::plots::calibration::CalibrationPlot;
use super::plots::curves::CurvePlot;
use super::plots::heat_maps::HeatMap;
use super::plots::intervals::IntervalPlot;
use super::plots::parallel::ParallelPlot;
use super::plots::slices::Slice;
use super::plots::timeline::{Timeline, timeline};
use super::plots::tradeoffs::Tradeoff;
use super::provenance::{Origin, origins};
use super::samples::Sheet;
use super::side_by_side::SideBySide;
use super::trials::{VariantTrials, variant_trials};
use super::variant_style::{VariantStyle, VariantStyles};
use crate::compare::Marks;
use crate::costs::Costs;
use crate::results::Results;
use crate::tables::{Board, LikelihoodView};

/// Content of the page.
#[derive(Debug, Serialize)]
pub(super) struct View {
    pub(super) grid: String,
    pub(super) about: String,
    pub(super) counts: String,
    pub(super) genbench: String,
    /// Seconds after which the page loads itself again.
    pub(super) reload_s: Option<u64>,
    pub(super) sections: Vec<Section>,
    /// Number of groups in all sections.
    pub(super) groups: usize,
    pub(super) claims: Vec<ClaimRow>,
    /// Numbers of outcomes, in words; empty without claims.
    pub(super) claim_counts: String,
    pub(super) comparisons: Vec<ComparisonGroup>,
    pub(super) comparison_notes: Vec<String>,
    pub(super) pairs: &'static str,
    /// Meaning of a mark.
    pub(super) mark: &'static str,
    pub(super) failures: Vec<Failure>,
    pub(super) trials: Vec<VariantTrials>,
    pub(super) timeline: Option<Timeline>,
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
            group.side_by_side = SideBySide::of(&group.tables, &group.sheets, &self.facts);
            group.tables.clear();
            group.sheets.clear();
        }
        let has_facts = |group: &GroupView| group.side_by_side.iter().any(|columns| !columns.facts.is_empty());
        if self.groups.iter().any(has_facts) {
            self.facts.clear();
        }
    }
}

/// Variants of a section on one data set.
#[derive(Debug, Serialize)]
pub(super) struct GroupView {
    /// Number of the group on the page, counted from 1.
    pub(super) number: usize,
    pub(super) data: String,
    pub(super) variants: Vec<VariantStyle>,
    pub(super) answer: Answer,
    /// Plots of the figures other than the primary one.
    pub(super) intervals: Vec<IntervalPlot>,
    pub(super) tradeoffs: Vec<Tradeoff>,
    pub(super) slices: Vec<Slice>,
    pub(super) heat_maps: Vec<HeatMap>,
    pub(super) parallel: Option<ParallelPlot>,
    pub(super) figure_matrices: Vec<FigureMatrix>,
    pub(super) pair_matrix: Option<PairMatrix>,
    pub(super) tables: Vec<Leaderboard>,
    /// Tables of log-likelihoods, one per support.
    pub(super) likelihoods: Vec<LikelihoodView>,
    pub(super) calibrations: Vec<CalibrationPlot>,
    /// Columns that replace tables and sheets if the grid sets `side_by_side`; a few variants each.
    pub(super) side_by_side: Vec<SideBySide>,
    pub(super) notes: Vec<String>,
    pub(super) curves: Vec<CurvePlot>,
    pub(super) sheets: Vec<Sheet>,
}

impl View {
    /// Collects the content of the page.
    pub(super) fn of(results: &Results, context: &ReportContext) -> io::Result<Self> {
        let (plan, records, summary) = (results.plan(), results.records(), results.summary());
        let (comparisons, styles) = (results.comparisons(), VariantStyles::of(summary));
        let marks = Marks::of(comparisons);
        let mut sections = Vec::new();
        for name in &plan.sections {
            section(&mut sections, Some(name));
        }
        let mut gather = Gather::new(results, &styles, &marks);
        for group in &Board::of(summary, comparisons).groups {
            let view = gather.group(group)?;
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
        let groups = sections.iter().flat_map(|(_, section)| &section.groups);
        let shown: Vec<VariantStyle> =
            groups.flat_map(|group| &group.sheets).map(|sheet| sheet.style.clone()).collect();
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
            reload_s: context.reload_s,
            groups: gather.groups,
            sections: sections
                .into_iter()
                .map(|(_, section)| section)
                .filter(|section| !(section.groups.is_empty() && section.facts.is_empty()))
                .collect(),
            claims: claim_rows(results.claims()),
            claim_counts: claim_counts(results.claims()),
            comparisons: comparison_groups(comparisons),
            comparison_notes: comparisons.notes.clone(),
            pairs: pairs_in_words(comparisons.pairs),
            mark: marks.meaning(),
            failures: failures(summary),
            trials: variant_trials(results, &styles, &shown),
            timeline: timeline(records, results.traces(), &styles),
            costs: costs_view(&gather.costs),
            spent: gather.costs,
            origins: origins(plan, records, context),
            grid_yaml,
            problems: gather.problems,
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
