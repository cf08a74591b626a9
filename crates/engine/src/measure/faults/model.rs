//! Model with all capabilities, each by a rule.

use data::{Noise, Split};
use protocol::Support;

use super::{CLASSES, PIXELS};
use crate::{
    CodePosteriors, CodeShape, Coded, Codes, DensityBound, Elbo, Encoder, ExplicitDensity, Features, GenerativeModel,
    LatentPrior, LatentVariable, Posteriors, Pushforward, Sampler,
};

/// Model with every capability for samples, densities and features, each by a rule.
#[derive(Clone, Copy)]
pub(super) struct Model {
    pub(super) draw: fn(&mut Noise) -> f32,
    /// Feature of an image at an index.
    pub(super) feature: fn(&[f32], usize) -> f64,
    pub(super) width: usize,
    pub(super) nats: fn(&[f32]) -> f64,
    /// `true` if the density is exact; else it is a bound.
    pub(super) exact: bool,
}

pub(super) const SOUND: Model = Model {
    draw: |noise| f32::from(u8::from(noise.bernoulli(0.5))),
    feature: |image, index| f64::from(image[index]),
    width: 8,
    nats: |image| -(image.len() as f64) * 2f64.ln(),
    exact: true,
};

impl GenerativeModel for Model {
    fn parameters(&self) -> u64 {
        1
    }
    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }
    fn density(&self) -> Option<&dyn ExplicitDensity> {
        self.exact.then_some(self)
    }
    fn bound(&self) -> Option<&dyn DensityBound> {
        (!self.exact).then_some(self)
    }
    fn encoder(&self) -> Option<&dyn Encoder> {
        Some(self)
    }
    fn latent_prior(&self) -> Option<&dyn LatentPrior> {
        Some(self)
    }
    fn latent_variable(&self) -> Option<&dyn LatentVariable> {
        Some(self)
    }
    fn coded(&self) -> Option<&dyn Coded> {
        Some(self)
    }
    fn pushforward(&self) -> Option<Box<dyn Pushforward + '_>> {
        Some(Box::new(*self))
    }
}

impl Model {
    fn images(&self, count: usize, noise: &mut Noise) -> Split {
        Split::new((0..count * PIXELS).map(|_| (self.draw)(noise)).collect(), PIXELS)
    }

    fn features(&self, images: &Split, width: usize) -> Features {
        let row = |image| (0..width).map(move |index| (self.feature)(image, index % PIXELS));
        Features { values: images.images().flat_map(row).collect(), width }
    }

    fn nats(&self, images: &Split) -> Vec<f64> {
        images.images().map(self.nats).collect()
    }
}

impl Sampler for Model {
    fn support(&self) -> Support {
        Support::Binary
    }
    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        self.images(count, noise)
    }
}

impl ExplicitDensity for Model {
    fn support(&self) -> Support {
        Support::Binary
    }
    fn log_density(&self, images: &Split) -> Vec<f64> {
        self.nats(images)
    }
}

impl DensityBound for Model {
    fn support(&self) -> Support {
        Support::Binary
    }
    fn elbo(&self, images: &Split, _: &mut Noise) -> Vec<Elbo> {
        self.nats(images).into_iter().map(|reconstruction| Elbo { reconstruction, kl: 0.0 }).collect()
    }
    fn iwae(&self, images: &Split, _: usize, _: &mut Noise) -> Vec<f64> {
        self.nats(images)
    }
}

impl Encoder for Model {
    fn encode(&self, images: &Split) -> Features {
        self.features(images, self.width)
    }
}

impl LatentPrior for Model {
    fn encoded(&self, images: &Split, _: &mut Noise) -> Features {
        self.features(images, self.width)
    }
    fn prior(&self, count: usize, noise: &mut Noise) -> Features {
        Features { values: (0..count * self.width).map(|_| noise.normal()).collect(), width: self.width }
    }
}

impl LatentVariable for Model {
    fn latent(&self) -> usize {
        1
    }
    fn posteriors(&self, images: &Split) -> Posteriors {
        let means = self.features(images, 1);
        Posteriors { log_variances: Features { values: vec![0.0; means.values.len()], width: 1 }, means }
    }
    fn log_likelihood(&self, images: &Split, latents: &Features) -> Vec<Vec<f64>> {
        self.nats(images).into_iter().map(|nats| vec![nats; latents.rows().len()]).collect()
    }
}

impl Coded for Model {
    fn shape(&self) -> CodeShape {
        CodeShape { categories: CLASSES, continuous: 1 }
    }
    fn draw_by(&self, codes: &Codes, noise: &mut Noise) -> Split {
        self.images(codes.categories.len(), noise)
    }
    fn read(&self, images: &Split) -> CodePosteriors {
        let means = self.features(images, 1);
        let log_variances = Features { values: vec![0.0; images.len()], width: 1 };
        CodePosteriors { log_categories: self.features(images, CLASSES), means, log_variances }
    }
}

impl Pushforward for Model {
    fn dims(&self) -> usize {
        1
    }
    fn decode(&self, _: usize, eps: &[f32]) -> Vec<f32> {
        let mut noise = Noise::new(0, "faults/decode", 0);
        eps.iter().flat_map(|_| (0..PIXELS).map(|_| (self.draw)(&mut noise)).collect::<Vec<_>>()).collect()
    }
    fn pull(&self, code: usize, eps: &[f32], gradient: &mut dyn FnMut(&[f32]) -> Vec<f32>) -> Vec<f32> {
        let _ = gradient(&self.decode(code, eps));
        vec![0.0; eps.len()]
    }
}
