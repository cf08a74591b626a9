//! Effect of a comparison in words, seen from one of its variants.

use stats::Verdict;

use super::group_data::{grouped, unit_text};
use crate::compare::Comparison;
use crate::tables::{digits_after_point, fixed, is_plain, scientific};

/// Format of the effect, interval and errors of one comparison: two digits of the error, or four of the effect.
#[derive(Clone, Copy, Debug)]
pub(super) struct EffectFormat {
    decimals: usize,
    is_plain: bool,
}

impl EffectFormat {
    pub(super) fn of(row: &Comparison) -> Self {
        let errors = [row.se_seeds(), row.se_test()].into_iter().flatten().filter(|se| *se > 0.0);
        let smallest = errors.fold(f64::INFINITY, f64::min);
        let decimals = match (smallest.is_finite(), row.effect) {
            (true, _) => digits_after_point(smallest, 2),
            (false, Some(effect)) => digits_after_point(effect, 4),
            (false, None) => 0,
        };
        let bounds = row.interval.map_or([0.0; 2], |interval| [interval.low, interval.high]);
        let largest = bounds.into_iter().chain(row.effect).fold(0.0_f64, |largest, value| largest.max(value.abs()));
        Self { decimals, is_plain: is_plain(largest) }
    }

    pub(super) fn text(self, value: f64) -> String {
        if self.is_plain { grouped(&fixed(value, self.decimals)) } else { scientific(value, value, 3) }
    }
}

/// A p-value with two significant digits.
pub(super) fn probability(p: f64) -> String {
    if p == 0.0 || is_plain(p) { fixed(p, digits_after_point(p, 2)) } else { scientific(p, p, 2) }
}

/// A comparison, seen from one of its two variants.
#[derive(Clone, Copy, Debug)]
pub(super) struct SeenFrom<'a> {
    pub(super) row: &'a Comparison,
    /// The other variant.
    pub(super) other: &'a str,
    /// Mean of the variant minus mean of the other one.
    pub(super) effect: Option<f64>,
    pub(super) interval: Option<(f64, f64)>,
    pub(super) verdict: Verdict,
}

impl<'a> SeenFrom<'a> {
    /// `None` if the variant has no part in the comparison.
    pub(super) fn of(row: &'a Comparison, variant: &str) -> Option<Self> {
        let interval = row.interval.map(|interval| (interval.low, interval.high));
        if row.variant == variant {
            return Some(Self { row, other: &row.baseline, effect: row.effect, interval, verdict: row.verdict });
        }
        (row.baseline == variant).then(|| Self {
            row,
            other: &row.variant,
            effect: row.effect.map(|effect| -effect),
            interval: interval.map(|(low, high)| (-high, -low)),
            verdict: opposite(row.verdict),
        })
    }

    /// The effect in words: `0.85 nats lower than markov (95% interval 0.62 to 1.08)`. `None` without an effect.
    pub(super) fn words(&self) -> Option<String> {
        let effect = self.effect?;
        let format = EffectFormat::of(self.row);
        let unit = self.row.figure.as_ref().map(|figure| unit_text(figure.unit)).unwrap_or_default();
        let unit = if unit.is_empty() { unit } else { format!(" {unit}") };
        let sign = if effect < 0.0 { -1.0 } else { 1.0 };
        let size = format.text(effect.abs());
        let mut text = match effect {
            0.0 => format!("0{unit} from {}", self.other),
            _ => format!("{size}{unit} {} than {}", if effect < 0.0 { "lower" } else { "higher" }, self.other),
        };
        if let Some((low, high)) = self.interval {
            let (low, high) = if sign < 0.0 { (-high, -low) } else { (low, high) };
            text += &format!(" (95% interval {} to {})", format.text(low), format.text(high));
        }
        Some(text)
    }
}

fn opposite(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Better => Verdict::Worse,
        Verdict::Worse => Verdict::Better,
        same => same,
    }
}
