//! Laws of the tests that are valid at any time.

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use statrs::distribution::{Continuous, Normal, StudentsT};

use crate::{AnyTime, Difference, Part, discordant_pairs};

fn mean_of(values: &[f64]) -> (f64, Option<Part>) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let sd = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    (mean, Part::of_mean(sd, values.len()))
}

fn alone(values: &[f64]) -> AnyTime {
    let (effect, observations) = mean_of(values);
    AnyTime { effect, observations, shared: None }
}

/// The trapezoidal rule.
fn integral(low: f64, high: f64, steps: usize, of: impl Fn(f64) -> f64) -> f64 {
    let width = (high - low) / steps as f64;
    let inner: f64 = (1..steps).map(|at| of(low + at as f64 * width)).sum();
    width * (inner + f64::midpoint(of(low), of(high)))
}

#[test]
fn the_e_value_is_the_bayes_factor_of_the_mixture() {
    let prior = Normal::new(0.0, 20.0_f64.sqrt()).unwrap();
    for values in [vec![1.0, 1.4, 0.7], vec![0.3, -0.2, 0.5, 0.9, -0.4], vec![2.0, 2.5, 1.5, 2.2, 1.9, 2.4, 1.6]] {
        // Likelihood at a standardised mean, with the prior 1/sigma on the standard deviation.
        let marginal = |standardised: f64| {
            integral(-6.0, 6.0, 300, |ln_sd| {
                let sd = ln_sd.exp();
                values.iter().map(|x| (-0.5 * (x / sd - standardised).powi(2)).exp() / sd).product::<f64>()
            })
        };
        let factor = integral(-30.0, 30.0, 1_500, |mean| prior.pdf(mean) * marginal(mean)) / marginal(0.0);
        let p = (1.0 / factor).min(1.0);
        assert!((alone(&values).two_sided() / p - 1.0).abs() < 1e-6, "{values:?}: {factor}");
    }
}

#[test]
fn the_e_value_has_mean_one_if_the_difference_is_zero() {
    for n in [2, 3, 5, 10, 32] {
        let d = f64::from(n - 1);
        let t = StudentsT::new(0.0, 1.0, d).unwrap();
        let k = 1.0 + 20.0 * f64::from(n);
        // The formula again, since 1/e is reported up to 1 only. The integral is over the angle of t/sqrt(d).
        let e = |t: f64| ((1.0 + t * t / d) / (1.0 + t * t / d / k)).powf((d + 1.0) / 2.0) / k.sqrt();
        let half = std::f64::consts::FRAC_PI_2 - 1e-9;
        let mean = integral(-half, half, 40_000, |angle| {
            let at = angle.tan() * d.sqrt();
            e(at) * t.pdf(at) * d.sqrt() / angle.cos().powi(2)
        });
        assert!((mean - 1.0).abs() < 1e-3, "{n}: {mean}");
        for at in [3.0, 10.0, 50.0] {
            let observations = Some(Part { variance: 0.25, degrees: d });
            let p = AnyTime { effect: at / 2.0, observations, shared: None }.two_sided();
            assert!((p * e(at).max(1.0) - 1.0).abs() < 1e-9, "{n} {at}");
        }
    }
}

/// Mean number of seeds to a verdict, at most 32, and percent of verdicts at the cap, for variances of the mixture.
#[test]
#[ignore = "prints a table of docs/statistics.md"]
fn mixture_table() {
    const RUNS: usize = 5_000;
    const EFFECTS: [f64; 4] = [1.0, 2.0, 4.0, 8.0];
    println!("| variance | 1 | 2 | 4 | 8 |\n|---:|---:|---:|---:|---:|");
    for variance in [1.0, 4.0, 8.0, 20.0, 50.0, 100.0] {
        let cells = EFFECTS.map(|effect| {
            let mut random = ChaCha8Rng::seed_from_u64(1);
            let mut normal = || {
                let (u, v): (f64, f64) = (random.random_range(1e-300..1.0), random.random());
                (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
            };
            let (mut seeds, mut found) = (0, 0);
            for _ in 0..RUNS {
                let drawn: Vec<f64> = (0..32).map(|_| effect + normal() - normal()).collect();
                let decides = |n: usize| {
                    let (mean, part) = mean_of(&drawn[..n]);
                    let (k, d) = (1.0 + n as f64 * variance, n as f64 - 1.0);
                    let u = mean * mean / part.unwrap().variance / d;
                    (d + 1.0) / 2.0 * ((1.0 + u) / (1.0 + u / k)).ln() - 0.5 * k.ln() >= 20.0_f64.ln()
                };
                let first = (3..=32).find(|n| decides(*n));
                seeds += first.unwrap_or(32);
                found += usize::from(first.is_some());
            }
            format!("{:.1} ({:.0})", seeds as f64 / RUNS as f64, 100.0 * found as f64 / RUNS as f64)
        });
        println!("| {variance} | {} |", cells.join(" | "));
    }
}

#[test]
fn no_analysis_of_a_hundred_errs_in_more_than_one_of_twenty_sequences() {
    const RUNS: usize = 1_000;
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let mut normal = || {
        let (u, v): (f64, f64) = (random.random_range(1e-300..1.0), random.random());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    };
    let (mut zero, mut sign, mut fixed, mut equal) = (0, 0, 0, 0);
    for _ in 0..RUNS {
        let drawn: Vec<f64> = (0..100).map(|_| normal()).collect();
        let ever = |from: f64, claim: &dyn Fn(AnyTime) -> bool| {
            let values: Vec<f64> = drawn.iter().map(|value| value + from).collect();
            usize::from((3..=100).any(|n| claim(alone(&values[..n]))))
        };
        zero += ever(0.0, &|at| at.two_sided() <= 0.05);
        sign += ever(0.1, &|at| at.effect < 0.0 && at.two_sided() <= 0.05);
        equal += ever(0.5, &|at| at.equivalent(0.5) <= 0.05);
        fixed += ever(0.0, &|at| Difference::of(at.effect, &[at.observations.unwrap()]).unwrap().two_sided() <= 0.05);
    }
    let rate = |count: usize| count as f64 / RUNS as f64;
    // Claims on a true difference of 0 are made in 3% of the sequences.
    assert!(rate(zero) <= 0.05 && rate(sign) <= 0.05 && rate(equal) <= 0.05, "{zero} {sign} {equal}");
    assert!(rate(fixed) > 0.25 && zero > 0, "the test has power: {fixed} {zero}");
}

/// The error over images is estimated from terms averaged over the seeds so far. Interactions of seeds and images only widen
/// the estimate.
#[test]
fn a_shared_error_that_is_estimated_anew_at_each_analysis_keeps_the_level() {
    const IMAGES: usize = 40;
    const RUNS: usize = 400;
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let mut normal = || {
        let (u, v): (f64, f64) = (random.random_range(1e-300..1.0), random.random());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    };
    for interaction in [0.0, 3.0] {
        let mut claims = 0;
        for _ in 0..RUNS {
            let of_images: Vec<f64> = (0..IMAGES).map(|_| 3.0 * normal()).collect();
            let (mut terms, mut values, mut ever) = (vec![0.0; IMAGES], Vec::new(), false);
            for seed in 1..=32 {
                let of_seed = 0.3 * normal();
                let own: Vec<f64> = of_images.iter().map(|image| image + of_seed + interaction * normal()).collect();
                terms.iter_mut().zip(&own).for_each(|(sum, term)| *sum += term);
                values.push(own.iter().sum::<f64>() / IMAGES as f64);
                let (_, shared) = mean_of(&terms.iter().map(|sum| sum / f64::from(seed)).collect::<Vec<_>>());
                let at = AnyTime { shared, ..alone(&values) };
                ever |= seed > 2 && at.two_sided() <= 0.05;
            }
            claims += usize::from(ever);
        }
        assert!(claims as f64 <= 0.05 * RUNS as f64, "{interaction}: {claims}");
        assert!(claims > 0 || interaction > 0.0, "the test has power");
    }
}

#[test]
fn pairs_that_differ_are_a_martingale_of_a_fair_coin() {
    // Each side of 1/e, without its bound at 1.
    let e = |first, second| 1.0 / discordant_pairs(first, second);
    for (first, second) in [(9, 0), (12, 1), (0, 20), (2, 15)] {
        let next = f64::midpoint(e(first + 1, second), e(first, second + 1));
        assert!((next / e(first, second) - 1.0).abs() < 1e-9, "{first} {second}");
        assert_eq!(e(first, second), e(second, first));
    }
    assert!((discordant_pairs(0, 0) - 1.0).abs() < 1e-12 && discordant_pairs(5, 5) >= 1.0 - 1e-12);
    assert!(discordant_pairs(6, 0) > 0.05 && discordant_pairs(7, 0) < 0.05);
}

fn part() -> impl Strategy<Value = Part> {
    (1e-3..10.0_f64, 2.0..40.0_f64).prop_map(|(variance, degrees)| Part { variance, degrees: degrees.floor() })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn p_is_the_complement_of_the_level_whose_interval_ends_at_zero(
        effect in -20.0..20.0_f64, own in part(), shared in proptest::option::of(part()), alpha in 0.04..0.9_f64,
    ) {
        let at = AnyTime { effect, observations: Some(own), shared };
        let excludes = at.interval(1.0 - alpha).is_some_and(|interval| interval.low > 0.0 || interval.high < 0.0);
        let p = at.two_sided();
        prop_assert!((p - alpha).abs() < 1e-6 || excludes == (p < alpha), "{p} {alpha} {excludes}");
    }

    #[test]
    fn an_analysis_at_any_time_never_claims_more_than_the_fixed_test(effect in -20.0..20.0_f64, own in part()) {
        let fixed = Difference::of(effect, &[own]).unwrap();
        let at = AnyTime { effect, observations: Some(own), shared: None };
        prop_assert!(at.two_sided() >= fixed.two_sided() * (1.0 - 1e-9));
        prop_assert!(at.equivalent(30.0) >= fixed.equivalent(30.0) * (1.0 - 1e-9));
    }

    #[test]
    fn more_error_and_a_smaller_difference_never_lower_p(
        effect in 0.0..20.0_f64, own in part(), shared in part(), less in 0.0..1.0_f64, more in 1.0..9.0_f64,
    ) {
        let p = |effect, own, shared| AnyTime { effect, observations: own, shared }.two_sided();
        let whole = p(effect, Some(own), Some(shared));
        let wider = |part: Part| Some(Part { variance: more * part.variance, ..part });
        prop_assert!(whole <= p(less * effect, Some(own), Some(shared)) * (1.0 + 1e-9));
        prop_assert!(whole <= p(effect, wider(own), Some(shared)) * (1.0 + 1e-9));
        prop_assert!(whole <= p(effect, Some(own), wider(shared)) * (1.0 + 1e-9));
        prop_assert!(whole >= p(effect, Some(own), None).max(p(effect, None, Some(shared))) * (1.0 - 1e-9));
        prop_assert_eq!(whole, p(-effect, Some(own), Some(shared)));
    }

    #[test]
    fn units_change_nothing(effect in -20.0..20.0_f64, own in part(), shared in part(), scale in 1e-6..1e6_f64) {
        let scaled = |part: Part| Some(Part { variance: scale * scale * part.variance, ..part });
        let at = AnyTime { effect, observations: Some(own), shared: Some(shared) };
        let other = AnyTime { effect: scale * effect, observations: scaled(own), shared: scaled(shared) };
        prop_assert!((at.two_sided() - other.two_sided()).abs() <= 1e-6 * at.two_sided());
        prop_assert!((at.equivalent(9.0) - other.equivalent(9.0 * scale)).abs() <= 1e-6 * at.equivalent(9.0));
    }

    #[test]
    fn equivalence_is_an_interval_within_the_margin(effect in -5.0..5.0_f64, own in part(), margin in 0.0..20.0_f64) {
        let at = AnyTime { effect, observations: Some(own), shared: None };
        let within = at.interval(0.95).is_some_and(|all| all.low > -margin && all.high < margin);
        prop_assert_eq!(within, at.equivalent(margin) < 0.05);
        prop_assert!(at.equivalent(margin) >= at.equivalent(margin + 1.0));
    }
}
