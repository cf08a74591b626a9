//! Classifier score: confident classes of images, and all classes present.

/// Classifier score exp E KL(p(y|x) || p(y)) of class probabilities `[image][class]`, from 1 to the number of classes
/// (Salimans et al., 2016, section 4), and its standard error by the delta method over images.
pub(super) fn classifier_score(probabilities: &[f64], classes: usize) -> (f64, f64) {
    let rows = || probabilities.chunks_exact(classes);
    let n = rows().len() as f64;
    let mut marginal = vec![0.0; classes];
    rows().for_each(|row| marginal.iter_mut().zip(row).for_each(|(sum, p)| *sum += p / n));
    let divergence = |row: &[f64]| {
        row.iter().zip(&marginal).filter(|(p, _)| **p > 0.0).map(|(p, mean)| p * (p / mean).ln()).sum::<f64>()
    };
    let divergences: Vec<f64> = rows().map(divergence).collect();
    let (mean, se) = crate::progress::mean_se(&divergences);
    (mean.exp(), mean.exp() * se.unwrap_or(f64::NAN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        let one_hot: Vec<f64> = (0..20).flat_map(|i| (0..10).map(move |c| f64::from(u8::from(c == i % 10)))).collect();
        assert!((classifier_score(&one_hot, 10).0 - 10.0).abs() < 1e-12);
        // One class at 0.9 and the rest at 0.1 / 9, every class in turn: exp(ln 10 - H).
        let unsure: Vec<f64> =
            (0..10).flat_map(|i| (0..10).map(move |c| if c == i { 0.9 } else { 0.1 / 9.0 })).collect();
        assert!((classifier_score(&unsure, 10).0 - 5.799546).abs() < 1e-6);
        assert_eq!(classifier_score(&[0.2, 0.8, 0.2, 0.8], 2), (1.0, 0.0));
    }
}
