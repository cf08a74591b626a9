//! Priors of the latents, drawn on the host.
//!
//! The mixture and the swiss roll are two-dimensional and have a variance of about 1 per dimension, so that all priors
//! have the same scale.

use std::f64::consts::{PI, TAU};

use burn::prelude::*;
use data::Noise;
use protocol::{Problem, check};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::pushforward::uniform;

/// Radius of the circle of the means of a mixture, and standard deviation of each Gaussian.
const CIRCLE: (f64, f64) = (1.4, 0.15);
/// Turns of a swiss roll, its outer radius, and the standard deviation across it.
const ROLL: (f64, f64, f64) = (1.5, 2.0, 0.05);

/// Family of the prior.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum PriorKind {
    /// N(0, I).
    #[default]
    Gaussian,
    /// `components` Gaussians of equal weight with means evenly spaced on a circle; two dimensions.
    Mixture,
    /// Spiral; two dimensions.
    SwissRoll,
    /// Uniform over the cube of side 2 sqrt 3, with a variance of 1 per dimension.
    Uniform,
    /// One of `components` categories as a one-hot vector, followed by N(0, I).
    CategoricalGaussian,
}

/// Prior of the latents.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prior {
    pub(super) kind: PriorKind,
    pub(super) components: usize,
    pub(super) latent: usize,
}

impl Prior {
    /// Refuses a number of dimensions or components in which the prior does not exist.
    pub(super) fn check(&self) -> Result<(), Problem> {
        let latent = self.latent;
        check::at_most("components", self.components, 65_535)?;
        match self.kind {
            PriorKind::Mixture | PriorKind::SwissRoll if latent != 2 => {
                Err(Problem::new("latent", format!("the prior has two dimensions, not {latent}"))
                    .help("set `latent: 2`, or use the prior `gaussian` or `uniform`"))
            }
            PriorKind::Mixture => check::at_most("components", self.components, 1_000),
            PriorKind::CategoricalGaussian if self.components < 2 => Err(Problem::new(
                "components",
                format!("{} is not a number of categories to choose from", self.components),
            )
            .help("use 2 or more")),
            PriorKind::CategoricalGaussian if latent <= self.components => {
                let what = format!("{} categories leave none of {latent} dimensions for the Gaussian", self.components);
                Err(Problem::new("latent", what).help(format!("use {} or more", self.components + 1)))
            }
            _ => Ok(()),
        }
    }

    /// Number of leading dimensions that encode a category.
    pub(super) fn categories(&self) -> usize {
        if self.kind == PriorKind::CategoricalGaussian { self.components } else { 0 }
    }

    /// Dimensions of the noise N(0, I) from which a draw is computed, for each of [`Prior::codes`].
    pub(super) fn noise_dims(&self) -> usize {
        match self.kind {
            PriorKind::Gaussian | PriorKind::Uniform | PriorKind::Mixture => self.latent,
            PriorKind::SwissRoll => self.latent + 1,
            PriorKind::CategoricalGaussian => self.latent - self.components,
        }
    }

    /// Number of equally likely components or categories; 1 if there are none.
    pub(super) fn codes(&self) -> usize {
        match self.kind {
            PriorKind::Mixture | PriorKind::CategoricalGaussian => self.components,
            _ => 1,
        }
    }

    /// Draws from the prior as a function of `eps`, N(0, I): `[batch, noise_dims]` to `[batch, latent]`.
    pub(super) fn of_noise(&self, code: usize, eps: Tensor<2>) -> Tensor<2> {
        let ([batch, _], device) = (eps.dims(), eps.device());
        let rows = |row: Vec<f32>| {
            let width = row.len();
            Tensor::<2>::from_data(TensorData::new(row.repeat(batch), [batch, width]), &device)
        };
        match self.kind {
            PriorKind::Gaussian => eps,
            PriorKind::Uniform => uniform(eps) * 3f64.sqrt(),
            PriorKind::Mixture => {
                let (angle, (radius, sd)) = (TAU * code as f64 / self.components as f64, CIRCLE);
                eps * sd + rows(vec![(radius * angle.cos()) as f32, (radius * angle.sin()) as f32])
            }
            PriorKind::SwissRoll => {
                let (turns, outer, sd) = ROLL;
                let share = uniform(eps.clone().narrow(1, 0, 1)) * 0.5 + 0.5;
                // The derivative of the root has no limit at 0.
                let along = share.clamp_min(1e-12).sqrt();
                let angle = along.clone() * (2.0 * PI * turns);
                let radius = along * outer;
                let spiral = Tensor::cat(vec![radius.clone() * angle.clone().cos(), radius * angle.sin()], 1);
                spiral + eps.narrow(1, 1, 2) * sd
            }
            PriorKind::CategoricalGaussian => {
                let is = |category| if category == code { 1.0 } else { 0.0 };
                Tensor::cat(vec![rows((0..self.components).map(is).collect()), eps], 1)
            }
        }
    }

    /// Draws `count` latents in succession.
    pub(super) fn draw(&self, count: usize, noise: &mut Noise) -> Vec<f32> {
        (0..count).flat_map(|_| self.one(noise)).map(|value| value as f32).collect()
    }

    fn one(&self, noise: &mut Noise) -> Vec<f64> {
        match self.kind {
            PriorKind::Gaussian => (0..self.latent).map(|_| noise.normal()).collect(),
            PriorKind::Uniform => (0..self.latent).map(|_| 3f64.sqrt() * (2.0 * noise.uniform() - 1.0)).collect(),
            PriorKind::Mixture => {
                let angle = TAU * noise.below(self.components) as f64 / self.components as f64;
                let (radius, sd) = CIRCLE;
                vec![radius * angle.cos() + sd * noise.normal(), radius * angle.sin() + sd * noise.normal()]
            }
            PriorKind::SwissRoll => {
                // The radius grows with the angle; the root makes the density uniform along the spiral.
                let (turns, outer, sd) = ROLL;
                let along = noise.uniform().sqrt();
                let angle = 2.0 * PI * turns * along;
                let radius = outer * along;
                vec![radius * angle.cos() + sd * noise.normal(), radius * angle.sin() + sd * noise.normal()]
            }
            PriorKind::CategoricalGaussian => {
                let category = noise.below(self.components);
                let is = |index| f64::from(u8::from(index == category));
                let mut latent: Vec<f64> = (0..self.components).map(is).collect();
                latent.extend((self.components..self.latent).map(|_| noise.normal()));
                latent
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prior(kind: PriorKind, latent: usize) -> Prior {
        Prior { kind, components: 4, latent }
    }

    #[test]
    fn a_prior_of_the_wrong_dimension_is_refused_with_advice() {
        for (kind, wrong, right) in
            [(PriorKind::Mixture, 3, 2), (PriorKind::SwissRoll, 1, 2), (PriorKind::CategoricalGaussian, 4, 5)]
        {
            let problem = prior(kind, wrong).check().expect_err("wrong");
            assert_eq!((problem.path.as_str(), problem.help.is_some()), ("latent", true));
            assert_eq!(prior(kind, right).check(), Ok(()));
        }
    }

    /// Compares the quantiles of each dimension between direct draws and functions of noise.
    #[test]
    fn functions_of_noise_have_the_distribution_of_the_prior() {
        let n = 20_000;
        for (kind, latent) in [
            (PriorKind::Gaussian, 3),
            (PriorKind::Uniform, 3),
            (PriorKind::Mixture, 2),
            (PriorKind::SwissRoll, 2),
            (PriorKind::CategoricalGaussian, 6),
        ] {
            let prior = prior(kind, latent);
            let mut noise = Noise::new(0, "test", 1);
            let drawn = prior.draw(n, &mut noise);
            let mut mapped = Vec::new();
            for code in 0..prior.codes() {
                let (count, dims) = (n / prior.codes(), prior.noise_dims());
                let eps = TensorData::new(noise.normals(count * dims), [count, dims]);
                mapped.extend(::nn::to_host(prior.of_noise(code, Tensor::from_data(eps, &Device::flex()))));
            }
            let column = |draws: &[f32], dim: usize| {
                let mut column: Vec<f32> = draws.iter().skip(dim).step_by(latent).copied().collect();
                column.sort_by(f32::total_cmp);
                [0.1, 0.3, 0.45, 0.55, 0.7, 0.9].map(|q| column[(q * n as f64) as usize])
            };
            for dim in 0..latent {
                let (a, b) = (column(&drawn, dim), column(&mapped, dim));
                assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.1), "{kind:?} {dim}: {a:?} {b:?}");
            }
        }
    }

    #[test]
    fn draws_have_the_moments_and_shapes_of_their_prior() {
        let n = 20_000;
        for (kind, latent) in
            [(PriorKind::Gaussian, 3), (PriorKind::Uniform, 3), (PriorKind::Mixture, 2), (PriorKind::SwissRoll, 2)]
        {
            let draws = prior(kind, latent).draw(n, &mut Noise::new(0, "test", 0));
            for dim in 0..latent {
                let column: Vec<f64> = draws.iter().skip(dim).step_by(latent).map(|z| f64::from(*z)).collect();
                let square = column.iter().map(|z| z * z).sum::<f64>() / n as f64;
                assert!((0.9..1.1).contains(&square), "{kind:?}: {square}");
            }
        }
        let draws = prior(PriorKind::CategoricalGaussian, 6).draw(n, &mut Noise::new(0, "test", 0));
        let mut counts = [0.0; 4];
        for row in draws.chunks_exact(6) {
            let category = row[..4].iter().position(|z| *z == 1.0).expect("one-hot");
            assert_eq!(row[..4].iter().sum::<f32>(), 1.0);
            counts[category] += 1.0 / n as f64;
        }
        assert!(counts.iter().all(|share| (share - 0.25).abs() < 0.02), "{counts:?}");
        let four = prior(PriorKind::Mixture, 2).draw(n, &mut Noise::new(0, "test", 0));
        let radius = |row: &[f32]| f64::from(row[0].hypot(row[1]));
        assert!(four.chunks_exact(2).all(|row| (radius(row) - CIRCLE.0).abs() < 6.0 * CIRCLE.1));
    }
}
