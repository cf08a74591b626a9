//! How sharp samples are, compared with test images.

use genbench::data::{DataShape, Split};
use genbench::engine::measure::{MeasureConfig, MeasureError, Subject};
use genbench::protocol::{Direction, Kind, Measurement, Problem, Unit, check};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `edge_gap`: the absolute difference of the mean edge of samples and of test images. An edge is the absolute
/// difference of two neighbouring pixels in a row.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Edges {
    /// Number of samples.
    samples: usize,
}

impl Default for Edges {
    fn default() -> Self {
        Self { samples: 1_000 }
    }
}

impl MeasureConfig for Edges {
    const NAME: &'static str = "edges";
    const ABOUT: &'static str = "difference of the mean edge of samples and test images";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if data.width < 2 {
            return Err(Problem::new("", "images of one column have no edges").help("remove `edges` from `measure`"));
        }
        check::at_most("samples", self.samples, 1_000_000)
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let absent = |reason| Measurement::absent("edge_gap", Kind::Estimate, Unit::One, Direction::Lower, reason);
        let Some(sampler) = subject.model.sampler() else {
            return Ok(vec![absent("the model draws no samples")]);
        };
        let samples = match subject.samples(sampler, self.samples, "edges") {
            Ok(samples) => samples,
            Err(reason) => return Ok(vec![absent(reason)]),
        };
        let width = subject.data.shape.width;
        let gap = (mean_edge(&samples, width) - mean_edge(&subject.data.test, width)).abs();
        Ok(vec![
            Measurement::new("edge_gap", Kind::Estimate, Unit::One, Direction::Lower, gap)
                .with_n(self.samples)
                .on(sampler.support()),
        ])
    }
}

fn mean_edge(images: &Split, width: usize) -> f64 {
    let rows = images.pixels.chunks_exact(width);
    let edges: Vec<f64> =
        rows.flat_map(|row| row.windows(2)).map(|pair| f64::from((pair[0] - pair[1]).abs())).collect();
    edges.iter().sum::<f64>() / edges.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_do_not_cross_rows() {
        let images = Split::new(vec![0.0, 1.0, 0.0, 0.5], 4);
        assert!((mean_edge(&images, 2) - 0.75).abs() < 1e-9);
    }
}
