//! Wide table for people: variants by figures, with one group per section and data set.
//!
//! A column holds figures of one name, unit, kind, support and settings, so that a column is always comparable.

mod cells;
mod controls;
mod heads;
mod notes;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use cells::{columns, row};
pub(crate) use controls::CellControl;
use controls::lift_shared;
pub(crate) use heads::heads;
use heads::with_spaces;
use notes::Notes;
use protocol::{Support, TrialId};

use crate::compare::{Comparisons, Marks};
use crate::summary::{Figure, Summary, VariantSummary};

/// All groups, in the order of the plan.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Board {
    pub(crate) groups: Vec<Group>,
    /// Meaning of a mark.
    mark: &'static str,
}

/// The variants of one section on one data set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) section: Option<String>,
    pub(crate) data: String,
    /// Common support of all figures; `None` if they differ.
    pub(crate) support: Option<Support>,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    /// Footnotes; cells refer to them by number, counted from 1.
    pub(crate) notes: Vec<String>,
}

/// Class of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// Quality of the model.
    Quality,
    /// Cost: time, memory, parameters.
    Cost,
    /// A description.
    Other,
}

/// Column of one figure.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    pub(crate) label: String,
    pub(crate) figure: Figure,
    pub(crate) class: Class,
    /// Controls that are equal in all rows, in words: `pixels 0.870`.
    pub(crate) controls: Vec<String>,
}

/// Row of one variant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) variant: String,
    pub(crate) done: usize,
    pub(crate) total: usize,
    /// Number of failed or collapsed trials, and number of ended trials.
    pub(crate) lost: (usize, usize),
    /// Number of the note on failed, missing and collapsed trials.
    pub(crate) note: Option<usize>,
    /// One cell per column.
    pub(crate) cells: Vec<Cell>,
}

/// Cell: one figure of one variant.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cell {
    /// Mean and half its interval; `None` if the figure is absent.
    pub(crate) text: Option<String>,
    /// `true` if the verdicts mark it: [`Marks`].
    pub(crate) marked: bool,
    /// Controls of the figure. Those that all rows share are in the column.
    pub(crate) controls: Vec<CellControl>,
    /// Number of the note on the figure.
    pub(crate) note: Option<usize>,
    /// Trials behind the figure.
    pub(crate) trials: Vec<TrialId>,
    /// Standard error over test images.
    pub(crate) se_test: Option<f64>,
}

impl Cell {
    /// Controls in words: `untrained 0.923, prior 0.12`; empty without controls.
    pub(crate) fn controls_text(&self) -> String {
        self.controls.iter().map(CellControl::words).collect::<Vec<_>>().join(", ")
    }
}

impl Row {
    /// Failed and collapsed trials of the ended ones, such as `1/3`; a dash if none has ended.
    pub(crate) fn lost_text(&self) -> String {
        let (lost, ended) = self.lost;
        if ended == 0 { "—".to_owned() } else { format!("{lost}/{ended}") }
    }
}

impl Board {
    /// Lays out the summary in groups, with the marks that follow from the comparisons.
    pub(crate) fn of(summary: &Summary, comparisons: &Comparisons) -> Self {
        let marks = Marks::of(comparisons);
        let mut order: Vec<(Option<&str>, &str)> = Vec::new();
        let mut members: HashMap<_, Vec<&VariantSummary>> = HashMap::new();
        for variant in &summary.variants {
            let key = (variant.section.as_deref(), variant.data.as_str());
            if !order.contains(&key) {
                order.push(key);
            }
            members.entry(key).or_default().push(variant);
        }
        let groups = order.into_iter().map(|key| Group::of(key, &members[&key], &marks)).collect();
        Self { groups, mark: marks.meaning() }
    }

    /// Meaning of the marks; `None` if no cell is marked.
    pub(crate) fn mark_legend(&self) -> Option<&'static str> {
        let cells = || self.groups.iter().flat_map(|group| &group.rows).flat_map(|row| &row.cells);
        cells().any(|cell| cell.marked).then_some(self.mark)
    }

    /// Explanation of the controls; `None` if no figure has one.
    pub(crate) fn controls_legend(&self) -> Option<&'static str> {
        let in_columns =
            || self.groups.iter().flat_map(|group| &group.columns).any(|column| !column.controls.is_empty());
        let cells = || self.groups.iter().flat_map(|group| &group.rows).flat_map(|row| &row.cells);
        let has_controls = in_columns() || cells().any(|cell| !cell.controls.is_empty());
        has_controls.then_some(
            "In parentheses, and below the name if all rows share it: controls, such as the same figure of the untrained \
             model, or of real images.",
        )
    }
}

impl Group {
    fn of((section, data): (Option<&str>, &str), variants: &[&VariantSummary], marks: &Marks) -> Self {
        let mut columns = columns(variants);
        let mut notes = Notes::default();
        let mut rows: Vec<Row> = variants.iter().map(|variant| row(variant, &columns, marks, &mut notes)).collect();
        lift_shared(&mut columns, &mut rows);
        let mut supports: Vec<Support> = columns.iter().filter_map(|column| column.figure.support).collect();
        supports.dedup();
        let support = supports.first().copied().filter(|_| supports.len() == 1);
        Self { section: section.map(str::to_owned), data: data.to_owned(), support, columns, rows, notes: notes.notes }
    }

    /// The group without the columns of descriptions, and without the notes that only they refer to.
    pub(crate) fn without_descriptions(&self) -> Self {
        self.with_columns(|column| column.class != Class::Other)
    }

    /// The group with the columns for which `keep` holds, and with the notes that they and the rows refer to.
    pub(crate) fn with_columns(&self, keep: impl Fn(&Column) -> bool) -> Self {
        self.with_indices(&(0..self.columns.len()).filter(|&index| keep(&self.columns[index])).collect::<Vec<_>>())
    }

    /// The table with the columns of these figures alone, in the order of their names.
    pub(crate) fn with_order(&self, names: &[String]) -> Self {
        let place = |index: &usize| names.iter().position(|name| *name == self.columns[*index].figure.name);
        let mut kept: Vec<usize> = (0..self.columns.len()).filter(|index| place(index).is_some()).collect();
        kept.sort_by_key(place);
        self.with_indices(&kept)
    }

    fn with_indices(&self, kept: &[usize]) -> Self {
        let mut notes = Notes::default();
        let mut again = |number: Option<usize>| number.map(|number| notes.add(self.notes[number - 1].clone()));
        let rows = self.rows.iter().map(|row| {
            let note = again(row.note);
            let cells = kept.iter().map(|&index| &row.cells[index]);
            let cells = cells.map(|cell| Cell { note: again(cell.note), ..cell.clone() }).collect();
            Row { note, cells, ..row.clone() }
        });
        let rows = rows.collect();
        let columns = kept.iter().map(|&index| self.columns[index].clone()).collect();
        Self { columns, rows, notes: notes.notes, ..self.clone() }
    }

    /// Heading: data set, and the common support.
    pub(crate) fn title(&self) -> String {
        match self.support {
            Some(support) => format!("{} · {}", self.data, with_spaces(&support)),
            None => self.data.clone(),
        }
    }

    /// Header lines of a column: name and better direction; unit; kind, and support unless it is common; then a line for
    /// each control that all rows share.
    pub(crate) fn heads(&self, column: usize) -> Vec<String> {
        let Column { label, figure, controls, .. } = &self.columns[column];
        heads(label, figure, self.support.is_none()).into_iter().chain(controls.iter().cloned()).collect()
    }
}
