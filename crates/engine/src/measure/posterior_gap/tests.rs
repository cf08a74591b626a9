//! Tests on a linear Gaussian model, x = w z + sigma eps, with all terms in closed form.

use super::*;
use crate::{Elbo, Posteriors};

const WEIGHTS: [[f64; 2]; 3] = [[1.0, 0.2], [-0.5, 0.8], [0.3, -0.4]];
const VARIANCE: f64 = 0.25;
const Q_SD: [f64; 2] = [0.5, 0.4];

/// `leak` is added to the KL that the model reports.
struct Linear {
    leak: f64,
}

fn q_mean(image: &[f32]) -> [f64; 2] {
    [0.6 * f64::from(image[0]), 0.5 * f64::from(image[1])]
}

impl LatentVariable for Linear {
    fn latent(&self) -> usize {
        2
    }

    fn posteriors(&self, images: &Split) -> Posteriors {
        let log_variance = Q_SD.map(|sd| 2.0 * sd.ln());
        Posteriors {
            means: Features { values: images.images().flat_map(q_mean).collect(), width: 2 },
            log_variances: Features { values: log_variance.repeat(images.len()), width: 2 },
        }
    }

    fn log_likelihood(&self, images: &Split, latents: &Features) -> Vec<Vec<f64>> {
        let normal = |off: f64| -0.5 * (off * off / VARIANCE + (std::f64::consts::TAU * VARIANCE).ln());
        let of_pair = |image: &[f32], z: &[f64]| -> f64 {
            image.iter().zip(WEIGHTS).map(|(x, w)| normal(f64::from(*x) - w[0] * z[0] - w[1] * z[1])).sum()
        };
        images.images().map(|image| latents.rows().map(|z| of_pair(image, z)).collect()).collect()
    }
}

impl DensityBound for Linear {
    fn support(&self) -> protocol::Support {
        protocol::Support::Real
    }

    fn elbo(&self, images: &Split, _noise: &mut Noise) -> Vec<Elbo> {
        let kl = |image: &[f32]| -> f64 {
            q_mean(image).iter().zip(Q_SD).map(|(m, s)| 0.5 * (m * m + s * s - 1.0) - s.ln()).sum()
        };
        images.images().map(|image| Elbo { reconstruction: 0.0, kl: kl(image) + self.leak }).collect()
    }

    fn iwae(&self, _images: &Split, _k: usize, _noise: &mut Noise) -> Vec<f64> {
        unreachable!("the terms need no draws")
    }
}

fn images() -> Split {
    Split::new(vec![0.5, -1.0, 0.2, 1.5, 0.4, -0.3], 3)
}

#[test]
fn the_terms_are_the_closed_forms() {
    let terms = Terms::of(&Linear { leak: 0.0 }, &Linear { leak: 0.0 }, &images(), &mut Noise::new(0, "test", 0))
        .expect("smooth terms converge");
    let weights = nalgebra::DMatrix::from_fn(3, 2, |i, j| WEIGHTS[i][j]);
    let covariance = &weights * weights.transpose() + nalgebra::DMatrix::identity(3, 3) * VARIANCE;
    let precision = (weights.transpose() * &weights) / VARIANCE + nalgebra::DMatrix::identity(2, 2);
    for (index, image) in images().images().enumerate() {
        let x = nalgebra::DVector::from_iterator(3, image.iter().map(|pixel| f64::from(*pixel)));
        let inverse = covariance.clone().try_inverse().expect("regular");
        let volume = 3.0 * std::f64::consts::TAU.ln() + covariance.determinant().ln();
        let log_p = -0.5 * (volume + x.dot(&(inverse * &x)));
        assert!((terms.log_p[index] - log_p).abs() < 1e-6, "{} {log_p}", terms.log_p[index]);
        let mean = precision.clone().try_inverse().expect("regular") * weights.transpose() * &x / VARIANCE;
        let off = mean - nalgebra::DVector::from_column_slice(&q_mean(image));
        let spread: f64 = (0..2).map(|d| precision[(d, d)] * Q_SD[d].powi(2) - 2.0 * Q_SD[d].ln()).sum();
        let kl = 0.5 * (spread + off.dot(&(&precision * &off)) - 2.0 - precision.determinant().ln());
        assert!((terms.kl[index] - kl).abs() < 1e-6, "{} {kl}", terms.kl[index]);
    }
    assert!(terms.residual().iter().all(|residual| *residual < 1e-6));
}

#[test]
fn an_error_in_the_reported_kl_breaks_the_identity() {
    let model = Linear { leak: 0.01 };
    let terms = Terms::of(&model, &model, &images(), &mut Noise::new(0, "test", 0)).expect("smooth terms converge");
    assert!(terms.residual().iter().all(|residual| (residual - 0.01).abs() < 1e-6));
}
