//! Rank correlation.

/// Spearman's rank correlation of pairs, from -1 to 1: Pearson's correlation of the ranks. Ties share their mean rank.
/// `None` with fewer than three pairs, if all values of one side are equal, or if a value is NaN.
#[must_use]
pub fn spearman(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() < 3 || pairs.iter().any(|(a, b)| a.is_nan() || b.is_nan()) {
        return None;
    }
    let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (a, b) = (ranks(&a), ranks(&b));
    let middle = (pairs.len() as f64 + 1.0) / 2.0;
    let product = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - middle) * (y - middle)).sum::<f64>();
    let scale = (product(&a, &a) * product(&b, &b)).sqrt();
    (scale > 0.0).then(|| product(&a, &b) / scale)
}

/// Ranks, counted from 1. Equal values share their mean rank.
fn ranks(values: &[f64]) -> Vec<f64> {
    let below = |value: f64| values.iter().filter(|other| **other < value).count();
    let equal = |value: f64| values.iter().filter(|other| **other == value).count();
    values.iter().map(|value| below(*value) as f64 + (equal(*value) as f64 + 1.0) / 2.0).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// scipy.stats.spearmanr, 1.17.1.
    #[test]
    fn equals_scipy() {
        let pairs = [(1.0, 2.0), (2.0, 1.0), (3.0, 4.0), (4.0, 3.0), (5.0, 5.0)];
        assert!((spearman(&pairs).unwrap() - 0.8).abs() < 1e-12);
        let tied = [(1.0, 3.0), (1.0, 1.0), (2.0, 2.0), (5.0, 9.0), (4.0, 9.0), (4.0, 8.0)];
        assert!((spearman(&tied).unwrap() - 0.850_841_043_487_808_2).abs() < 1e-12);
    }

    #[test]
    fn degenerate_pairs_have_no_correlation() {
        assert_eq!(spearman(&[(1.0, 1.0), (2.0, 2.0)]), None);
        assert_eq!(spearman(&[(1.0, 1.0), (2.0, 1.0), (3.0, 1.0)]), None);
        assert_eq!(spearman(&[(1.0, 1.0), (2.0, f64::NAN), (3.0, 1.0)]), None);
    }

    proptest! {
        #[test]
        fn only_the_order_matters(values in prop::collection::vec(-50i32..50, 3..30)) {
            let rising: Vec<(f64, f64)> = values.iter().map(|v| (f64::from(*v), f64::from(*v).exp())).collect();
            let falling: Vec<(f64, f64)> = rising.iter().map(|(a, b)| (*a, -b)).collect();
            if let (Some(up), Some(down)) = (spearman(&rising), spearman(&falling)) {
                prop_assert!((up - 1.0).abs() < 1e-12 && (down + 1.0).abs() < 1e-12);
            }
        }
    }
}
