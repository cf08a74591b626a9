//! Points of the seeds of a variant: shortened lines, their mean and range, and the visible part of the axis.

use std::collections::BTreeMap;

/// Largest number of points of a line; longer lines are averaged in runs.
const POINTS: usize = 200;

/// Points (step and value) of each seed. A value may be infinite or NaN.
pub(super) type Lines = Vec<Vec<(f64, f64)>>;

/// Shortens lines to at most [`POINTS`] points, by means over runs of equal length. Returns the length of a run as well.
pub(super) fn thinned(lines: Lines) -> (Lines, usize) {
    let run = lines.iter().map(Vec::len).max().unwrap_or_default().div_ceil(POINTS).max(1);
    if run == 1 {
        return (lines, 1);
    }
    let over = |part: &[(f64, f64)]| {
        let n = part.len() as f64;
        (part.iter().map(|point| point.0).sum::<f64>() / n, part.iter().map(|point| point.1).sum::<f64>() / n)
    };
    (lines.into_iter().map(|line| line.chunks(run).map(over).collect()).collect(), run)
}

/// Step, mean, smallest and largest value over seeds, at the steps at which every seed has a finite value. A mean over a
/// changing set of seeds would jump where one ends.
pub(super) fn mean_and_range(lines: &Lines) -> Vec<(f64, f64, f64, f64)> {
    let mut at: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    for (step, value) in lines.iter().flatten().filter(|(_, value)| value.is_finite()) {
        at.entry(step.to_bits()).or_default().push(*value);
    }
    let whole = at.into_iter().filter(|(_, values)| values.len() == lines.len());
    let over = |values: &[f64]| {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (values.iter().sum::<f64>() / values.len() as f64, low, high)
    };
    let point = |(step, values): (u64, Vec<f64>)| {
        let (mean, low, high) = over(&values);
        (f64::from_bits(step), mean, low, high)
    };
    whole.map(point).collect()
}

/// Range of the finite values without a few that are far from all others, and whether it omits any.
pub(super) fn visible(values: impl Iterator<Item = f64>) -> ([f64; 2], bool) {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    let (Some(&low), Some(&high)) = (values.first(), values.last()) else { return ([0.0, 1.0], false) };
    let at = |part: f64| values[((values.len() - 1) as f64 * part) as usize];
    let (near_low, near_high) = (at(0.02), at(0.95));
    let is_clipped = high - low > 8.0 * (near_high - near_low) && near_high > near_low;
    if is_clipped { ([near_low, near_high], true) } else { ([low, high], false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_range_cover_the_steps_of_all_seeds() {
        let lines =
            vec![vec![(0.0, 1.0), (1.0, 2.0), (2.0, f64::NAN)], vec![(0.0, 3.0), (1.0, 4.0), (2.0, 5.0), (3.0, 6.0)]];
        assert_eq!(mean_and_range(&lines), [(0.0, 2.0, 1.0, 3.0), (1.0, 3.0, 2.0, 4.0)]);
    }

    #[test]
    fn long_lines_are_averaged_in_runs() {
        let (lines, run) = thinned(vec![(0..1000).map(|step| (f64::from(step), 1.0)).collect()]);
        assert_eq!((lines[0].len(), run, lines[0][0]), (200, 5, (2.0, 1.0)));
    }

    #[test]
    fn a_few_distant_points_are_omitted() {
        let near = (0..100).map(f64::from);
        assert_eq!(visible(near.clone()), ([0.0, 99.0], false));
        let (range, is_clipped) = visible(near.chain([1e6]));
        assert!(is_clipped && range[1] < 100.0);
    }
}
