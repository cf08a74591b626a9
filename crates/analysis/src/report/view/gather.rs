//! Content of one group, with curves and pictures from the trials' folders.

use std::collections::HashMap;
use std::io;

use protocol::text::portable;

use super::GroupView;
use crate::compare::Marks;
use crate::costs::Costs;
use crate::report::answer::Answer;
use crate::report::group_data::GroupData;
use crate::report::leaderboard::leaderboards;
use crate::report::likelihoods::likelihood_views;
use crate::report::matrix::{figure_matrices, pair_matrix};
use crate::report::plots::calibration::calibration_plots;
use crate::report::plots::curves::{VariantCurves, curve_plots};
use crate::report::plots::heat_maps::heat_maps;
use crate::report::plots::intervals::interval_plots;
use crate::report::plots::parallel::parallel_plot;
use crate::report::plots::slices::slices;
use crate::report::plots::tradeoffs::tradeoffs;
use crate::report::samples::{PictureBudget, Sheet, sheet};
use crate::report::variant_style::VariantStyles;
use crate::results::Results;
use crate::store::Record;
use crate::summary::TrialState;
use crate::tables::{Class, Group};
use crate::trace_data::TraceData;

/// Collector of traces and pictures.
pub(super) struct Gather<'a> {
    results: &'a Results,
    styles: &'a VariantStyles,
    marks: &'a Marks,
    by_variant: HashMap<&'a str, Vec<(&'a Record, &'a io::Result<TraceData>)>>,
    pictures: PictureBudget,
    /// Number of groups so far.
    pub(super) groups: usize,
    pub(super) costs: Costs,
    pub(super) problems: Vec<String>,
}

impl<'a> Gather<'a> {
    pub(super) fn new(results: &'a Results, styles: &'a VariantStyles, marks: &'a Marks) -> Self {
        let mut by_variant: HashMap<&str, Vec<_>> = HashMap::new();
        for (record, trace) in results.records().iter().zip(results.traces()) {
            by_variant.entry(record.trial.variant.as_str()).or_default().push((record, trace));
        }
        let pictures = PictureBudget::of(by_variant.len(), results.records().len());
        let (costs, problems) = (Costs::default(), Vec::new());
        Self { results, styles, marks, by_variant, pictures, groups: 0, costs, problems }
    }

    /// Content of a group.
    pub(super) fn group(&mut self, group: &Group) -> io::Result<GroupView> {
        let (curves, sheets) = (self.curves(group), self.sheets(group)?);
        self.groups += 1;
        let tables = &self.results.comparisons().likelihoods;
        let data = GroupData::of(self.results, group, self.styles, self.marks);
        let interim = self.results.plan().compare.interim.as_ref();
        let by = interim.map(|interim| interim.by.as_slice()).unwrap_or_default();
        let primary = Answer::primary(&data, by);
        let is_other = |figure: &crate::Figure| primary.is_none_or(|primary| primary.figure != *figure);
        let others = data.columns(Class::Quality).filter(|(_, column)| is_other(&column.figure));
        Ok(GroupView {
            number: self.groups,
            data: group.title(),
            variants: data.variants.iter().map(|variant| data.style(variant)).collect(),
            answer: Answer::of(&data, by),
            intervals: interval_plots(&data, others),
            tradeoffs: tradeoffs(&data, primary),
            slices: primary.map(|column| slices(&data, column)).unwrap_or_default(),
            heat_maps: primary.map(|column| heat_maps(&data, column)).unwrap_or_default(),
            parallel: primary.and_then(|column| parallel_plot(&data, column)),
            figure_matrices: figure_matrices(&data),
            pair_matrix: primary.and_then(|column| pair_matrix(&data, &column.figure, &column.label)),
            tables: leaderboards(group, self.styles),
            likelihoods: likelihood_views(tables, group),
            calibrations: calibration_plots(tables, group, self.styles),
            side_by_side: Vec::new(),
            notes: group.notes.clone(),
            curves: curve_plots(&curves),
            sheets,
        })
    }

    /// Curves of the trials with a readable trace.
    fn curves(&mut self, group: &Group) -> Vec<VariantCurves<'a>> {
        let mut all = Vec::new();
        for row in &group.rows {
            let mut curves = Vec::new();
            for (record, trace) in self.by_variant.get(row.variant.as_str()).into_iter().flatten() {
                match trace {
                    Ok(traced) => {
                        self.costs.add(&traced.costs);
                        curves.push(&traced.curve);
                    }
                    Err(error) => {
                        self.problems.push(format!("trace of trial {}: {}", record.id, portable(&error.to_string())));
                    }
                }
            }
            let records = self.by_variant.get(row.variant.as_str()).into_iter().flatten();
            let batch = records.map(|(record, _)| record.trial.train.batch_size).next().unwrap_or(1);
            all.push(VariantCurves { style: self.styles.get(&row.variant), batch, curves });
        }
        all
    }

    /// Pictures of the finished trials.
    fn sheets(&mut self, group: &Group) -> io::Result<Vec<Sheet>> {
        self.pictures.next_group();
        let mut sheets = Vec::new();
        for row in &group.rows {
            let records = self.by_variant.get(row.variant.as_str()).into_iter().flatten().map(|(record, _)| *record);
            let done: Vec<&Record> = records.filter(|record| TrialState::of(record).done()).collect();
            sheets.extend(sheet(&done, self.styles.get(&row.variant), &mut self.pictures)?);
        }
        Ok(sheets)
    }
}
