//! The comparison of two builds as lines for people.

use std::io::Write;
use std::path::Path;

use protocol::timing::Window;
use runner::duel::{Costs, CountPair, DuelWindow, InstructionPair, VariantDuel, median};
use serde_json::json;
use stats::Verdict;

use crate::failure::Failure;
use crate::output;

/// Prints the comparison. `sizes` are those of the other executable and of this one, in MiB.
pub(super) fn for_people(all: &[VariantDuel], other: &Path, margin: f64, sizes: [f64; 2]) -> Result<(), Failure> {
    let mut out = output::people();
    writeln!(
        out,
        "speed of this build against {}: ratio above 1 is faster, margin {:.1}%\n",
        other.display(),
        100.0 * margin
    )?;
    let width = all.iter().map(|one| one.variant.chars().count()).max().unwrap_or_default();
    for one in all {
        for window in &one.windows {
            writeln!(out, "{:width$}  {}", one.variant, line(window))?;
        }
        for line in count_lines(one) {
            writeln!(out, "{:width$}  {line}", one.variant)?;
        }
        for line in instruction_lines(one) {
            writeln!(out, "{:width$}  {line}", one.variant)?;
        }
        writeln!(out, "{:width$}  {}", one.variant, costs(one))?;
        if let Some(reason) = &one.failed {
            writeln!(out, "{:width$}  not timed: {reason}", one.variant)?;
        }
        if one.stopped {
            writeln!(out, "{:width$}  stopped", one.variant)?;
        }
    }
    let [before, after] = sizes;
    writeln!(out, "executable: {before:.2} -> {after:.2} MiB")?;
    Ok(out.flush()?)
}

fn window_name(window: Window) -> String {
    json!(window).as_str().unwrap_or_default().to_owned()
}

/// One line of the table: `train     0.91 [0.89, 0.93]  WORSE  12 blocks`.
fn line(window: &DuelWindow) -> String {
    let name = window_name(window.window);
    let Some(look) = window.look else {
        let reason = window.absent.clone().unwrap_or_else(|| "fewer than four blocks".to_owned());
        return format!("{name:9} -  {reason}");
    };
    let ratio = |loss: f64| (-loss).exp();
    let (low, high) = (ratio(look.interval.high), ratio(look.interval.low));
    let verdict = if look.verdict == Verdict::Worse { "WORSE".to_owned() } else { look.verdict.to_string() };
    let seen = match look.verdict {
        Verdict::Undecided => format!("; sees a ratio below {:.3}", ratio(look.visible)),
        _ => String::new(),
    };
    format!("{name:9} {:.3} [{low:.3}, {high:.3}]  {verdict}  {} blocks{seen}", ratio(look.loss), look.n)
}

/// Lines of the counts: one if all are equal, else one for each count that differs.
fn count_lines(one: &VariantDuel) -> Vec<String> {
    let pairs = match &one.counts {
        Ok(pairs) if pairs.is_empty() => return Vec::new(),
        Ok(pairs) => pairs,
        Err(reason) => return vec![format!("counts    -  {reason}")],
    };
    let differing: Vec<&CountPair> = pairs.iter().filter(|pair| pair.run != pair.baseline).collect();
    if differing.is_empty() {
        return vec![format!("counts    identical: {}", protocol::text::count(pairs.len(), "count"))];
    }
    let line = |pair: &CountPair| {
        let verdict = pair.verdict().word();
        format!("counts    {}: {} -> {}  {verdict}", pair.figure, pair.baseline, pair.run)
    };
    differing.into_iter().map(line).collect()
}

/// Lines of the instructions, one for each window.
fn instruction_lines(one: &VariantDuel) -> Vec<String> {
    let pairs = match &one.instructions {
        Ok(pairs) => pairs,
        Err(reason) => return vec![format!("instructions  -  {reason}")],
    };
    let line = |pair: &InstructionPair| {
        let verdict = pair.verdict().word();
        let (window, ratio) = (window_name(pair.window), pair.run / pair.baseline);
        format!("{window:9} {:.0} -> {:.0} instructions, x{ratio:.4}  {verdict}", pair.baseline, pair.run)
    };
    pairs.iter().map(line).collect()
}

fn costs(one: &VariantDuel) -> String {
    let side = |costs: &[Costs]| {
        (median(costs.iter().map(|cost| cost.start_s)), median(costs.iter().filter_map(|cost| cost.memory_mib)))
    };
    let ((start_before, memory_before), (start, memory)) = (side(&one.costs.0), side(&one.costs.1));
    let pair = |before: Option<f64>, after: Option<f64>, unit: &str| match (before, after) {
        (Some(before), Some(after)) => format!("{before:.2} -> {after:.2} {unit}"),
        _ => "-".to_owned(),
    };
    format!("start     {}; peak memory {}", pair(start_before, start, "s"), pair(memory_before, memory, "MiB"))
}
