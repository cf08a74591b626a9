//! How far apart images are, and how many are there twice.

use data::Split;
use nn::simd;

/// Of the median distance to the nearest real image, the share within which two images are twins.
const TWIN: f64 = 0.1;

/// Samples against as many real images.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variety {
    /// The mean distance of two samples over that of two real images; `None` if the latter is 0.
    pub(super) spread: Option<f64>,
    /// The share of samples that have a twin.
    pub(super) twins: f64,
    /// The same of real images.
    pub(super) twins_real: f64,
}

impl Variety {
    pub(super) fn of(real: &Split, fake: &Split) -> Self {
        let (own, others) = (Distances::of(fake), Distances::of(real));
        let reach = TWIN * median(&others.nearest);
        let twins = |distances: &Distances| {
            let twins = distances.nearest.iter().filter(|distance| **distance <= reach).count();
            twins as f64 / distances.nearest.len() as f64
        };
        let spread = (others.mean > 0.0).then(|| own.mean / others.mean);
        Self { spread, twins: twins(&own), twins_real: twins(&others) }
    }
}

/// Euclidean distances within a set of images.
struct Distances {
    mean: f64,
    /// From each image to the nearest other.
    nearest: Vec<f64>,
}

impl Distances {
    fn of(images: &Split) -> Self {
        let (n, mut sum) = (images.len(), 0.0);
        let mut nearest = vec![f64::INFINITY; n];
        simd::dispatch(|| {
            for first in 1..n {
                for second in 0..first {
                    let squared = simd::squared_distance(images.image(first), images.image(second));
                    let distance = f64::from(squared).sqrt();
                    sum += distance;
                    for place in [first, second] {
                        nearest[place] = nearest[place].min(distance);
                    }
                }
            }
        });
        Self { mean: sum / (n as f64 * (n as f64 - 1.0) / 2.0), nearest }
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
