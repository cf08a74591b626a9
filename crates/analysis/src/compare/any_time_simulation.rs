//! Simulation of analyses after every seed from 3 to 32, from values of seeds and terms of images to verdicts.
//!
//! The tables of `docs/statistics.md` are printed by
//!
//! ```sh
//! cargo test -p genbench-analysis --lib -- --ignored --nocapture any_time_table
//! ```

use protocol::{Compare, InterimAnalyses, Pairs};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use stats::Verdict;

use super::family::decided;
use super::simulation::{ERRORS, Seeds, Variant, draw, variant};

/// Largest number of seeds.
const CAP: usize = 32;

fn at_any_time() -> Compare {
    settings((3..=CAP).collect(), true)
}

fn group_sequential() -> Compare {
    settings(vec![4, 8, 16, CAP], false)
}

fn settings(at: Vec<usize>, any_time: bool) -> Compare {
    let interim = Some(InterimAnalyses { at, by: Vec::new(), any_time });
    Compare { pairs: Pairs::All, interim, ..Compare::default() }
}

/// Results of simulated families of all pairs.
#[derive(Debug, Default)]
struct Shares {
    /// Share of runs with a false "better" or "worse" at any analysis.
    false_claims: f64,
    /// Share of runs whose first comparison finds the true difference at any analysis.
    true_claims: f64,
    /// Mean number of seeds at the verdict of the first comparison; the cap without a verdict.
    seeds: f64,
}

fn simulate(variants: &[Variant], error: f64, compare: &Compare, runs: usize) -> Shares {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let (mut wrong, mut right, mut seeds) = (0, 0, 0);
    let mean = |label: &str| variants[label[1..].parse::<usize>().unwrap_or_default()].mean;
    for _ in 0..runs {
        let (summary, images) = draw(variants, error, &mut random);
        // Decided comparisons keep their verdict, so that the last rows show the claims of all analyses.
        let rows = decided(&summary, compare, &images);
        let truth = |row: &super::Comparison| match mean(&row.variant) - mean(&row.baseline) {
            difference if difference < 0.0 => Verdict::Better,
            difference if difference > 0.0 => Verdict::Worse,
            _ => Verdict::Undecided,
        };
        wrong += usize::from(rows.iter().any(|row| row.verdict != Verdict::Undecided && row.verdict != truth(row)));
        let first = &rows[0];
        let is_found = first.verdict != Verdict::Undecided && first.verdict == truth(first);
        right += usize::from(is_found);
        seeds += first.analysis.filter(|_| first.verdict != Verdict::Undecided).map_or(CAP, |analysis| analysis.seeds);
    }
    let share = |count: usize| count as f64 / runs as f64;
    Shares { false_claims: share(wrong), true_claims: share(right), seeds: share(seeds) }
}

/// Variants without a difference, by their names in the table.
fn families() -> [(&'static str, Vec<Variant>); 7] {
    let of = |seeds: &[Seeds]| seeds.iter().map(|seeds| variant(*seeds, CAP)).collect();
    let normal = Seeds::Normal(1.0);
    [
        ("two normal", of(&[normal; 2])),
        ("four normal, all pairs", of(&[normal; 4])),
        ("spread 1 against 5", of(&[normal, Seeds::Normal(5.0)])),
        ("normal against one value", of(&[normal, Seeds::Constant])),
        ("normal against closed form", of(&[normal, Seeds::ClosedForm])),
        ("two skewed", of(&[Seeds::Skewed; 2])),
        ("skewed against closed form", of(&[Seeds::Skewed, Seeds::ClosedForm])),
    ]
}

fn apart(effect: f64) -> [Variant; 2] {
    let side = variant(Seeds::Normal(1.0), CAP);
    [side, Variant { mean: effect, ..side }]
}

#[test]
#[ignore = "prints tables of docs/statistics.md; takes minutes"]
fn any_time_table() {
    let runs = std::env::var("GENBENCH_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(4000);
    let percent = |share: f64| format!("{:.1}", 100.0 * share);
    println!(
        "runs per cell: {runs}\n\n| variants | image error | at any time | group-sequential |\n|---|---:|---:|---:|"
    );
    for (name, variants) in families() {
        for error in ERRORS {
            let of = |compare| percent(simulate(&variants, error, &compare, runs).false_claims);
            println!("| {name} | {error} | {} | {} |", of(at_any_time()), of(group_sequential()));
        }
    }
    println!(
        "\n| difference / spread | image error | seeds at any time | found | seeds group-sequential | found |\n|---:|---:|---:|---:|---:|---:|"
    );
    for effect in [1.0, 2.0, 4.0, 8.0] {
        for error in ERRORS {
            let cells = [at_any_time(), group_sequential()].map(|compare| {
                let shares = simulate(&apart(effect), error, &compare, runs / 2);
                format!("{:.1} | {}", shares.seeds, percent(shares.true_claims))
            });
            println!("| {effect} | {error} | {} |", cells.join(" | "));
        }
    }
}

/// The goal, in small: a family makes a false claim at any of its thirty analyses in at most 5% of runs, up to three standard
/// errors of the simulation, and finds a large difference in few seeds.
#[test]
fn thirty_analyses_keep_the_error_and_large_differences_need_few_seeds() {
    const RUNS: usize = 100;
    let slack = 3.0 * (0.05 * 0.95 / RUNS as f64).sqrt();
    let [_, four, unequal, _, closed, ..] = families();
    for ((name, variants), error) in [(four, 0.0), (unequal, 0.1), (closed, 1.0)] {
        let shares = simulate(&variants, error, &at_any_time(), RUNS);
        assert!(shares.false_claims <= 0.05 + slack, "{name} {error}: {shares:?}");
    }
    let shares = simulate(&apart(8.0), 0.1, &at_any_time(), RUNS);
    assert!(shares.true_claims > 0.95 && shares.seeds < 5.0, "{shares:?}");
}
