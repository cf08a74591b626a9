//! Change points of a series: the best piecewise constant fit with a penalty per piece.

/// Returns the first index of each piece after the first, increasing.
///
/// The pieces minimise the sum of squared distances from the mean of each piece plus `penalty` per change (the Potts
/// functional). The minimum is exact: optimal partitioning with pruning (Killick, Fearnhead and Eckley, 2012, Optimal
/// Detection of Changepoints with a Linear Computational Cost). A value that is not finite makes the result empty.
///
/// ```
/// let series = [1.0, 1.1, 0.9, 1.0, 2.0, 2.1, 1.9, 2.0];
/// assert_eq!(stats::change_points(&series, 0.1), [4]);
/// assert_eq!(stats::change_points(&series, 100.0), Vec::<usize>::new());
/// ```
#[must_use]
pub fn change_points(series: &[f64], penalty: f64) -> Vec<usize> {
    let n = series.len();
    if n < 2 || !penalty.is_finite() || series.iter().any(|value| !value.is_finite()) {
        return Vec::new();
    }
    let costs = Costs::of(series);
    // best[t]: smallest objective of the first t values; from[t]: start of their last piece.
    let (mut best, mut from) = (vec![0.0; n + 1], vec![0; n + 1]);
    best[0] = -penalty;
    let mut candidates = vec![0];
    for end in 1..=n {
        let (mut least, mut start) = (f64::INFINITY, 0);
        for &candidate in &candidates {
            let total = best[candidate] + costs.of_piece(candidate, end) + penalty;
            if total < least {
                (least, start) = (total, candidate);
            }
        }
        (best[end], from[end]) = (least, start);
        candidates.retain(|&candidate| best[candidate] + costs.of_piece(candidate, end) <= least);
        candidates.push(end);
    }
    let (mut points, mut end) = (Vec::new(), n);
    while from[end] > 0 {
        end = from[end];
        points.push(end);
    }
    points.reverse();
    points
}

/// Penalty for series with this noise: 3 sd^2 ln n, three halves of that of the Bayesian information criterion for a mean and
/// a place.
#[must_use]
pub fn change_penalty(series: &[f64]) -> f64 {
    let sd = noise(series);
    3.0 * sd * sd * (series.len().max(2) as f64).ln()
}

/// Standard deviation of the noise in a series with few changes: from the median of the absolute differences of neighbours. At
/// least the rounding of the values.
#[must_use]
pub fn noise(series: &[f64]) -> f64 {
    let mut steps: Vec<f64> = series.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    steps.sort_by(f64::total_cmp);
    let median = if steps.is_empty() { 0.0 } else { steps[steps.len() / 2] };
    let largest = series.iter().fold(0.0, |known: f64, value| known.max(value.abs()));
    // The median of |N(0, 2 sd^2)| is 0.6745 sqrt(2) sd.
    (median / (0.674_489_750_196 * std::f64::consts::SQRT_2)).max(1e-9 * largest)
}

/// Sums from which the squared distance of a piece from its mean follows.
struct Costs {
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl Costs {
    fn of(series: &[f64]) -> Self {
        // Centred, because squares of large values cancel.
        let centre = series.iter().sum::<f64>() / series.len() as f64;
        let (mut sums, mut squares) = (vec![0.0], vec![0.0]);
        for value in series.iter().map(|value| value - centre) {
            sums.push(sums[sums.len() - 1] + value);
            squares.push(squares[squares.len() - 1] + value * value);
        }
        Self { sums, squares }
    }

    fn of_piece(&self, from: usize, to: usize) -> f64 {
        let (sum, n) = (self.sums[to] - self.sums[from], (to - from) as f64);
        (self.squares[to] - self.squares[from] - sum * sum / n).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The objective of a partition.
    fn objective(series: &[f64], points: &[usize], penalty: f64) -> f64 {
        let ends = points.iter().copied().chain([series.len()]);
        let starts = [0].into_iter().chain(points.iter().copied());
        let cost = |(from, to): (usize, usize)| {
            let piece = &series[from..to];
            let mean = piece.iter().sum::<f64>() / piece.len() as f64;
            piece.iter().map(|value| (value - mean).powi(2)).sum::<f64>()
        };
        starts.zip(ends).map(cost).sum::<f64>() + penalty * points.len() as f64
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn no_partition_is_better(series in prop::collection::vec(-3.0..3.0_f64, 1..10), penalty in 0.01..5.0_f64) {
            let found = objective(&series, &change_points(&series, penalty), penalty);
            for mask in 0..1_u32 << (series.len() - 1) {
                let points: Vec<usize> = (1..series.len()).filter(|at| mask >> (at - 1) & 1 == 1).collect();
                prop_assert!(found <= objective(&series, &points, penalty) + 1e-9);
            }
        }
    }

    /// Change points of `ruptures` 1.1 (Pelt, model l2, min_size 1, jump 1) on the series of `fixtures/change_points.py`.
    #[test]
    fn the_points_equal_those_of_ruptures() {
        let fixture = include_str!("../tests/fixtures/change_points.csv");
        let mut rows = 0;
        for line in fixture.lines().skip(1) {
            let (penalty, rest) = line.split_once(',').unwrap();
            let (points, series) = rest.split_once(',').unwrap();
            let numbers =
                |text: &str| -> Vec<f64> { text.split_whitespace().map(|one| one.parse().unwrap()).collect() };
            let expected: Vec<usize> = numbers(points).into_iter().map(|point| point as usize).collect();
            assert_eq!(change_points(&numbers(series), penalty.parse().unwrap()), expected, "{line}");
            rows += 1;
        }
        assert!(rows >= 20);
    }

    #[test]
    fn a_step_is_found_and_noise_is_not() {
        let wave = |at: usize| [0.0, 0.03, -0.02, 0.01, -0.03, 0.02][at % 6];
        let flat: Vec<f64> = (0..40).map(|at| 19.0 + wave(at * 5 + at / 7)).collect();
        assert_eq!(change_points(&flat, change_penalty(&flat)), Vec::<usize>::new());
        let step: Vec<f64> =
            flat.iter().enumerate().map(|(at, value)| value + if at < 25 { 0.0 } else { 0.57 }).collect();
        assert_eq!(change_points(&step, change_penalty(&step)), [25]);
        assert_eq!(change_points(&[1.0, f64::NAN, 2.0], 0.1), Vec::<usize>::new());
    }
}
