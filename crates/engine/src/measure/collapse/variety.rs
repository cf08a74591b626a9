//! Distances between images, and repeated images.

use data::Split;
use nn::simd;

/// Distance of twins, as a multiple of the median distance of a real image to its nearest neighbour.
const TWIN: f64 = 0.1;

/// Variety of samples, compared with as many real images.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variety {
    /// Mean distance between samples over mean distance between real images; `None` if the latter is 0.
    pub(super) spread: Option<f64>,
    /// Share of samples with a twin.
    pub(super) twins: f64,
    /// Share of real images with a twin.
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
    /// Distance of each image to its nearest neighbour.
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
                    for image in [first, second] {
                        nearest[image] = nearest[image].min(distance);
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
