//! Frechet distance, extrapolated to infinitely many images.

use super::super::frechet::{Gaussian, distance_of_halves, frechet_distance, frechet_se};
use crate::Features;

/// Number of random splits into halves. Their noise is then a fifth of the error that the images cause.
const SPLITS: u64 = 16;

/// Limit of the distance for infinitely many images, and its standard error to first order.
///
/// The bias of the distance is of order 1 / n in both sets (Chong and Forsyth, 2020, section 3.1). The line through the
/// distances of all images and of their halves has the intercept 2 F(n) - F(n / 2), where F(n / 2) is the mean over both
/// halves of many random splits. Chong and Forsyth draw one subset of the samples for each of 15 sizes, whose noise
/// exceeds the differences between good models. The result can be slightly negative for equal distributions.
pub(super) fn frechet_at_infinity(real: &Features, fake: &Features) -> (f64, f64) {
    let all = frechet_distance(&Gaussian::fit(&real.values, real.width), &Gaussian::fit(&fake.values, fake.width));
    let halves = distance_of_halves(real, fake, SPLITS);
    // 1 / n over both sets; a half of an odd number is rounded down.
    let inverse =
        |divisor: usize| [real, fake].map(|set| ((set.rows().len() / divisor) as f64).recip()).iter().sum::<f64>();
    let (x, x_halves) = (inverse(1), inverse(2));
    ((x_halves * all - x * halves) / (x_halves - x), frechet_se(real, fake))
}

#[cfg(test)]
mod tests {
    use data::Noise;

    use super::*;
    use crate::progress::mean_se;

    fn draw(n: usize, dim: usize, shift: f64, noise: &mut Noise) -> Features {
        let value = |i: usize, noise: &mut Noise| noise.normal() + if i.is_multiple_of(dim) { shift } else { 0.0 };
        Features { values: (0..n * dim).map(|i| value(i, noise)).collect(), width: dim }
    }

    /// The truth is the square of the shift; the bias without extrapolation is about (2 / n) (8 + 8 (8 + 1) / 4) = 0.26.
    #[test]
    fn the_bias_of_small_samples_is_removed() {
        for shift in [0.0, 1.0] {
            let (n, dim) = (200, 8);
            let mut noise = Noise::new(0, "at infinity", 0);
            let (mut limits, mut errors) = (Vec::new(), Vec::new());
            for _ in 0..30 {
                let (real, fake) = (draw(n, dim, 0.0, &mut noise), draw(n, dim, shift, &mut noise));
                let (limit, se) = frechet_at_infinity(&real, &fake);
                limits.push(limit);
                errors.push(se);
            }
            let (mean, se) = mean_se(&limits);
            let se = se.unwrap();
            assert!((mean - shift * shift).abs() < 3.0 * se + 0.01 && se < 0.05, "{shift}: {mean} ± {se}");
            let (stated, seen) = (mean_se(&errors).0, se * 30f64.sqrt());
            assert!((0.6..1.9).contains(&(stated / seen)), "{shift}: stated {stated}, seen {seen}");
        }
    }

    /// Another set of splits changes the figure by much less than other images do.
    #[test]
    fn the_noise_of_the_splits_is_small_against_the_standard_error() {
        let mut noise = Noise::new(2, "at infinity", 0);
        let (real, fake) = (draw(160, 32, 0.0, &mut noise), draw(160, 32, 0.0, &mut noise));
        let (_, se) = frechet_at_infinity(&real, &fake);
        // The same points in other orders are split in other ways.
        let shuffled = |points: &Features, stream: u64| {
            let rows: Vec<&[f64]> = points.rows().collect();
            let order = Noise::new(3, "order", stream).permutation(rows.len());
            Features { values: order.iter().flat_map(|row| rows[*row]).copied().collect(), width: 32 }
        };
        let values: Vec<f64> =
            (0..12).map(|i| frechet_at_infinity(&shuffled(&real, i), &shuffled(&fake, 100 + i)).0).collect();
        let spread = mean_se(&values).1.unwrap() * 12f64.sqrt();
        assert!(spread < 0.3 * se, "{spread} of {se}");
        assert_eq!(frechet_at_infinity(&real, &fake), frechet_at_infinity(&real, &fake));
    }
}
