//! Simulation of the whole procedure: from values of seeds and terms of images to intervals and verdicts.
//!
//! The table of `docs/statistics.md` is printed by
//!
//! ```sh
//! cargo test -p genbench-analysis --lib -- --ignored --nocapture simulated_table
//! ```

use std::collections::HashMap;

use protocol::{Compare, Direction, Kind, Measurement, Pairs, Status, TrialId, Unit};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use stats::Verdict;

use super::family::decided;
use super::*;
use crate::summary::{Collapse, Figure, FigureSummary, Spread, Summary, TrialState, VariantSummary};

/// Number of test images of a simulated figure.
const IMAGES: usize = 40;

/// Distribution of a variant's values over seeds.
#[derive(Clone, Copy)]
pub(super) enum Seeds {
    /// Normal with this standard deviation.
    Normal(f64),
    /// A log-normal distribution with mean 0 and skewness 6.
    Skewed,
    /// Normal with standard deviation 1; half of the seeds collapse to values near 10. `true` if `collapsed` reports it.
    Collapsing(bool),
    /// A model in closed form: one value, declared as such.
    ClosedForm,
    /// One value in all seeds, of a model that is not declared closed form.
    Constant,
}

/// A simulated variant.
#[derive(Clone, Copy)]
pub(super) struct Variant {
    pub(super) seeds: Seeds,
    pub(super) count: usize,
    /// True mean of a seed that did not collapse.
    pub(super) mean: f64,
}

fn normal(random: &mut ChaCha8Rng) -> f64 {
    let (u, v): (f64, f64) = (random.random(), random.random());
    (-2.0 * (1.0 - u).ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

/// One draw of a grid: `error` is the standard error of a difference over test images.
pub(super) fn draw(variants: &[Variant], error: f64, random: &mut ChaCha8Rng) -> (Summary, ImageTerms) {
    let mut terms = HashMap::new();
    let summed = variants.iter().enumerate().map(|(at, variant)| {
        let name = format!("v{at}");
        // Half of the variance of the difference comes from either variant.
        let scale = error * (IMAGES as f64 / 2.0).sqrt();
        let of_images: Vec<f64> = (0..IMAGES).map(|_| scale * normal(random)).collect();
        let (mut trials, mut ids, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for seed in 0..variant.count {
            let collapsed = matches!(variant.seeds, Seeds::Collapsing(_)) && random.random::<f64>() < 0.5;
            let noise = match variant.seeds {
                Seeds::Normal(sd) => sd * normal(random),
                Seeds::Skewed => normal(random).exp() - 0.5_f64.exp(),
                Seeds::Collapsing(_) => normal(random) + if collapsed { 10.0 } else { 0.0 },
                Seeds::ClosedForm | Seeds::Constant => 0.0,
            };
            let id = TrialId(format!("{name}s{seed}"));
            let own: Vec<f64> = of_images.iter().map(|image| variant.mean + noise + image).collect();
            let reported = matches!(variant.seeds, Seeds::Collapsing(true));
            trials.push(TrialState {
                id: id.clone(),
                seed: seed as u64,
                status: Status::Done.word(),
                reason: None,
                collapse: reported.then_some(Collapse { collapsed, signs: None }),
            });
            if !(reported && collapsed) {
                values.push(own.iter().sum::<f64>() / IMAGES as f64);
                ids.push(id.clone());
                terms.insert(id, own);
            }
        }
        let figure = Figure::of(&Measurement::new("nll", Kind::Exact, Unit::Nats, Direction::Lower, 0.0));
        let spread = Spread::of(&values);
        let figures = vec![FigureSummary {
            figure,
            trials: ids,
            values,
            spread,
            se_test: None,
            images: Some(IMAGES as u64),
            reasons: vec![],
            likelihood: None,
        }];
        VariantSummary {
            variant: name.clone(),
            section: None,
            model: name,
            data: "digits".into(),
            closed_form: matches!(variant.seeds, Seeds::ClosedForm),
            trials,
            figures,
        }
    });
    let summary = Summary { grid: "simulated".into(), about: String::new(), variants: summed.collect() };
    let images = if error > 0.0 { ImageTerms::in_memory(terms) } else { ImageTerms::none() };
    (summary, images)
}

/// Shares of runs: with an interval, with the truth in it (of those), with a verdict that is false, with one that is true.
#[derive(Debug, Default)]
struct Shares {
    intervals: f64,
    covered: f64,
    false_claims: f64,
    true_claims: f64,
}

/// Simulates families of all pairs; a claim is a verdict of better or worse in any of them.
fn simulate(variants: &[Variant], error: f64, runs: usize, seed: u64) -> Shares {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let compare = Compare { pairs: Pairs::All, ..Compare::default() };
    let (mut intervals, mut covered, mut wrong, mut right) = (0, 0, 0, 0);
    let index = |label: &str| label[1..].parse::<usize>().unwrap_or_default();
    for _ in 0..runs {
        let (summary, images) = draw(variants, error, &mut random);
        let rows = decided(&summary, &compare, &images);
        let truth = |row: &Comparison| variants[index(&row.variant)].mean - variants[index(&row.baseline)].mean;
        if let Some((row, interval)) = rows.first().and_then(|row| Some((row, row.interval?))) {
            intervals += 1;
            covered += usize::from(interval.low <= truth(row) && truth(row) <= interval.high);
        }
        let is_claim = |row: &&Comparison| [Verdict::Better, Verdict::Worse].contains(&row.verdict);
        let is_true = |row: &Comparison| (row.verdict == Verdict::Better) == (truth(row) < 0.0) && truth(row) != 0.0;
        wrong += usize::from(rows.iter().filter(is_claim).any(|row| !is_true(row)));
        right += usize::from(rows.iter().filter(is_claim).any(is_true));
    }
    let share = |count: usize, of: usize| count as f64 / of.max(1) as f64;
    Shares {
        intervals: share(intervals, runs),
        covered: share(covered, intervals),
        false_claims: share(wrong, runs),
        true_claims: share(right, runs),
    }
}

pub(super) fn variant(seeds: Seeds, count: usize) -> Variant {
    Variant { seeds, count, mean: 0.0 }
}

/// Standard errors over test images: none, small and large beside a standard deviation of 1 over seeds.
pub(super) const ERRORS: [f64; 3] = [0.0, 0.1, 1.0];

/// Two variants by their names in the table: distribution and spread of either side.
const SIDES: [(&str, Seeds, Seeds); 4] = [
    ("equal spread", Seeds::Normal(1.0), Seeds::Normal(1.0)),
    ("spread 1 against 5", Seeds::Normal(1.0), Seeds::Normal(5.0)),
    ("rival with one value", Seeds::Normal(1.0), Seeds::Constant),
    ("rival in closed form", Seeds::Normal(1.0), Seeds::ClosedForm),
];

/// Families of variants that share a distribution, by their names in the table.
const FAMILIES: [(&str, Seeds); 4] = [
    ("normal", Seeds::Normal(1.0)),
    ("skewed", Seeds::Skewed),
    ("collapsing, measured by `collapse`", Seeds::Collapsing(true)),
    ("collapsing, not measured", Seeds::Collapsing(false)),
];

#[test]
#[ignore = "prints the table of docs/statistics.md; takes minutes"]
fn simulated_table() {
    let runs = std::env::var("GENBENCH_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(4000);
    let percent = |share: f64| format!("{:.1}", 100.0 * share);
    println!(
        "runs per cell: {runs}\n\n| sides | image error | 3 | 4 | 5 | 8 | 16 |\n|---|---:|---:|---:|---:|---:|---:|"
    );
    let counts = [3, 4, 5, 8, 16];
    let skewed = [
        ("skewed, both sides", Seeds::Skewed, Seeds::Skewed),
        ("skewed against one value", Seeds::Skewed, Seeds::Constant),
        ("skewed against closed form", Seeds::Skewed, Seeds::ClosedForm),
    ];
    for (name, a, b) in SIDES.into_iter().chain(skewed) {
        for error in ERRORS {
            let cells = counts.map(|n| percent(simulate(&[variant(a, n), variant(b, n)], error, runs, 1).covered));
            println!("| {name} | {error} | {} |", cells.join(" | "));
        }
    }
    println!(
        "\n| family of 4 | image error | 3 | 4 | 5 | 8 | 16 | 3 and 8 |\n|---|---:|---:|---:|---:|---:|---:|---:|"
    );
    for (name, seeds) in FAMILIES {
        for error in ERRORS {
            let mut cells: Vec<String> =
                counts.map(|n| percent(simulate(&[variant(seeds, n); 4], error, runs / 2, 2).false_claims)).into();
            let mixed = [3, 3, 8, 8].map(|n| variant(seeds, n));
            cells.push(percent(simulate(&mixed, error, runs / 2, 2).false_claims));
            println!("| {name} | {error} | {} |", cells.join(" | "));
        }
    }
    println!("\n| difference / spread | image error | 3 | 4 | 5 | 8 | 16 |\n|---:|---:|---:|---:|---:|---:|---:|");
    for effect in [1.0, 2.0, 4.0, 8.0] {
        for error in ERRORS {
            let cells = counts.map(|n| {
                let sides =
                    [variant(Seeds::Normal(1.0), n), Variant { mean: effect, ..variant(Seeds::Normal(1.0), n) }];
                percent(simulate(&sides, error, runs / 2, 3).true_claims)
            });
            println!("| {effect} | {error} | {} |", cells.join(" | "));
        }
    }
}

/// The goals, in small: intervals cover 94%, and a family makes a false claim in at most 5% of runs, up to three standard
/// errors of the simulation.
#[test]
fn intervals_cover_and_families_keep_their_error() {
    const RUNS: usize = 400;
    let slack = |share: f64| 3.0 * (share * (1.0 - share) / RUNS as f64).sqrt();
    for (name, a, b) in SIDES {
        for (n, error) in [(3, 0.0), (3, 0.1), (5, 1.0)] {
            let shares = simulate(&[variant(a, n), variant(b, n)], error, RUNS, 4);
            assert!(shares.intervals == 1.0 && shares.covered >= 0.94 - slack(0.94), "{name} {n} {error}: {shares:?}");
            assert!(shares.false_claims <= 0.05 + slack(0.05), "{name} {n} {error}: {shares:?}");
        }
    }
    for (name, seeds) in &FAMILIES[..3] {
        let shares = simulate(&[variant(*seeds, 4); 3], 0.1, RUNS, 5);
        assert!(shares.false_claims <= 0.05 + slack(0.05), "{name}: {shares:?}");
    }
    // A clear difference is found with three seeds.
    let clear = [variant(Seeds::Normal(1.0), 3), Variant { mean: 20.0, ..variant(Seeds::Normal(1.0), 3) }];
    let shares = simulate(&clear, 0.1, RUNS, 6);
    assert!(shares.true_claims > 0.9 && shares.false_claims == 0.0, "{shares:?}");
}
