//! Reason of a verdict, in words.

use protocol::is_rate;
use protocol::text::count;
use stats::{ALPHA, LOST_MARGIN, MAX_SPLITS, Verdict};

use super::comparison::Comparison;
use super::needed::what_would_decide;

/// Reason of an open verdict and remarks on the numbers; empty if there are none.
pub(super) fn reason(row: &Comparison) -> String {
    with_remarks(row, (row.verdict == Verdict::Undecided).then(|| undecided(row)))
}

/// `undecided`, the reason of an open verdict, and remarks on the numbers.
pub(super) fn with_remarks(row: &Comparison, undecided: Option<String>) -> String {
    let mut parts: Vec<String> = undecided.into_iter().collect();
    let (ours, theirs) = row.lost;
    if ours + theirs > 0 {
        let lost = [(&row.variant, ours), (&row.baseline, theirs)].into_iter().filter(|(_, lost)| *lost > 0);
        let lost: Vec<_> = lost.map(|(label, lost)| format!("{label} lost {}", seeds(lost))).collect();
        parts.push(format!("{} (failed or collapsed): the means are over the other seeds", lost.join(", ")));
    }
    parts.extend(row.remark.clone());
    if row.without_partner > 0 {
        parts.push(format!("{} without a partner excluded", seeds(row.without_partner)));
    }
    if let Some(analysis) = row.analysis.filter(|_| row.p.is_some()) {
        let (number, of, at) = (analysis.number, analysis.of, seeds(analysis.seeds));
        parts.push(if row.any_time {
            format!("analysis at {at}: p is valid at any time")
        } else {
            format!("interim analysis {number} of {of}, at {at}: p is corrected for the number of analyses")
        });
    }
    if row.figure.as_ref().is_some_and(|figure| is_rate(&figure.name)) && row.p.is_some() {
        let test = if row.any_time { "pairs of seeds that differ" } else { "Fisher's exact test" };
        parts.push(format!("a share of the seeds: p is from {test}"));
    }
    if row.tails.is_some_and(|tails| !tails.exact) {
        parts.push(format!("the permutation p is from {} random permutations", MAX_SPLITS - 1));
    }
    parts.join("; ")
}

/// Reason why a comparison is undecided.
pub(super) fn undecided(row: &Comparison) -> String {
    if row.not_run > 0 {
        return format!("undecided: {} not run", seeds(row.not_run));
    }
    if let Some(obstacle) = &row.obstacle {
        return format!("undecided: {obstacle}");
    }
    let Some(p) = row.p_holm else { return "undecided: no seed in common".to_owned() };
    if p <= ALPHA {
        let percent = LOST_MARGIN * 100.0;
        return format!("undecided: the side that is ahead lost a larger share of its seeds, by more than {percent}%");
    }
    let mut text = format!("undecided: corrected p = {}", short(p));
    if let (Some(margin), Some(p)) = (row.margin, row.p_equivalent) {
        text += &format!(", of a difference of {} or more {}", short(margin), short(p));
    }
    if let Some(needed) = what_would_decide(row) {
        text += &format!("; {needed}");
    }
    text
}

fn seeds(number: usize) -> String {
    count(number, "seed")
}

/// Two significant digits.
pub(super) fn short(p: f64) -> String {
    let rounded: f64 = format!("{p:.1e}").parse().unwrap_or(p);
    rounded.to_string()
}
