//! Reason of a verdict, in words.

use protocol::text::count;
use stats::{ALPHA, MAX_SPLITS, Verdict};

use super::comparison::Comparison;

/// 97.5% of a normal distribution lie below this many standard deviations.
const NORMAL_975: f64 = 1.96;

/// Reason of an open verdict and remarks on the numbers; empty if there are none.
pub(super) fn reason(row: &Comparison) -> String {
    let mut parts = Vec::new();
    if row.verdict == Verdict::Undecided {
        parts.push(undecided(row));
    }
    let (ours, theirs) = row.lost;
    if ours + theirs > 0 {
        let lost = [(&row.variant, ours), (&row.baseline, theirs)].into_iter().filter(|(_, lost)| *lost > 0);
        let lost: Vec<_> = lost.map(|(label, lost)| format!("{label} lost {}", seeds(lost))).collect();
        let test = if row.paired { "signed ranks" } else { "ranks" };
        parts.push(format!(
            "{}: p is computed from {test}, with lost seeds ranked worst; effect and intervals use the other seeds",
            lost.join(", ")
        ));
    }
    if row.without_partner > 0 {
        parts.push(format!("{} without a partner excluded", seeds(row.without_partner)));
    }
    if let Some(analysis) = row.analysis.filter(|_| row.tails.is_some()) {
        parts.push(format!(
            "interim analysis {} of {}, at {}: p is corrected for the number of analyses",
            analysis.number,
            analysis.of,
            seeds(analysis.seeds)
        ));
    }
    if row.tails.is_some_and(|tails| !tails.exact) {
        parts.push(format!("p is computed from {} random permutations", MAX_SPLITS - 1));
    }
    if [Verdict::Better, Verdict::Worse].contains(&row.verdict)
        && let (Some(effect), Some(se)) = (row.effect, row.se_test)
        && effect.abs() < NORMAL_975 * se
    {
        let how = if row.images_paired { "" } else { ", taken unpaired" };
        parts.push(format!("within the error over test images{how}"));
    }
    parts.join("; ")
}

fn undecided(row: &Comparison) -> String {
    if row.not_run > 0 {
        return format!("undecided: {} not run", seeds(row.not_run));
    }
    let Some(p) = row.p_holm else { return "undecided: no seed in common".to_owned() };
    if p <= ALPHA {
        return "undecided: the better side lost a seed".to_owned();
    }
    let (a, b) = (row.seeds.0 + row.lost.0, row.seeds.1 + row.lost.1);
    let sides = if row.paired { count(a, "pair") } else { format!("{} against {b}", seeds(a)) };
    let mut text = match (row.reach, row.reach_holm) {
        (Some(reach), Some(best)) if best > ALPHA => {
            let among = match best > reach {
                true => match row.analysis {
                    Some(analysis) => format!(
                        ", {} among {} at {}",
                        short(best),
                        count(row.family, "comparison"),
                        match analysis.of {
                            1 => "1 interim analysis".to_owned(),
                            count => format!("{count} interim analyses"),
                        }
                    ),
                    None => format!(", {} among {}", short(best), count(row.family, "comparison")),
                },
                false => String::new(),
            };
            format!("undecided: {sides} can reach p = {} at best{among}", short(reach))
        }
        _ => format!("undecided: corrected p = {}", short(p)),
    };
    if let (Some(margin), Some(p)) = (row.margin, row.p_equivalent) {
        text += &format!("; corrected p of a difference of {margin} or more = {}", short(p));
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
