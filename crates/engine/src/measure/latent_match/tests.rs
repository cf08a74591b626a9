//! Tests on latents with known distributions.

use std::f64::consts::TAU;
use std::path::Path;

use protocol::Support;

use super::*;
use crate::GenerativeModel;

type Draw = fn(&mut Noise) -> Vec<f64>;

/// Model with latents of a known distribution, whatever the image.
struct Known {
    latents: Draw,
    prior: Draw,
}

impl GenerativeModel for Known {
    fn parameters(&self) -> u64 {
        0
    }

    fn latent_prior(&self) -> Option<&dyn LatentPrior> {
        Some(self)
    }
}

fn rows(draw: Draw, count: usize, noise: &mut Noise) -> Features {
    let rows: Vec<Vec<f64>> = (0..count).map(|_| draw(noise)).collect();
    Features { width: rows[0].len(), values: rows.concat() }
}

impl LatentPrior for Known {
    fn encoded(&self, images: &Split, noise: &mut Noise) -> Features {
        rows(self.latents, images.len(), noise)
    }

    fn prior(&self, count: usize, noise: &mut Noise) -> Features {
        rows(self.prior, count, noise)
    }
}

fn gaussian(noise: &mut Noise) -> Vec<f64> {
    vec![noise.normal(), noise.normal()]
}

/// Ten Gaussians of equal weight on a ring.
fn ring(noise: &mut Noise) -> Vec<f64> {
    let angle = TAU * noise.below(10) as f64 / 10.0;
    vec![1.4 * angle.cos() + 0.15 * noise.normal(), 1.4 * angle.sin() + 0.15 * noise.normal()]
}

/// The ring without gaps, which only narrow kernels distinguish from it.
fn annulus(noise: &mut Noise) -> Vec<f64> {
    let (angle, radius) = (TAU * noise.uniform(), 1.4 + 0.15 * noise.normal());
    vec![radius * angle.cos(), radius * angle.sin()]
}

fn square(noise: &mut Noise) -> Vec<f64> {
    (0..2).map(|_| 3f64.sqrt() * (2.0 * noise.uniform() - 1.0)).collect()
}

fn swiss_roll(noise: &mut Noise) -> Vec<f64> {
    let along = noise.uniform().sqrt();
    let (angle, radius) = (1.5 * TAU * along, 2.0 * along);
    vec![radius * angle.cos() + 0.05 * noise.normal(), radius * angle.sin() + 0.05 * noise.normal()]
}

fn categorical_gaussian(noise: &mut Noise) -> Vec<f64> {
    let category = noise.below(10);
    let mut latent: Vec<f64> = (0..10).map(|index| f64::from(u8::from(index == category))).collect();
    latent.extend(gaussian(noise));
    latent
}

/// Figures for 400 images, in the order of [`FIGURES`].
fn measured(latents: Draw, prior: Draw, seed: u64) -> [f64; 6] {
    let split = |count| Split::new(vec![0.0; count], 1);
    let shape = DataShape::new([1, 1, 1], Support::Binary, [1, 1, 400]);
    let data = Dataset::new(shape, [split(1), split(1), split(400)]);
    let model = Known { latents, prior };
    let subject =
        Subject { model: &model, data: &data, data_sha256: "", seed, dir: Path::new(""), cache: Path::new("") };
    let figures = LatentMatch { permutations: 199, ..LatentMatch::default() }.measure(&subject).expect("no files");
    let values: Vec<f64> = figures.iter().map(|figure| figure.value.expect("a value")).collect();
    values.try_into().expect("six figures")
}

#[test]
fn latents_from_the_prior_have_reached_it_and_a_gaussian_has_not() {
    let seeds = 5;
    let priors: [Draw; 4] = [ring, square, swiss_roll, categorical_gaussian];
    for prior in priors {
        let figures: Vec<[f64; 6]> = (0..seeds).map(|seed| measured(prior, prior, seed)).collect();
        let reached: f64 = figures.iter().map(|figures| figures[3]).sum();
        assert!(reached >= seeds as f64 - 1.0, "{figures:?}");
        for [_, _, limit, _, mmd2_gaussian, p_gaussian] in figures {
            assert!(mmd2_gaussian > limit && p_gaussian <= 0.05, "{mmd2_gaussian} {limit} {p_gaussian}");
        }
    }
    // For this prior the control is a draw from the prior itself.
    let own: Vec<f64> = (0..20).map(|seed| measured(gaussian, gaussian, seed)[5]).collect();
    assert!(own.iter().filter(|p| **p <= 0.05).count() <= 4, "{own:?}");
}

#[test]
fn fine_structure_counts() {
    let pairs: [(Draw, Draw); 2] = [(square, swiss_roll), (gaussian, ring)];
    for (latents, prior) in pairs {
        let [mmd2, p, limit, reached, ..] = measured(latents, prior, 0);
        assert!(mmd2 > limit && p == 0.005 && reached == 0.0, "{mmd2} {limit} {p}");
    }
    let rejected = (0..5).filter(|seed| measured(annulus, ring, *seed)[1] <= 0.05).count();
    assert!(rejected >= 3, "{rejected}");
}

#[test]
fn the_split_is_that_of_the_settings() {
    let split = |count| Split::new(vec![0.0; count], 1);
    let data = Dataset::new(DataShape::new([1, 1, 1], Support::Binary, [1, 30, 20]), [split(1), split(30), split(20)]);
    let model = Known { latents: gaussian, prior: gaussian };
    let subject =
        Subject { model: &model, data: &data, data_sha256: "", seed: 0, dir: Path::new(""), cache: Path::new("") };
    for (split, n) in [(LatentSplit::Test, 20), (LatentSplit::Validation, 30)] {
        let figures =
            LatentMatch { permutations: 19, split, ..LatentMatch::default() }.measure(&subject).expect("no files");
        assert!(figures.iter().all(|figure| figure.n == Some(n)), "{split:?}");
    }
}
