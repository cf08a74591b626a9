//! Numerical functions: entropies and sums of exponentials.

use crate::Entropy;

/// Entropy of a Bernoulli variable with probability `p`, in nats.
pub(crate) fn coin_entropy(p: f64) -> f64 {
    -(p * p.ln() + (1.0 - p) * (-p).ln_1p())
}

/// ln(sum of exp) without overflow; minus infinity without terms.
pub(crate) fn log_sum_exp(terms: &[f64]) -> f64 {
    let largest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        return largest;
    }
    largest + terms.iter().map(|term| (term - largest).exp()).sum::<f64>().ln()
}

/// ln(1 + exp(x)) without overflow.
pub(crate) fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// Number of draws for the Monte Carlo entropy of images of this size: 100,000 up to 14x14, then fewer (about 20 million
/// pixels in all), but at least 1,000.
pub(crate) fn entropy_draws(image_len: usize) -> usize {
    (20_000_000 / image_len.max(1)).clamp(1_000, 100_000)
}

/// Mean of `count` independent values of -log p, with its standard error.
pub(crate) fn entropy_from(count: usize, mut surprise: impl FnMut() -> f64) -> Entropy {
    // Welford's update: no cancellation between large sums.
    let (mut mean, mut squares) = (0.0, 0.0);
    for seen in 1..=count {
        let value = surprise();
        let delta = value - mean;
        mean += delta / seen as f64;
        squares += delta * (value - mean);
    }
    Entropy { nats: mean, se: Some((squares / (count as f64 - 1.0) / count as f64).sqrt()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_exponentials_do_not_overflow() {
        assert!((log_sum_exp(&[1_000.0, 1_000.0]) - (1_000.0 + 2f64.ln())).abs() < 1e-12);
        assert_eq!(log_sum_exp(&[]), f64::NEG_INFINITY);
        assert_eq!(softplus(800.0), 800.0);
        assert!((softplus(-40.0) - (-40f64).exp()).abs() < 1e-30);
        assert!((coin_entropy(0.5) - 2f64.ln()).abs() < 1e-15);
    }

    #[test]
    fn the_standard_error_is_that_of_the_mean() {
        let mut values = [1.0, 2.0, 3.0, 6.0].into_iter();
        let entropy = entropy_from(4, || values.next().unwrap());
        assert_eq!(entropy.nats, 3.0);
        assert!((entropy.se.unwrap() - (14.0f64 / 3.0 / 4.0).sqrt()).abs() < 1e-15);
    }
}
