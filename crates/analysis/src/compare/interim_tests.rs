//! Interim analyses: a decided comparison stays decided, an open one goes on, and the error of all analyses is kept.

use protocol::{Compare, InterimAnalyses};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use stats::{ALPHA, Verdict};

use super::tests::{S, compared, values, variant};
use super::*;
use crate::summary::{Summary, VariantSummary};

fn interim(at: &[usize]) -> Compare {
    Compare {
        interim: Some(InterimAnalyses { at: at.to_vec(), by: Vec::new(), any_time: false }),
        ..Compare::default()
    }
}

fn called_for(variants: Vec<VariantSummary>, compare: &Compare) -> Vec<(String, usize)> {
    let summary = Summary { grid: "g".into(), about: String::new(), variants };
    super::seeds_needed(&summary, compare, &ImageTerms::none()).into_iter().collect()
}

/// Neither better nor worse than `values(90.0, _)`.
fn alike(count: usize) -> Vec<S> {
    (0..count).map(|seed| S::V(90.0 + if seed % 2 == 0 { 1.0 } else { -1.0 })).collect()
}

#[test]
fn decided_comparisons_stay_decided_and_open_ones_continue() {
    let compare = interim(&[5, 10, 20]);
    let base = |seeds| variant("base", &values(90.0, seeds));
    let far = || variant("far", &values(10.0, 5));
    let first = vec![base(5), far(), variant("near", &alike(5))];
    let rows = compared(first.clone(), &compare).rows;
    // Two comparisons and three analyses.
    let p = rows[0].p.unwrap() * 2.0 * 3.0;
    assert!((rows[0].p_holm.unwrap() - p).abs() < 1e-12 && p < ALPHA);
    assert_eq!(
        (rows[0].verdict, rows[0].reason.as_str()),
        (Verdict::Better, "interim analysis 1 of 3, at 5 seeds: p is corrected for the number of analyses")
    );
    assert_eq!(rows[1].verdict, Verdict::Undecided);
    assert_eq!(called_for(first, &compare), [("base".to_owned(), 10), ("near".to_owned(), 10)]);

    let second = vec![base(10), far(), variant("near", &alike(10))];
    let again = compared(second.clone(), &compare).rows;
    assert_eq!(again[0], rows[0], "on the seeds of its analysis, whatever was run since");
    assert_eq!(
        (again[1].analysis.map(|analysis| analysis.number), again[1].seeds, again[1].family),
        (Some(2), (10, 10), 2)
    );
    let alone = again[1].p.unwrap() * 3.0;
    assert!((again[1].p_holm.unwrap() - alone.min(1.0)).abs() < 1e-12, "the decided comparison needs no share");
    assert_eq!(called_for(second, &compare), [("base".to_owned(), 20), ("near".to_owned(), 20)]);
    assert!(called_for(vec![base(20), far(), variant("near", &alike(20))], &compare).is_empty(), "the cap");
}

#[test]
fn an_equivalent_comparison_keeps_its_share_in_tests_for_differences() {
    let compare = Compare { margin: [("nll".to_owned(), 3.0)].into(), ..interim(&[5, 10, 20]) };
    let wide = |count: usize| (0..count).map(|seed| S::V(if seed % 2 == 0 { 104.0 } else { 88.0 })).collect::<Vec<_>>();
    let all = |seeds| vec![variant("base", &alike(seeds)), variant("same", &alike(5)), variant("wide", &wide(seeds))];
    let rows = compared(all(10), &compare).rows;
    assert_eq!((rows[0].verdict, rows[0].analysis.map(|one| one.seeds)), (Verdict::Equivalent, Some(5)));
    assert_eq!((rows[1].verdict, rows[1].analysis.map(|one| one.seeds)), (Verdict::Undecided, Some(10)));
    let shared = rows[1].p.unwrap() * 2.0 * 3.0;
    assert!(shared < 1.0 && (rows[1].p_holm.unwrap() - shared).abs() < 1e-12, "the difference of `same` may be 0");
    let alone = (rows[1].p_margin.unwrap() * 3.0).min(1.0);
    assert_eq!(rows[1].p_equivalent, Some(alone), "its equivalence is claimed already");
}

#[test]
fn no_seed_is_added_before_all_have_run_or_for_other_figures() {
    let compare = interim(&[5, 10]);
    let mut seeds = alike(5);
    seeds[4] = S::NotRun;
    let base = variant("base", &values(90.0, 5));
    assert!(called_for(vec![base.clone(), variant("near", &seeds)], &compare).is_empty());
    let near = variant("near", &alike(5));
    let by = |name: &str| Compare {
        interim: Some(InterimAnalyses { at: vec![5, 10], by: vec![name.to_owned()], any_time: false }),
        ..Compare::default()
    };
    assert_eq!(called_for(vec![base.clone(), near.clone()], &by("nll")).len(), 2);
    assert!(called_for(vec![base.clone(), near.clone()], &by("elbo")).is_empty());
    assert_eq!(compared(vec![base, near], &by("elbo")).notes, ["`elbo` adds no seeds: no such figure was compared"]);
}

/// Seeds with approximately normal values: sums of uniform draws.
fn noise(random: &mut ChaCha8Rng, count: usize) -> Vec<S> {
    let mut draw = || (0..12).map(|_| random.random::<f64>()).sum::<f64>();
    (0..count).map(|_| S::V(draw())).collect()
}

/// Under the null hypothesis each claim is false. Four tests without a shared error make false claims too often; interim
/// analyses keep the error of the family.
#[test]
fn false_claims_of_all_analyses_together_occur_at_most_at_rate_alpha() {
    const RUNS: usize = 300;
    let at = [5, 6, 7, 8];
    let claims = |rows: &[Comparison]| rows.iter().any(|row| row.verdict != Verdict::Undecided);
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let (mut shared, mut uncorrected) = (0, 0);
    for _ in 0..RUNS {
        let all: Vec<_> = ["base", "a", "b"].map(|name| (name, noise(&mut random, 8))).into();
        let with = |seeds: &dyn Fn(&str) -> usize| -> Vec<VariantSummary> {
            let without_images = |name: &str, drawn: &[S]| {
                let mut variant = variant(name, drawn);
                variant.figures[0].se_test = None;
                variant
            };
            all.iter().map(|(name, drawn)| without_images(name, &drawn[..seeds(name)])).collect()
        };
        let mut seeds: std::collections::BTreeMap<String, usize> =
            all.iter().map(|(name, _)| ((*name).to_owned(), at[0])).collect();
        loop {
            let more = called_for(with(&|name| seeds[name]), &interim(&at));
            if more.is_empty() {
                break;
            }
            seeds.extend(more);
        }
        shared += usize::from(claims(&compared(with(&|name| seeds[name]), &interim(&at)).rows));
        let without_correction = |seeds: &usize| claims(&compared(with(&|_| *seeds), &Compare::default()).rows);
        uncorrected += usize::from(at.iter().any(without_correction));
    }
    let rate = |count: usize| count as f64 / RUNS as f64;
    let error = (ALPHA * (1.0 - ALPHA) / RUNS as f64).sqrt();
    assert!(rate(shared) <= ALPHA + 2.0 * error, "{}", rate(shared));
    assert!(rate(uncorrected) > ALPHA + 2.0 * error, "the test has power: {}", rate(uncorrected));
    assert!(shared > 0, "and claims are possible");
}
