//! Rows of the gate's tables, in words and digits for people.

use super::counter::CounterFinding;
use super::finding::{FigureFinding, FigureResult, VariantFinding, VariantState};
use super::judge::{GateVerdict, Judgement, Pairing};
use super::outcome::Gate;
use super::speed::{MARGIN, SpeedJudgement};
use crate::tables::{digits_after_point, readable};

/// One row: a figure of a variant, or a variant that was not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) variant: String,
    pub(super) figure: String,
    /// `true` if the row can decide the exit code.
    pub(super) gates: bool,
    pub(super) baseline: String,
    pub(super) run: String,
    pub(super) loss: String,
    pub(super) margin: String,
    pub(super) verdict: &'static str,
    pub(super) remark: String,
}

/// Column heads of the rows, without the remark.
pub(super) const HEADS: [&str; 7] = ["variant", "figure", "baseline", "run", "loss", "margin", "verdict"];

impl Row {
    pub(super) fn cells(&self) -> [&str; 7] {
        [&self.variant, &self.figure, &self.baseline, &self.run, &self.loss, &self.margin, self.verdict]
    }

    fn of_variant(variant: &VariantFinding, verdict: &'static str, remark: String) -> Self {
        Self {
            variant: variant.variant.clone(),
            figure: String::new(),
            gates: true,
            baseline: String::new(),
            run: String::new(),
            loss: String::new(),
            margin: String::new(),
            verdict,
            remark,
        }
    }
}

impl Gate {
    /// Rows that decide the exit code come first for each variant.
    pub(super) fn rows(&self) -> Vec<Row> {
        self.variants.iter().flat_map(variant_rows).collect()
    }
}

fn variant_rows(variant: &VariantFinding) -> Vec<Row> {
    match &variant.state {
        VariantState::New => return vec![Row::of_variant(variant, "new", "the baseline does not have it".to_owned())],
        VariantState::Changed(changes) => {
            return vec![Row::of_variant(variant, "changed", format!("inputs changed: {}", changes.join("; ")))];
        }
        VariantState::Compared => {}
    }
    let mut rows = Vec::new();
    for failure in &variant.failures {
        rows.push(Row::of_variant(variant, "FAILED", failure.clone()));
    }
    if !variant.collapses.is_empty() {
        let verdict = if variant.collapse_is_worse { "WORSE" } else { "undecided" };
        rows.push(Row::of_variant(variant, verdict, format!("collapsed: {}", seeds(&variant.collapses))));
    }
    if !variant.not_run.is_empty() {
        rows.push(Row::of_variant(variant, "undecided", format!("not run: {}", seeds(&variant.not_run))));
    }
    let (gating, informing): (Vec<_>, Vec<_>) = variant.figures.iter().partition(|one| one.gates);
    rows.extend(gating.iter().chain(&informing).map(|one| figure_row(variant, one)));
    rows.extend(variant.speed.as_ref().map(|speed| speed_row(variant, speed)));
    rows.extend(counter_rows(variant));
    if rows.is_empty() {
        rows.push(Row {
            gates: false,
            ..Row::of_variant(variant, "-", "no figure with a better direction".to_owned())
        });
    }
    let notes = variant.renamed_from.iter().map(|old| format!("`{old}` in the baseline")).chain(variant.notes.clone());
    if let (Some(first), notes) = (rows.first_mut(), notes.collect::<Vec<_>>())
        && !notes.is_empty()
    {
        let known = std::mem::take(&mut first.remark);
        first.remark = notes.into_iter().chain((!known.is_empty()).then_some(known)).collect::<Vec<_>>().join("; ");
    }
    rows
}

fn seeds(seeds: &[u64]) -> String {
    let list: Vec<String> = seeds.iter().map(u64::to_string).collect();
    format!("{} {}", if seeds.len() == 1 { "seed" } else { "seeds" }, list.join(", "))
}

fn figure_row(variant: &VariantFinding, one: &FigureFinding) -> Row {
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| readable(value, 3));
    let (loss, remark) = match &one.result {
        FigureResult::Judged(judgement) => (loss(judgement), judgement.remark()),
        FigureResult::Changed(changes) => (String::new(), format!("inputs changed: {}", changes.join("; "))),
        FigureResult::Missing(lost) => (String::new(), format!("no value: {}", seeds(lost))),
        FigureResult::NotRun => (String::new(), "no seed is done".to_owned()),
        FigureResult::New => (String::new(), "the baseline does not have it".to_owned()),
    };
    Row {
        variant: variant.variant.clone(),
        figure: one.label.clone(),
        gates: one.gates,
        baseline: number(one.baseline),
        run: number(one.run),
        loss,
        margin: one.margin.map_or_else(String::new, |margin| digits(margin.value, margin.value)),
        verdict: one.word(),
        remark,
    }
}

fn loss(judgement: &Judgement) -> String {
    match (judgement.verdict, judgement.interval) {
        (GateVerdict::Identical, _) => "0".to_owned(),
        (_, Some(interval)) => {
            let half = (interval.high - interval.low) / 2.0;
            // Two digits of the error, but at least one of the loss.
            let width = half.max(judgement.loss.abs() * 1e-3).min(10.0 * judgement.loss.abs().max(half / 100.0));
            let [loss, low, high] = [judgement.loss, interval.low, interval.high].map(|value| digits(value, width));
            format!("{loss} [{low}, {high}]")
        }
        (_, None) => digits(judgement.loss, judgement.loss),
    }
}

/// A number with two significant digits of `of`.
pub(crate) fn digits(value: f64, of: f64) -> String {
    let text = readable(value, digits_after_point(of.abs(), 2));
    if text.trim_start_matches('-').bytes().all(|byte| matches!(byte, b'0' | b'.')) { "0".to_owned() } else { text }
}

impl Judgement {
    /// Pairing, reason and what would decide an undecided comparison, in words; empty if there is nothing to remark.
    pub(crate) fn remark(&self) -> String {
        let pairing = match self.pairing {
            Pairing::Seeds(_) => None,
            Pairing::Unpaired(before, after) => Some(format!("unpaired: {before} and {after} other seeds")),
            Pairing::OneSeed(known) => Some(format!("one seed, judged by the spread of {known} others")),
            Pairing::ClosedForm => Some("closed form: one computation".to_owned()),
        };
        let open = match (self.verdict, self.visible_loss, self.needed) {
            (GateVerdict::Undecided, Some(visible), Some(needed)) => {
                Some(format!("sees a loss of {} or more; {needed} would decide", digits(visible, visible)))
            }
            (GateVerdict::Undecided, Some(visible), None) => {
                Some(format!("sees a loss of {} or more", digits(visible, visible)))
            }
            _ => None,
        };
        self.reason.clone().into_iter().chain(pairing).chain(open).collect::<Vec<_>>().join("; ")
    }
}

fn speed_row(variant: &VariantFinding, speed: &SpeedJudgement) -> Row {
    let loss = match (speed.ratio, speed.interval) {
        (Some(ratio), Some(interval)) => format!("x{ratio:.2} [{:.2}, {:.2}]", interval.low, interval.high),
        _ => String::new(),
    };
    Row {
        variant: variant.variant.clone(),
        figure: "training speed".to_owned(),
        gates: speed.verdict == GateVerdict::Worse,
        baseline: String::new(),
        run: String::new(),
        loss,
        margin: format!("{:.0}%", 100.0 * MARGIN),
        verdict: speed.verdict.word(),
        remark: speed.reason.clone().unwrap_or_default(),
    }
}

/// Rows of the counts: one for all counts of a verdict, except that each count that is worse or better has its own.
fn counter_rows(variant: &VariantFinding) -> Vec<Row> {
    let of = |verdict: GateVerdict| variant.counters.iter().filter(move |counter| counter.verdict == verdict);
    let row = |counter: &CounterFinding| Row {
        figure: counter.figure.clone(),
        baseline: counter.baseline.map_or_else(|| "-".to_owned(), exact),
        run: counter.run.map_or_else(|| "-".to_owned(), exact),
        loss: counter.run.zip(counter.baseline).map_or_else(String::new, |(run, before)| exact(run - before)),
        margin: digits(counter.margin, counter.margin),
        ..Row::of_variant(variant, counter.verdict.word(), String::new())
    };
    let alike = |verdict: GateVerdict| {
        let first = of(verdict).next()?;
        let figure = format!("counters ({})", of(verdict).count());
        let reason = first.reason.unwrap_or_default().to_owned();
        Some(Row { figure, gates: first.gates(), ..Row::of_variant(variant, verdict.word(), reason) })
    };
    let differing = of(GateVerdict::Worse).chain(of(GateVerdict::Better)).map(row);
    let others = [GateVerdict::Identical, GateVerdict::Equivalent, GateVerdict::Undecided].map(alike);
    differing.chain(others.into_iter().flatten()).collect()
}

/// All digits of an integer, else four after the point.
fn exact(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { format!("{value}") } else { readable(value, 4) }
}
