//! Area under the receiver operating characteristic (AUROC), with its standard error.

use crate::progress::mean_se;

/// AUROC of a score that separates two groups of images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Auroc {
    /// Share of pairs in which the normal image has the higher score, with ties as one half: 1 is perfect separation,
    /// 0.5 is chance. NaN if a group is empty or a score is NaN.
    pub value: f64,
    /// Standard error over both groups; a group of one image counts as fixed. `None` if the estimate is 0, as for a
    /// perfect separation, because an estimate of 0 does not mean certainty.
    pub se: Option<f64>,
}

/// Computes the AUROC of scores that are expected to be higher for `normal` than for `anomalous` images.
///
/// The placement of an image is the share of the other group that has the expected order with it. The mean placement
/// is the Mann-Whitney statistic. Its variance is the estimate of DeLong, DeLong and Clarke-Pearson, 1988, Comparing
/// the Areas under Two or More Correlated Receiver Operating Characteristic Curves, eq. 3 to 5.
#[must_use]
pub fn auroc(normal: &[f64], anomalous: &[f64]) -> Auroc {
    let is_unknown = |scores: &[f64]| scores.is_empty() || scores.iter().any(|score| score.is_nan());
    if is_unknown(normal) || is_unknown(anomalous) {
        return Auroc { value: f64::NAN, se: None };
    }
    // Twice the number of other scores below, ties counted once: integers, so that nothing is rounded.
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
    fn small_examples_are_exact() {
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
    fn missing_scores_give_nan() {
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
            // Exchanged groups and negated scores mirror it; a monotonic map of scores does not change it.
            let exchanged = auroc(&anomalous, &normal);
            prop_assert!((found.value + exchanged.value - 1.0).abs() < 1e-12);
            let map = |scores: &[f64], to: fn(f64) -> f64| scores.iter().copied().map(to).collect::<Vec<_>>();
            let negated = auroc(&map(&normal, |x| -x), &map(&anomalous, |x| -x));
            prop_assert!((negated.value - exchanged.value).abs() < 1e-12);
            prop_assert_eq!(auroc(&map(&normal, f64::exp), &map(&anomalous, f64::exp)), found);
            for other in [exchanged, negated] {
                prop_assert_eq!(found.se.is_some(), other.se.is_some());
                prop_assert!((found.se.unwrap_or(0.0) - other.se.unwrap_or(0.0)).abs() < 1e-12);
            }
        }
    }

    /// The standard error agrees with the standard deviation over data sets.
    #[test]
    fn the_standard_error_is_the_standard_deviation_over_data_sets() {
        let mut noise = data::Noise::new(0, "auroc", 0);
        let mut draw = |count: usize, mean: f64| (0..count).map(|_| mean + noise.normal()).collect::<Vec<_>>();
        let found: Vec<_> = (0..400).map(|_| auroc(&draw(60, 1.0), &draw(30, 0.0))).collect();
        let values: Vec<f64> = found.iter().map(|one| one.value).collect();
        let spread = mean_se(&values).1.unwrap() * (values.len() as f64).sqrt();
        let stated = found.iter().map(|one| one.se.unwrap()).sum::<f64>() / found.len() as f64;
        assert!((stated / spread - 1.0).abs() < 0.15, "stated {stated}, found {spread}");
    }
}
