//! Intervals of shares, whose spread over seeds shows nothing if all seeds have 0 or 1.

use protocol::is_rate;
use stats::{Interval, clopper_pearson, wilson};

use super::figure::Figure;

/// Nominal coverage of all intervals.
const LEVEL: f64 = 0.95;

/// Figures that are shares of the images behind them.
const SHARES: [&str; 7] = ["precision", "recall", "coverage", "copies", "near_copies", "knn", "linear_probe"];

/// The exact interval (Clopper and Pearson) of a rate of seeds, such as that of failure.
pub(super) fn rate(seeds: usize, of: usize) -> Option<Interval> {
    clopper_pearson(seeds as u64, of as u64, LEVEL)
}

/// The interval of a figure for which Student's t has none: the exact one of a rate of seeds; Wilson's of a share of images
/// that is 0 or 1 for every seed. `None` for other figures.
///
/// Seeds are measured on the same images, so the images count once.
pub(super) fn interval(figure: &Figure, values: &[f64], images: Option<u64>) -> Option<Interval> {
    let all = |value: f64| !values.is_empty() && values.iter().all(|one| *one == value);
    if is_rate(&figure.name) {
        return rate(values.iter().filter(|value| **value > 0.5).count(), values.len());
    }
    let images = images.filter(|_| SHARES.contains(&figure.name.as_str()))?;
    match (all(0.0), all(1.0)) {
        (true, _) => wilson(0, images, LEVEL),
        (_, true) => wilson(images, images, LEVEL),
        _ => None,
    }
}
