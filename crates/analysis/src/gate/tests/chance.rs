//! Chance: false alarms and power, by simulation.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::gate::GateResult;

/// Standard normal numbers by Box and Muller.
fn normal(random: &mut ChaCha8Rng) -> f64 {
    let (u, v): (f64, f64) = (random.random_range(1e-12..1.0), random.random());
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

/// Share of `runs` of two variants whose result is worse. Pairs differ by `loss` on average, with standard deviation 0.1;
/// seeds by 0.3.
fn share_worse(seeds: usize, loss: f64, runs: usize) -> f64 {
    let mut random = ChaCha8Rng::seed_from_u64(seeds as u64);
    let settings = GateSettings { margin: [("nll".to_owned(), 1e-9)].into(), ..GateSettings::default() };
    let mut worse = 0;
    for _ in 0..runs {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for label in ["a", "b"] {
            let old: Vec<f64> = (0..seeds).map(|_| 19.0 + 0.3 * normal(&mut random)).collect();
            let new: Vec<f64> = old.iter().map(|value| value + loss + 0.1 * normal(&mut random)).collect();
            before.push(variant(label, vec![values(nll(), &old)]));
            after.push(variant(label, vec![values(nll(), &new)]));
        }
        let gate = check(&baseline(before), &baseline(after), &settings);
        worse += usize::from(gate.result() == GateResult::Worse);
    }
    worse as f64 / runs as f64
}

#[test]
fn a_run_without_a_loss_alarms_once_in_a_hundred_times_or_less() {
    for seeds in [3, 5] {
        // One-sided alarms of a two-sided level: 0.5% is expected. Four standard errors above it.
        let share = share_worse(seeds, 0.0, 400);
        assert!(share <= 0.005 + 4.0 * (0.005_f64 * 0.995 / 400.0).sqrt(), "{seeds} seeds: {share}");
    }
}

/// One seed against five: its own pair, or another seed.
#[test]
fn one_seed_without_a_loss_alarms_once_in_a_hundred_times_or_less() {
    let mut random = ChaCha8Rng::seed_from_u64(9);
    let settings = GateSettings { margin: [("nll".to_owned(), 1e-9)].into(), ..GateSettings::default() };
    for correlated in [true, false] {
        let mut worse = 0;
        for _ in 0..400 {
            let old: Vec<f64> = (0..5).map(|_| 19.0 + 0.3 * normal(&mut random)).collect();
            let noise = normal(&mut random);
            let new = if correlated { old[0] + 0.1 * noise } else { 19.0 + 0.3 * noise };
            let side = |of: &[f64]| baseline(vec![variant("a", vec![values(nll(), of)])]);
            worse += usize::from(check(&side(&old), &side(&[new]), &settings).result() == GateResult::Worse);
        }
        // As above: 2 are expected of a seed without a pair.
        assert!(worse <= 8, "{worse} of 400, correlated: {correlated}");
    }
}

#[test]
fn a_loss_of_five_standard_deviations_is_seen_with_five_seeds() {
    assert!(share_worse(5, 0.5, 100) > 0.95);
    assert!(share_worse(3, 0.5, 100) < 0.95, "three seeds need t = 14 in a family of two");
}
