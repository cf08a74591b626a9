//! Shares: exact and score intervals, and an exact test of two shares.

use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::beta::{beta_reg, ln_beta};
use statrs::function::factorial::ln_binomial;

use crate::bootstrap::Interval;

/// The score interval of `successes` out of `trials` (Wilson, 1927, Probable Inference, the Law of Succession, and
/// Statistical Inference). Its coverage is near `level` on average. `None` without trials or with more successes than trials.
#[must_use]
pub fn wilson(successes: u64, trials: u64, level: f64) -> Option<Interval> {
    let (share, n) = share(successes, trials)?;
    let z = Normal::standard().inverse_cdf((1.0 + level) / 2.0);
    let denominator = 1.0 + z * z / n;
    let centre = (share + z * z / (2.0 * n)) / denominator;
    let half = z / denominator * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let low = if successes == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if successes == trials { 1.0 } else { (centre + half).min(1.0) };
    Some(Interval { low, high })
}

/// The exact interval of `successes` out of `trials` (Clopper and Pearson, 1934, The Use of Confidence or Fiducial Limits).
/// Its coverage is at least `level` for every true share. `None` without trials or with more successes than trials.
///
/// ```
/// // Fourteen seeds without a collapse show a rate below 0.2, at 95% one-sided.
/// let interval = stats::clopper_pearson(0, 14, 0.9).unwrap();
/// assert!(interval.low == 0.0 && interval.high < 0.2);
/// ```
#[must_use]
pub fn clopper_pearson(successes: u64, trials: u64, level: f64) -> Option<Interval> {
    let (_, n) = share(successes, trials)?;
    let (k, tail) = (successes as f64, (1.0 - level) / 2.0);
    let low = if successes == 0 { 0.0 } else { beta_quantile(k, n - k + 1.0, tail) };
    let high = if successes == trials { 1.0 } else { beta_quantile(k + 1.0, n - k, 1.0 - tail) };
    Some(Interval { low, high })
}

/// Fisher's exact test of two shares, two-sided: the probability, given the total number of successes, of a table that is at
/// most as probable as the observed one. `None` if a side has no trials or more successes than trials.
///
/// It holds its level for every common share and needs no search over that share, which Boschloo's test does; with few
/// trials it has less power.
#[must_use]
pub fn fisher(first: (u64, u64), second: (u64, u64)) -> Option<f64> {
    share(first.0, first.1)?;
    share(second.0, second.1)?;
    let all = first.0 + second.0;
    let low = all.saturating_sub(second.1);
    let high = all.min(first.1);
    let ln = |k: u64| ln_binomial(first.1, k) + ln_binomial(second.1, all - k) - ln_binomial(first.1 + second.1, all);
    // Tables that are equally probable except for rounding count as ties, as in scipy.
    let most = ln(first.0) + 1e-7;
    let p: f64 = (low..=high).map(ln).filter(|probability| *probability <= most).map(f64::exp).sum();
    Some(p.min(1.0))
}

/// The smallest p-value of [`fisher`] for these numbers of trials: all successes on one side, none on the other.
#[must_use]
pub fn reach_fisher(first: u64, second: u64) -> Option<f64> {
    fisher((first, first), (0, second))
}

/// The p-value of two equal rates from pairs of trials, valid after every pair: `only_first` and `only_second` are the numbers of
/// pairs in which only that side succeeded.
///
/// If the rates are equal, either side is equally likely in such a pair. 1/p is the likelihood of a coin with unknown bias,
/// averaged with weights Beta(1/2, 1/2), over that of a fair coin: a martingale, to which Ville's inequality applies.
#[must_use]
pub fn discordant_pairs(only_first: u64, only_second: u64) -> f64 {
    let (a, b) = (only_first as f64, only_second as f64);
    let ln_e = ln_beta(a + 0.5, b + 0.5) - std::f64::consts::PI.ln() + (a + b) * std::f64::consts::LN_2;
    (-ln_e).exp().min(1.0)
}

fn share(successes: u64, trials: u64) -> Option<(f64, f64)> {
    (trials > 0 && successes <= trials).then(|| (successes as f64 / trials as f64, trials as f64))
}

/// The quantile of the beta distribution, by bisection to the last bit.
fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return middle;
        }
        if beta_reg(a, b, middle) < p { low = middle } else { high = middle }
    }
}
