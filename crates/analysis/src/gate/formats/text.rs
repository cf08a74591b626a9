//! Table for the terminal.

use protocol::text::{columns, escape};

use super::super::judge::GateVerdict;
use super::super::outcome::{Gate, GateResult};
use super::super::row::{HEADS, Row};
use crate::tables::percent;

pub(super) fn text(gate: &Gate) -> String {
    let mut text = format!("{}\n\n", escape::cell(&header(gate)));
    let rows = gate.rows();
    let (gating, informing): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.gates);
    text += &table(&gating);
    if !informing.is_empty() {
        text += "\nThese figures inform and do not decide the exit code:\n";
        text += &table(&informing);
    }
    if !gate.removed.is_empty() {
        text += &format!("\nOnly in the baseline: {}\n", escape::cell(&gate.removed.join(", ")));
    }
    text += &format!("\n{}\n", totals(gate));
    for line in advice(gate) {
        text += &format!("{line}\n");
    }
    text + &format!("result: {}\n", gate.result().words())
}

/// Names the two sides.
pub(super) fn header(gate: &Gate) -> String {
    let ((base, base_machine), (run, run_machine)) = (&gate.baseline, &gate.run);
    if base_machine == run_machine {
        format!("{}: {run} against the baseline of {base}, both on {run_machine}", gate.grid)
    } else {
        format!("{}: {run} on {run_machine} against the baseline of {base} on {base_machine}", gate.grid)
    }
}

/// Counts the verdicts of the figures and of the counters that gate.
pub(super) fn totals(gate: &Gate) -> String {
    let figures = verdicts(&|verdict| gate.count(verdict), ["figure gates", "figures gate"]);
    let counters = verdicts(&|verdict| gate.count_counters(verdict), ["counter", "counters"]);
    let level = percent(gate.level);
    match (figures, counters) {
        (None, None) => "no figure gates".to_owned(),
        (Some(figures), None) => format!("{figures} (intervals at {level}%)"),
        (None, Some(counters)) => counters,
        (Some(figures), Some(counters)) => format!("{figures} (intervals at {level}%); {counters}"),
    }
}

/// Such as `3 figures gate: 2 identical, 1 worse`; `None` if nothing gates.
fn verdicts(number: &dyn Fn(GateVerdict) -> usize, nouns: [&str; 2]) -> Option<String> {
    use GateVerdict::{Better, Equivalent, Identical, Undecided, Worse};
    let found = [Identical, Equivalent, Better, Worse, Undecided].map(|verdict| (verdict, number(verdict)));
    let all: usize = found.iter().map(|(_, number)| number).sum();
    let counts = found.iter().filter(|(_, number)| *number > 0);
    let counts: Vec<String> =
        counts.map(|(verdict, number)| format!("{number} {}", verdict.word().to_lowercase())).collect();
    (all > 0).then(|| format!("{all} {}: {}", nouns[usize::from(all > 1)], counts.join(", ")))
}

/// Advice for the result.
pub(super) fn advice(gate: &Gate) -> Vec<String> {
    let save = format!("`genbench baseline save {}` makes this run the baseline", gate.arguments);
    match gate.result() {
        GateResult::Stale => vec![format!(
            "The baseline is stale: it is of other inputs. {save}. `genbench compare` shows the differences of two results or packs, \
             also with other inputs."
        )],
        GateResult::NoRegression if gate.count(GateVerdict::Better) > 0 => vec![format!("The run is better. {save}.")],
        _ => Vec::new(),
    }
}

fn table(rows: &[&Row]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| columns(&escape::cell(row.cells()[column])));
        cells.chain([columns(HEADS[column])]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..HEADS.len()).map(width).collect();
    let line = |cells: [&str; 7], remark: &str| {
        let padded = cells.iter().zip(&widths).enumerate().map(|(at, (cell, width))| {
            let cell = escape::cell(cell);
            let blanks = " ".repeat(width.saturating_sub(columns(&cell)));
            if matches!(at, 0 | 1 | 6) { format!("{cell}{blanks}") } else { format!("{blanks}{cell}") }
        });
        let remark = escape::cell(remark);
        format!("{}  {remark}", padded.collect::<Vec<_>>().join("  ")).trim_end().to_owned() + "\n"
    };
    let mut text = line(HEADS, "");
    let mut last = "";
    for row in rows {
        let mut cells = row.cells();
        // Repeated labels are left out.
        if std::mem::replace(&mut last, &row.variant) == row.variant {
            cells[0] = "";
        }
        text += &line(cells, &row.remark);
    }
    text
}
