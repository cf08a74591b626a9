//! Exact density of the tiny data sets: a mixture of patterns with independent noise on every pixel.

use data::{DataShape, Entropy, ExactDensity};

use crate::cells::Cells;

/// Noise on a pixel around its value in the pattern.
pub(super) enum PixelNoise {
    /// Probability of the value of the pattern, and of each other value.
    Discrete { same: f64, other: f64, levels: u16 },
    /// Standard deviation of each pixel.
    Normal(Vec<f64>),
}

/// Mixture density: p(x) = sum of `weights` times the product over pixels of p(pixel | pattern).
pub(super) struct Truth {
    pub(super) shape: DataShape,
    pub(super) weights: Vec<f64>,
    pub(super) centres: Vec<Vec<f32>>,
    pub(super) noise: PixelNoise,
}

impl PixelNoise {
    fn probability(&self, position: usize, centre: f32, pixel: f32) -> f64 {
        match self {
            Self::Discrete { same, .. } if pixel == centre => *same,
            Self::Discrete { other, levels, .. } => {
                let level = f64::from(pixel) * f64::from(levels - 1);
                if (0.0..=1.0).contains(&pixel) && level.fract() == 0.0 { *other } else { 0.0 }
            }
            Self::Normal(spread) => {
                let z = (f64::from(pixel) - f64::from(centre)) / spread[position];
                (-0.5 * z * z).exp() / (spread[position] * std::f64::consts::TAU.sqrt())
            }
        }
    }
}

impl ExactDensity for Truth {
    fn log_density(&self, image: &[f32]) -> f64 {
        let given = |centre: &Vec<f32>| -> f64 {
            let pixels = centre.iter().zip(image).enumerate();
            pixels.map(|(position, (centre, pixel))| self.noise.probability(position, *centre, *pixel)).product()
        };
        self.weights.iter().zip(&self.centres).map(|(weight, centre)| weight * given(centre)).sum::<f64>().ln()
    }

    /// Sums over all images; for real values over cells of 0.1, which is exact to 1e-8 for these Gaussians.
    fn entropy(&self) -> Entropy {
        let cells = Cells::of(&self.shape).expect("the laws' exact data can be enumerated");
        let term = |image: &[f32]| {
            let nats = self.log_density(image);
            if nats == f64::NEG_INFINITY { 0.0 } else { -nats * nats.exp() }
        };
        Entropy { nats: cells.images().images().map(term).sum::<f64>() * cells.volume(), se: None }
    }
}
