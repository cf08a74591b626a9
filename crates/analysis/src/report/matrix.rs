//! Verdict matrices: variants by figures, and variants by variants for the primary figure.

use protocol::{Direction, Pairs};
use serde::Serialize;
use stats::Verdict;

use super::effect::SeenFrom;
use super::group_data::GroupData;
use super::variant_style::VariantStyle;
use crate::summary::{Figure, VariantSummary};
use crate::tables::{Class, heads};

/// Largest number of figures of a matrix: with the labels, it fits a printed page.
const FIGURES: usize = 8;

/// Cell of a matrix.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct MatrixCell {
    /// Symbols of the verdicts; empty without a comparison.
    pub(super) symbol: String,
    /// Class of the style sheet: `best`, `better`, `worse`, `equivalent`, `undecided` or empty.
    pub(super) class: &'static str,
    /// The cell in words.
    pub(super) words: String,
}

/// Verdicts of each variant by figure.
#[derive(Clone, Debug, Serialize)]
pub(super) struct FigureMatrix {
    pub(super) figures: Vec<String>,
    pub(super) rows: Vec<(VariantStyle, Vec<MatrixCell>)>,
    /// `true` if all pairs are compared, so that a cell counts verdicts.
    pub(super) counts: bool,
}

/// Verdict of each variant (row) against each other one (column).
#[derive(Clone, Debug, Serialize)]
pub(super) struct PairMatrix {
    pub(super) figure: String,
    pub(super) variants: Vec<VariantStyle>,
    pub(super) rows: Vec<(VariantStyle, Vec<MatrixCell>)>,
}

/// Verdicts by figure, in matrices of at most [`FIGURES`] columns and equal widths; empty if no figure is compared.
pub(super) fn figure_matrices(data: &GroupData<'_>) -> Vec<FigureMatrix> {
    let columns = data.columns(Class::Quality).map(|(_, column)| column);
    let columns: Vec<_> = columns.filter(|column| !data.rows_of(&column.figure).is_empty()).collect();
    let head = |column: &&crate::tables::Column| heads(&column.label, &column.figure, true)[0].clone();
    let matrix = |columns: &[&crate::tables::Column]| {
        let row = |variant: &&VariantSummary| {
            (data.style(variant), columns.iter().map(|column| verdicts(data, variant, &column.figure)).collect())
        };
        FigureMatrix {
            figures: columns.iter().map(head).collect(),
            rows: data.variants.iter().map(row).collect(),
            counts: data.comparisons.pairs == Pairs::All,
        }
    };
    let blocks = columns.len().div_ceil(FIGURES).max(1);
    columns.chunks(columns.len().div_ceil(blocks).max(1)).map(matrix).collect()
}

/// Verdicts of one variant against all others by one figure.
fn verdicts(data: &GroupData<'_>, variant: &VariantSummary, figure: &Figure) -> MatrixCell {
    let rows = data.rows_of(figure);
    let mut verdicts: Vec<Verdict> = Vec::new();
    for seen in rows.iter().filter_map(|row| SeenFrom::of(row, &variant.variant)) {
        // In comparisons with a baseline, the baseline has a row of its own.
        if data.comparisons.pairs == Pairs::All || seen.row.variant == variant.variant {
            verdicts.push(seen.verdict);
        } else {
            return MatrixCell { symbol: "baseline".into(), class: "", words: "baseline".into() };
        }
    }
    let marked = data.marks.contains(&variant.variant, figure);
    let number = |verdict: Verdict| verdicts.iter().filter(|one| **one == verdict).count();
    let all = [Verdict::Better, Verdict::Worse, Verdict::Equivalent, Verdict::Undecided];
    let found: Vec<(usize, Verdict)> =
        all.into_iter().map(|verdict| (number(verdict), verdict)).filter(|(number, _)| *number > 0).collect();
    let Some((_, first)) = found.first() else { return MatrixCell::default() };
    let class = match () {
        () if marked => "best",
        () if number(Verdict::Worse) > 0 => "worse",
        () => class(*first),
    };
    let mut symbols: Vec<String> = found
        .iter()
        .map(|(number, verdict)| match data.comparisons.pairs {
            Pairs::All => format!("{}{number}", symbol(*verdict)),
            Pairs::Baseline => format!("{} {verdict}", symbol(*verdict)),
        })
        .collect();
    if marked && data.comparisons.pairs == Pairs::All {
        symbols.insert(0, "★".to_owned());
    }
    let words: Vec<String> = found.iter().map(|(number, verdict)| format!("{verdict} {number}")).collect();
    let marked = if marked { "marked; " } else { "" };
    MatrixCell { symbol: symbols.join(" "), class, words: format!("{marked}{}", words.join(", ")) }
}

/// Verdicts of all pairs of the group by one figure; `None` unless all pairs are compared and there are at least three
/// variants with a value.
pub(super) fn pair_matrix(data: &GroupData<'_>, figure: &Figure, label: &str) -> Option<PairMatrix> {
    let variants: Vec<&VariantSummary> = data.with_value(figure).into_iter().map(|(variant, _)| variant).collect();
    let pairs = data.pairs_of(figure);
    if data.comparisons.pairs != Pairs::All || variants.len() < 3 || pairs.is_empty() {
        return None;
    }
    let cell = |row: &VariantSummary, column: &VariantSummary| {
        let both = |labels: [&String; 2]| labels.contains(&&row.variant) && labels.contains(&&column.variant);
        let found = pairs.iter().find(|pair| row.variant != column.variant && both([&pair.variant, &pair.baseline]));
        let seen = found.and_then(|pair| SeenFrom::of(pair, &row.variant));
        seen.map_or_else(MatrixCell::default, |seen| MatrixCell {
            symbol: symbol(seen.verdict).to_owned(),
            class: class(seen.verdict),
            words: format!("{}: {}", seen.words().unwrap_or_else(|| seen.other.to_owned()), seen.verdict),
        })
    };
    let row = |variant: &&VariantSummary| {
        (data.style(variant), variants.iter().map(|column| cell(variant, column)).collect())
    };
    let arrow = if figure.direction == Direction::Lower { "↓" } else { "↑" };
    Some(PairMatrix {
        figure: format!("{label} {arrow}"),
        rows: variants.iter().map(row).collect(),
        variants: variants.iter().map(|variant| data.style(variant)).collect(),
    })
}

fn symbol(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Better => "▲",
        Verdict::Worse => "▼",
        Verdict::Equivalent => "=",
        Verdict::Undecided => "?",
    }
}

fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::Equivalent => "equivalent",
        Verdict::Undecided => "undecided",
    }
}
