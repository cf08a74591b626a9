//! Best variants of a figure, their lead over the next one, and the certainty of both.

use protocol::text::count;
use protocol::{Direction, Pairs};
use serde::Serialize;
use stats::{ALPHA, Verdict};

use crate::compare::Comparison;
use crate::report::effect::{SeenFrom, probability};
use crate::report::group_data::GroupData;
use crate::report::variant_style::VariantStyle;
use crate::summary::{Figure, VariantSummary};

/// Largest number of marked variants whose lead is stated.
const LEADS: usize = 3;
/// Smallest p-value that a sentence states.
const SMALLEST_P: f64 = 1e-4;
/// Largest number of comparisons with a baseline that are listed.
const ROWS: usize = 4;

/// Best variants of a figure.
#[derive(Clone, Debug, Default, Serialize)]
pub(in crate::report) struct Best {
    /// Question that the list answers.
    pub(in crate::report) title: String,
    /// Marked variants with their figure.
    pub(in crate::report) variants: Vec<(VariantStyle, String)>,
    /// Statement about the marked set.
    pub(in crate::report) meaning: String,
    /// Differences from the next variants or from the baseline, each with its verdict.
    pub(in crate::report) leads: Vec<String>,
    /// Numbers of verdicts and of seeds.
    pub(in crate::report) certainty: Vec<String>,
}

/// Best variants of `figure` in the group.
pub(super) fn best(data: &GroupData<'_>, figure: Option<&Figure>) -> Best {
    let Some(figure) = figure else {
        return Best { title: "Best".into(), meaning: "No variant has a score.".into(), ..Best::default() };
    };
    let rows = data.rows_of(figure);
    let with_text =
        |variant: &VariantSummary| (data.style(variant), data.cell_text(&variant.variant, figure).unwrap_or_default());
    let is_marked = |variant: &&VariantSummary| data.marks.contains(&variant.variant, figure);
    let variants: Vec<_> = by_mean(data, figure).into_iter().filter(is_marked).map(with_text).collect();
    let certainty = if rows.is_empty() { Vec::new() } else { certainty(data, figure, &rows) };
    match data.comparisons.pairs {
        Pairs::All => Best {
            title: "Best".into(),
            meaning: meaning_of_all(data, figure, &rows),
            leads: leads(data, figure),
            variants,
            certainty,
        },
        Pairs::Baseline => {
            let baseline = rows.first().map(|row| row.baseline.clone());
            let title = baseline.as_ref().map_or("Best".to_owned(), |label| format!("Better than {label}"));
            let meaning = match baseline {
                None => not_compared(data, figure),
                Some(label) if variants.is_empty() => {
                    let value = data.cell_text(&label, figure).map(|text| format!(" ({text})")).unwrap_or_default();
                    format!("No variant is better than the baseline {label}{value}.")
                }
                Some(_) => best_of_marked(data, figure),
            };
            Best { title, meaning, leads: against_baseline(&rows), variants, certainty }
        }
    }
}

/// Variants with a value of `figure`, the best mean first.
pub(super) fn by_mean<'a>(data: &GroupData<'a>, figure: &Figure) -> Vec<&'a VariantSummary> {
    let mut found = data.with_value(figure);
    let mean = |one: &(&VariantSummary, &crate::FigureSummary)| one.1.spread.map_or(f64::NAN, |spread| spread.mean);
    found.sort_by(|a, b| mean(a).total_cmp(&mean(b)));
    if figure.direction == Direction::Higher {
        found.reverse();
    }
    found.into_iter().map(|(variant, _)| variant).collect()
}

/// Statement about the best mean of several marked variants, which are compared with the baseline alone.
fn best_of_marked(data: &GroupData<'_>, figure: &Figure) -> String {
    let is_marked = |one: &&VariantSummary| data.marks.contains(&one.variant, figure);
    let marked: Vec<&VariantSummary> = by_mean(data, figure).into_iter().filter(is_marked).collect();
    let [first, second, ..] = marked.as_slice() else { return String::new() };
    let others = "these variants are compared with the baseline, not with each other";
    format!("{} has the best mean, before {}; {others}.", first.variant, second.variant)
}

fn not_compared(data: &GroupData<'_>, figure: &Figure) -> String {
    match data.with_value(figure).as_slice() {
        [] => "No variant has a value.".to_owned(),
        [(only, _)] => format!("Only {} has a value: nothing to compare.", only.variant),
        _ => "The variants are not compared.".to_owned(),
    }
}

fn meaning_of_all(data: &GroupData<'_>, figure: &Figure, rows: &[&Comparison]) -> String {
    let marked = data.marked(figure).len();
    let here = |label: &str| data.variants.iter().any(|variant| variant.variant == label);
    let mut elsewhere: Vec<&str> = Vec::new();
    for label in rows.iter().flat_map(|row| [&row.variant, &row.baseline]) {
        if !here(label) && data.marks.contains(label, figure) && !elsewhere.contains(&label.as_str()) {
            elsewhere.push(label);
        }
    }
    let has_verdict = |row: &&&Comparison| matches!(row.verdict, Verdict::Better | Verdict::Worse);
    let mut text = match marked {
        _ if rows.is_empty() => return not_compared(data, figure),
        0 if !elsewhere.is_empty() => {
            "None of this section: each is worse than another variant on these data.".to_owned()
        }
        0 if rows.iter().any(|row| has_verdict(&row)) => "None: each variant is worse than another one.".to_owned(),
        0 => "Not known: no comparison calls a variant better or worse.".to_owned(),
        1 => "No comparison calls it worse than another variant.".to_owned(),
        _ => "No comparison calls one of them worse than another variant.".to_owned(),
    };
    if !elsewhere.is_empty() {
        text += &format!(" Best in other sections: {}.", elsewhere.join(", "));
    }
    text
}

/// Differences of the marked variants from the next one; of the best mean without marks.
fn leads(data: &GroupData<'_>, figure: &Figure) -> Vec<String> {
    let order = by_mean(data, figure);
    let (mut first, rest): (Vec<&VariantSummary>, Vec<_>) =
        order.into_iter().partition(|variant| data.marks.contains(&variant.variant, figure));
    let mut rest = rest.into_iter();
    if first.is_empty() {
        first.extend(rest.next());
    }
    let Some(next) = rest.next() else { return Vec::new() };
    let pairs = data.pairs_of(figure);
    let seen = |variant: &&VariantSummary| {
        let row = pairs.iter().find(|row| {
            [&row.variant, &row.baseline].contains(&&next.variant) && SeenFrom::of(row, &variant.variant).is_some()
        })?;
        lead(&SeenFrom::of(row, &variant.variant)?, &variant.variant)
    };
    first.iter().take(LEADS).filter_map(seen).collect()
}

/// Comparisons with the baseline: better ones first, then worse, equivalent and undecided ones; the largest advantage first.
fn against_baseline(rows: &[&Comparison]) -> Vec<String> {
    let order = |verdict: Verdict| match verdict {
        Verdict::Better => 0,
        Verdict::Worse => 1,
        Verdict::Equivalent => 2,
        Verdict::Undecided => 3,
    };
    let mut rows: Vec<&Comparison> = rows.to_vec();
    let advantage = |row: &Comparison| {
        let is_lower = row.figure.as_ref().is_some_and(|figure| figure.direction == Direction::Lower);
        row.effect.map_or(f64::NEG_INFINITY, |effect| if is_lower { -effect } else { effect })
    };
    rows.sort_by(|a, b| order(a.verdict).cmp(&order(b.verdict)).then(advantage(b).total_cmp(&advantage(a))));
    let lines = rows.iter().filter_map(|row| lead(&SeenFrom::of(row, &row.variant)?, &row.variant));
    let mut lines: Vec<String> = lines.collect();
    let more = lines.len().saturating_sub(ROWS);
    lines.truncate(ROWS);
    if more > 0 {
        lines.push(format!("{} in the table of comparisons", count(more, "more comparison")));
    }
    lines
}

fn lead(seen: &SeenFrom<'_>, variant: &str) -> Option<String> {
    let p = seen.row.p_holm.map(|p| match p < SMALLEST_P {
        true => format!(", corrected p < {SMALLEST_P}"),
        false => format!(", corrected p = {}", probability(p)),
    });
    // A small p-value with an open verdict needs its reason.
    let is_small = seen.verdict == Verdict::Undecided && seen.row.p_holm.is_some_and(|p| p <= ALPHA);
    let reason = seen.row.needed().filter(|_| is_small).map(|reason| format!(", but {reason}")).unwrap_or_default();
    Some(format!("{variant} is {}{}{reason}: {}", seen.words()?, p.unwrap_or_default(), seen.verdict))
}

/// Numbers of verdicts; verdicts between the marked variants; number of seeds.
fn certainty(data: &GroupData<'_>, figure: &Figure, rows: &[&Comparison]) -> Vec<String> {
    let of = |rows: &[&Comparison], verdict: Verdict| rows.iter().filter(|row| row.verdict == verdict).count();
    let open = of(rows, Verdict::Undecided);
    let mut text = format!("{} of {} decided", rows.len() - open, count(rows.len(), "comparison"));
    let equivalent = of(rows, Verdict::Equivalent);
    if equivalent > 0 {
        text += &format!(", {equivalent} of them as equivalent");
    }
    let seeds: Vec<usize> = rows.iter().flat_map(|row| [row.seeds.0, row.seeds.1]).collect();
    let (low, high) = (seeds.iter().min().copied().unwrap_or(0), seeds.iter().max().copied().unwrap_or(0));
    let seeds = if low == high { count(low, "seed") } else { format!("{low} to {}", count(high, "seed")) };
    let mut lines = vec![format!("{text}; {seeds} a variant.")];
    let is_marked = |label: &String| data.marks.contains(label, figure);
    let between: Vec<&Comparison> =
        rows.iter().copied().filter(|row| is_marked(&row.variant) && is_marked(&row.baseline)).collect();
    if data.comparisons.pairs == Pairs::All && !between.is_empty() {
        let counts = [Verdict::Equivalent, Verdict::Undecided].map(|verdict| (of(&between, verdict), verdict));
        let counts = counts.iter().filter(|(number, _)| *number > 0);
        let counts: Vec<String> = counts.map(|(number, verdict)| format!("{number} {verdict}")).collect();
        lines.push(format!("Between the best ones: {}.", counts.join(", ")));
    }
    lines
}
