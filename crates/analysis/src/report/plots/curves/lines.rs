//! Points of the seeds of a variant: shortened lines, their mean and range, and the visible part of the axis.

/// Largest number of points of a line; longer lines are averaged in runs.
const POINTS: usize = 200;
/// Largest number of points of the means of one quantity, if that leaves [`LEAST`] points for each variant.
const OF_QUANTITY: usize = 2000;
/// Number of points that every line may have.
const LEAST: usize = 50;

/// Largest number of points of a line of one of `variants`.
pub(super) fn points_of(variants: usize) -> usize {
    (OF_QUANTITY / variants.max(1)).clamp(LEAST, POINTS)
}

/// Point of one seed. The value may be infinite or NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct LinePoint {
    pub(super) step: f64,
    /// Seconds of training.
    pub(super) seconds: f64,
    pub(super) value: f64,
}

/// Points of each seed.
pub(super) type Lines = Vec<Vec<LinePoint>>;

/// Shortens lines to at most `most` points, by means over runs of equal length. Returns the length of a run as well.
pub(super) fn thinned(lines: Lines, most: usize) -> (Lines, usize) {
    let run = lines.iter().map(Vec::len).max().unwrap_or_default().div_ceil(most).max(1);
    if run == 1 {
        return (lines, 1);
    }
    let over = |part: &[LinePoint]| {
        let mean = |of: fn(&LinePoint) -> f64| part.iter().map(of).sum::<f64>() / part.len() as f64;
        LinePoint { step: mean(|one| one.step), seconds: mean(|one| one.seconds), value: mean(|one| one.value) }
    };
    (lines.into_iter().map(|line| line.chunks(run).map(over).collect()).collect(), run)
}

/// Mean and range over seeds at one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct MeanPoint {
    pub(super) step: f64,
    /// Mean of the seconds of training.
    pub(super) seconds: f64,
    pub(super) mean: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// Means and ranges at the steps of the seed with the most points, from the step at which the last seed starts to the one at
/// which the first seed ends or diverges. A mean over a changing set of seeds would jump where one ends. Between two points of
/// a seed, its values are on a straight line: after early stopping or thinning, seeds have points at different steps.
pub(super) fn mean_and_range(lines: &Lines) -> Vec<MeanPoint> {
    let finite: Vec<&[LinePoint]> = lines.iter().map(|line| finite_part(line)).collect();
    if finite.is_empty() || finite.iter().any(|line| line.is_empty()) {
        return Vec::new();
    }
    let first = finite.iter().map(|line| line[0].step).fold(f64::NEG_INFINITY, f64::max);
    let last = finite.iter().map(|line| line[line.len() - 1].step).fold(f64::INFINITY, f64::min);
    let inside = |line: &[LinePoint]| -> Vec<f64> {
        line.iter().map(|point| point.step).filter(|step| (first..=last).contains(step)).collect()
    };
    let mut steps = finite.iter().map(|line| inside(line)).max_by_key(Vec::len).unwrap_or_default();
    if first <= last && steps.last().is_none_or(|step| *step < last) {
        steps.push(last);
    }
    let at = |step: &f64| finite.iter().map(|line| at_step(line, *step)).collect::<Vec<_>>();
    let point = |points: Vec<LinePoint>| {
        let mean = |of: fn(&LinePoint) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
        MeanPoint {
            step: points[0].step,
            seconds: mean(|one| one.seconds),
            mean: mean(|one| one.value),
            low: points.iter().map(|one| one.value).fold(f64::INFINITY, f64::min),
            high: points.iter().map(|one| one.value).fold(f64::NEG_INFINITY, f64::max),
        }
    };
    steps.iter().map(|step| point(at(step))).collect()
}

/// The points before the first value that is not finite.
fn finite_part(line: &[LinePoint]) -> &[LinePoint] {
    let end = line.iter().position(|point| !point.value.is_finite()).unwrap_or(line.len());
    &line[..end]
}

/// The point of a line at a step between its first and its last one.
fn at_step(line: &[LinePoint], step: f64) -> LinePoint {
    let after = line.partition_point(|point| point.step < step).min(line.len() - 1);
    let (before, after) = (line[after.saturating_sub(1)], line[after]);
    let part = if after.step > before.step { (step - before.step) / (after.step - before.step) } else { 1.0 };
    // Exact at a point of the line.
    let between = |from: f64, to: f64| if part >= 1.0 { to } else { from + part * (to - from) };
    LinePoint { step, seconds: between(before.seconds, after.seconds), value: between(before.value, after.value) }
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

    fn at(step: f64, seconds: f64, value: f64) -> LinePoint {
        LinePoint { step, seconds, value }
    }

    #[test]
    fn mean_and_range_cover_the_steps_of_all_seeds() {
        let lines = vec![
            vec![at(0.0, 0.0, 1.0), at(1.0, 2.0, 2.0), at(2.0, 4.0, f64::NAN)],
            vec![at(0.0, 0.0, 3.0), at(1.0, 4.0, 4.0), at(2.0, 8.0, 5.0), at(3.0, 12.0, 6.0)],
        ];
        let found: Vec<_> = mean_and_range(&lines).iter().map(|p| (p.step, p.seconds, p.mean, p.low, p.high)).collect();
        assert_eq!(found, [(0.0, 0.0, 2.0, 1.0, 3.0), (1.0, 3.0, 3.0, 2.0, 4.0)]);
    }

    #[test]
    fn seeds_with_points_at_different_steps_have_a_mean_until_the_first_one_ends() {
        let lines = vec![
            vec![at(0.0, 0.0, 1.0), at(10.0, 1.0, 2.0), at(13.0, 1.3, 2.3), at(20.0, 2.0, 3.0)],
            vec![at(0.0, 0.0, 3.0), at(14.0, 7.0, 4.4)],
        ];
        let found: Vec<_> = mean_and_range(&lines).iter().map(|p| (p.step, p.seconds, p.mean, p.low, p.high)).collect();
        assert_eq!(found.len(), 4);
        assert_eq!(found[1], (10.0, 3.0, 3.0, 2.0, 4.0));
        let (step, _, mean, ..) = found[3];
        assert!(step == 14.0 && (mean - (2.4 + 4.4) / 2.0).abs() < 1e-12, "{found:?}");
        assert!(mean_and_range(&Vec::new()).is_empty());
        assert!(mean_and_range(&vec![vec![at(0.0, 0.0, f64::NAN)], vec![at(0.0, 0.0, 1.0)]]).is_empty());
    }

    #[test]
    fn long_lines_are_averaged_in_runs() {
        let (lines, run) = thinned(vec![(0..1000).map(|step| at(f64::from(step), 1.0, 1.0)).collect()], points_of(10));
        assert_eq!((lines[0].len(), run, lines[0][0]), (200, 5, at(2.0, 1.0, 1.0)));
        assert_eq!([1, 20, 100].map(points_of), [200, 100, 50]);
    }

    #[test]
    fn a_few_distant_points_are_omitted() {
        let near = (0..100).map(f64::from);
        assert_eq!(visible(near.clone()), ([0.0, 99.0], false));
        let (range, is_clipped) = visible(near.chain([1e6]));
        assert!(is_clipped && range[1] < 100.0);
    }
}
