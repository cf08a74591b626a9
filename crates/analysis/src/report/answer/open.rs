//! Undecided comparisons of a group with what would decide them, and figures that do not exceed a control.

use protocol::text::count;
use stats::Verdict;

use crate::compare::Comparison;
use crate::report::effect::SeenFrom;
use crate::report::group_data::{GroupData, grouped};
use crate::summary::Figure;

/// Largest number of undecided comparisons on the first screen.
const LISTED: usize = 3;
/// Largest number of figures that a statement about a control lists.
const FIGURES: usize = 3;

/// Undecided comparisons of a figure, those of marked variants first, and the number of those that are not listed.
pub(super) fn open(data: &GroupData<'_>, figure: &Figure) -> (Vec<String>, usize) {
    let rows = data.rows_of(figure);
    let mut open: Vec<&Comparison> = rows.into_iter().filter(|row| row.verdict == Verdict::Undecided).collect();
    let marked = |row: &&Comparison| {
        [&row.variant, &row.baseline].iter().filter(|label| data.marks.contains(label, figure)).count()
    };
    open.sort_by_key(|row| std::cmp::Reverse(marked(row)));
    (open.iter().take(LISTED).map(|row| line(row)).collect(), open.len().saturating_sub(LISTED))
}

fn line(row: &Comparison) -> String {
    let needed = grouped(&row.needed().unwrap_or_default());
    match SeenFrom::of(row, &row.variant).and_then(|seen| seen.words()) {
        Some(words) => format!("{} is {words}: {needed}", row.variant),
        None => format!("{} and {}: {needed}", row.variant, row.baseline),
    }
}

/// Scores that a test does not show to exceed a control. Controls without a test, such as those of a
/// model in closed form, are in the table of comparisons.
pub(super) fn below_controls(data: &GroupData<'_>) -> Vec<String> {
    let here = |row: &&Comparison| data.variants.iter().any(|variant| variant.variant == row.variant);
    let rows = data.comparisons.controls.iter().filter(here);
    let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
    for row in rows.filter(|row| row.verdict != Verdict::Better && row.p.is_some()) {
        let (Some(figure), Some(control)) = (&row.figure, &row.control) else { continue };
        let line = format!("{} and its control {}: {}", row.variant, control.label, row.verdict);
        let label = data.board.columns.iter().find(|column| column.figure == *figure);
        let label = label.map_or(&figure.name, |column| &column.label);
        match lines.iter_mut().find(|(known, _)| *known == line) {
            Some((_, figures)) => figures.push(label),
            None => lines.push((line, vec![label])),
        }
    }
    let by = |figures: Vec<&str>| match figures.len().saturating_sub(FIGURES) {
        0 => figures.join(", "),
        more => format!("{}, and {}", figures[..FIGURES].join(", "), count(more, "more figure")),
    };
    lines.into_iter().map(|(line, figures)| format!("{line} by {}", by(figures))).collect()
}
