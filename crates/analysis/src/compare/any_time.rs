//! Tests of a comparison that are valid at any time, on differences seed by seed.
//!
//! An analysis may follow every seed, and a run may stop after any of them. [`AnyTime`] bounds the error of all analyses
//! together, so p-values are corrected by Holm for the family and not for the number of analyses. This is a closed test with
//! one p-value per comparison: the smallest over all analyses.

use stats::{AnyTime, Part, discordant_pairs};

use super::comparison::Comparison;
use super::sides::Sides;
use crate::summary::Spread;

impl Comparison {
    /// Replaces the seed parts of the two sides with one part, of differences seed by seed. The rules of the fixed analysis
    /// for sides without spread hold: with an obstacle, or without an error over seeds, nothing changes. `constant` states
    /// which sides are one observation, without seeds.
    pub(super) fn use_differences(&mut self, sides: &Sides, constant: (bool, bool)) {
        if self.obstacle.is_some() || constant == (true, true) {
            return;
        }
        let (differences, surplus) = if self.paired { (sides.differences(), 0) } else { in_order(sides, constant) };
        let Some(Spread { mean, sd, n, .. }) = Spread::of(&differences) else { return };
        let largest = sides.first.iter().chain(&sides.second).flatten().fold(0.0_f64, |most, one| one.abs().max(most));
        // Equal differences may differ by rounding.
        let Some(sd) = sd.filter(|sd| *sd > 1e-12 * largest) else {
            let text = "all differences between seeds are equal, which is no evidence of how seeds vary";
            self.obstacle = Some(text.to_owned());
            (self.part_variant, self.part_baseline, self.sd) = (None, None, (0.0, 0.0));
            return;
        };
        // A side without spread is taken to vary as the other one. This lowers the e-value, which therefore remains valid.
        let is_borrowed = self.sd.0 > 0.0 && self.sd.1 > 0.0 && self.remark.is_some();
        let sd = if is_borrowed { sd * std::f64::consts::SQRT_2 } else { sd };
        (self.effect, self.without_partner) = (Some(mean), self.without_partner + surplus);
        (self.part_variant, self.part_baseline, self.sd) = (Part::of_mean(sd, n), None, (sd, 0.0));
    }

    /// The effect with its errors over seeds and over test images.
    pub(super) fn at_any_time(&self, effect: f64) -> AnyTime {
        let of_seeds = self.part_variant.or(self.part_baseline);
        AnyTime { effect, observations: of_seeds, shared: self.part_images }
    }

    /// Test of two shares of seeds, from pairs of seeds in which only one side counts.
    pub(super) fn test_rates_at_any_time(&mut self, sides: &Sides) {
        let (differences, surplus) =
            if self.paired { (sides.differences(), 0) } else { in_order(sides, (false, false)) };
        self.effect = Spread::of(&differences).map(|spread| spread.mean);
        self.without_partner += surplus;
        let count = |sign: f64| differences.iter().filter(|one| sign * **one > 0.5).count() as u64;
        if self.not_run == 0 && !differences.is_empty() {
            self.p = Some(discordant_pairs(count(1.0), count(-1.0)));
        }
    }
}

/// Differences between the values of both sides in the order of their seeds, the first of one side minus the first of the
/// other, and the number of values that are left over. A constant side has its mean at each seed.
fn in_order(sides: &Sides, constant: (bool, bool)) -> (Vec<f64>, usize) {
    let values = |side: &[Option<f64>]| side.iter().copied().flatten().collect::<Vec<f64>>();
    let (mut first, mut second) = (values(&sides.first), values(&sides.second));
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    if constant.0 {
        first = vec![mean(&first); second.len()];
    } else if constant.1 {
        second = vec![mean(&second); first.len()];
    }
    let differences = first.iter().zip(&second).map(|(a, b)| a - b).collect();
    (differences, first.len().abs_diff(second.len()))
}
