//! The area under the receiver operating characteristic, with its standard error.

use crate::progress::mean_se;

/// How well a score tells two groups of images apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Auroc {
    /// The share of pairs in which the normal image scores higher, ties counting one half: 1 tells all
    /// apart, one half is chance. Not a number if a group is empty or a score is not a number.
    pub value: f64,
    /// Its standard error over both groups; a group of one image counts as fixed. `None` where the
    /// estimate would be 0, as it is when all are told apart: not knowing is not certainty.
    pub se: Option<f64>,
}

/// The AUROC of scores that should be higher for `normal` than for `anomalous` images.
///
/// An image's placement is the share of the other group that it is on the right side of. Their mean is
/// the Mann-Whitney statistic, and the variance of that mean the estimate of DeLong, DeLong and
/// Clarke-Pearson, 1988, Comparing the Areas under Two or More Correlated Receiver Operating
/// Characteristic Curves, eq. 3 to 5.
#[must_use]
pub fn auroc(normal: &[f64], anomalous: &[f64]) -> Auroc {
    let is_unknown = |scores: &[f64]| scores.is_empty() || scores.iter().any(|score| score.is_nan());
    if is_unknown(normal) || is_unknown(anomalous) {
        return Auroc { value: f64::NAN, se: None };
    }
    // Twice the number of the others below, ties counting once: whole numbers, so no rounding.
    let below = |scores: &[f64], others: &[f64]| -> Vec<u64> {
        let mut others = others.to_vec();
        others.sort_by(f64::total_cmp);
        let count = |score: &f64| {
            others.partition_point(|other| other < score) + others.partition_point(|other| other <= score)
        };
        scores.iter().map(|score| count(score) as u64).collect()
    };
    let of_normal = below(normal, anomalous);
    let of_anomalous = below(anomalous, normal);
    let pairs = 2.0 * normal.len() as f64 * anomalous.len() as f64;
    let variance = |below: &[u64], others: usize| {
        let placements: Vec<f64> = below.iter().map(|count| *count as f64 / (2.0 * others as f64)).collect();
        mean_se(&placements).1.map_or(0.0, |se| se * se)
    };
    let variance = variance(&of_normal, anomalous.len()) + variance(&of_anomalous, normal.len());
    Auroc { value: of_normal.iter().sum::<u64>() as f64 / pairs, se: (variance > 0.0).then(|| variance.sqrt()) }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn small_examples_are_met() {
        // scikit-learn's example of roc_auc_score.
        assert_eq!(auroc(&[0.35, 0.8], &[0.1, 0.4]).value, 0.75);
        // By hand: placements 1/2, 1, 1/2 and 1, 1/3; their variances 1/12 and 2/9 over 3 and 2.
        let found = auroc(&[3.0, 5.0, 2.0], &[1.0, 4.0]);
        assert_eq!(found.value, 2.0 / 3.0);
        assert!((found.se.unwrap() - (5.0f64 / 36.0).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn ties_count_one_half_and_infinities_are_scores() {
        assert_eq!(auroc(&[1.0, 1.0], &[1.0, 1.0]).value, 0.5);
        assert_eq!(auroc(&[1.0, 2.0], &[1.0]).value, 0.75);
        assert_eq!(auroc(&[f64::NEG_INFINITY, 2.0], &[f64::NEG_INFINITY, 0.0]).value, 0.625);
        assert_eq!(auroc(&[0.0], &[-0.0]).value, 0.5);
    }

    #[test]
    fn a_separation_has_no_standard_error_and_a_group_of_one_is_fixed() {
        assert_eq!(auroc(&[3.0, 4.0], &[1.0, 2.0]), Auroc { value: 1.0, se: None });
        // Placements 1, 1, 0 against one image: 1/3 over 3.
        let one = auroc(&[3.0, 4.0, 0.0], &[1.0]);
        assert!((one.se.unwrap() - 1.0 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn nothing_known_is_not_a_number() {
        for (normal, anomalous) in [(vec![], vec![1.0]), (vec![1.0], vec![]), (vec![f64::NAN], vec![1.0])] {
            let found = auroc(&normal, &anomalous);
            assert!(found.value.is_nan() && found.se.is_none());
        }
    }

    fn scores() -> impl Strategy<Value = Vec<f64>> {
        vec((-5i8..5).prop_map(f64::from), 1..30)
    }

    proptest! {
        #[test]
        fn it_is_the_share_of_pairs(normal in scores(), anomalous in scores()) {
            let pairs = normal.iter().flat_map(|a| anomalous.iter().map(move |b| (a, b)));
            let won = pairs.map(|(a, b)| if a > b { 1.0 } else if a == b { 0.5 } else { 0.0 }).sum::<f64>();
            let found = auroc(&normal, &anomalous);
            prop_assert_eq!(found.value, won / (normal.len() * anomalous.len()) as f64);
            // Exchanged groups and turned scores mirror it; scores of the same order do not matter.
            let exchanged = auroc(&anomalous, &normal);
            prop_assert!((found.value + exchanged.value - 1.0).abs() < 1e-12);
            let map = |scores: &[f64], to: fn(f64) -> f64| scores.iter().copied().map(to).collect::<Vec<_>>();
            let turned = auroc(&map(&normal, |x| -x), &map(&anomalous, |x| -x));
            prop_assert!((turned.value - exchanged.value).abs() < 1e-12);
            prop_assert_eq!(auroc(&map(&normal, f64::exp), &map(&anomalous, f64::exp)), found);
            for other in [exchanged, turned] {
                prop_assert_eq!(found.se.is_some(), other.se.is_some());
                prop_assert!((found.se.unwrap_or(0.0) - other.se.unwrap_or(0.0)).abs() < 1e-12);
            }
        }
    }

    /// The standard error is the spread over data sets.
    #[test]
    fn the_standard_error_is_the_spread() {
        let mut noise = data::Noise::new(0, "auroc", 0);
        let mut draw = |count: usize, mean: f64| (0..count).map(|_| mean + noise.normal()).collect::<Vec<_>>();
        let found: Vec<_> = (0..400).map(|_| auroc(&draw(60, 1.0), &draw(30, 0.0))).collect();
        let values: Vec<f64> = found.iter().map(|one| one.value).collect();
        let spread = mean_se(&values).1.unwrap() * (values.len() as f64).sqrt();
        let told = found.iter().map(|one| one.se.unwrap()).sum::<f64>() / found.len() as f64;
        assert!((told / spread - 1.0).abs() < 0.15, "{told} told, {spread} found");
    }
}
