//! The generative adversarial network, with perceptrons and the non-saturating objective.
//!
//! D learns to tell data from G(z); G learns to raise log D(G(z)).
//!
//! Goodfellow et al., 2014, Generative Adversarial Nets, algorithm 1 and the remark after eq. 1.
//!
//! # Departures from the paper
//! Leaky ReLU instead of maxout in D; Adam with beta1 = 0.5 instead of SGD with
//! momentum; z is Gaussian instead of uniform.

use std::path::Path;

use burn::module::Module;
use burn::optim::{AdamConfig, ModuleOptimizer};
use burn::prelude::*;
use burn::tensor::activation::{leaky_relu, relu, sigmoid, softplus};
use data::{DataShape, Noise, Split};
use engine::{
    Batch, Dense, GenerativeModel, ModelConfig, RecordError, Sampler, Scalars, Step, Trainer, descend, load_module,
    load_optimiser, save_module, save_optimiser,
};
use protocol::{Problem, Support};
use serde::{Deserialize, Serialize};

/// Images generated at once.
const IMAGES: usize = 1_000;

/// Settings of `gan`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct GanConfig {
    /// Hidden units of each of the two layers of G and of D.
    hidden: usize,
    /// Dimensions of z.
    latent: usize,
    /// The share of D's hidden units that are dropped at each step.
    dropout: f64,
    /// Learning rate of G's Adam.
    lr_generator: f64,
    /// Learning rate of D's Adam.
    lr_discriminator: f64,
}

impl Default for GanConfig {
    fn default() -> Self {
        Self { hidden: 256, latent: 32, dropout: 0.5, lr_generator: 2e-4, lr_discriminator: 2e-4 }
    }
}

impl ModelConfig for GanConfig {
    const NAME: &'static str = "gan";
    const ABOUT: &'static str = "adversarial network of perceptrons, non-saturating: samples without a density";

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        crate::registry::positive("hidden", self.hidden)?;
        crate::registry::positive("latent", self.latent)?;
        if !(0.0..1.0).contains(&self.dropout) {
            return Err(
                Problem::new("dropout", format!("{} is no share of units", self.dropout)).help("from 0 to below 1")
            );
        }
        crate::registry::learning_rate("lr_generator", self.lr_generator)?;
        crate::registry::learning_rate("lr_discriminator", self.lr_discriminator)
    }

    fn tiny() -> Vec<Self> {
        vec![Self { hidden: 16, latent: 4, dropout: 0.2, lr_generator: 2e-3, lr_discriminator: 2e-3 }]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        let mut noise = Noise::new(seed, "gan/weights", 0);
        let adam = || AdamConfig::new().with_beta_1(0.5).with_epsilon(1e-8).init();
        Box::new(GanTrainer {
            config: self.clone(),
            generator: Generator::new(self, data.pixels(), &mut noise, device),
            discriminator: Discriminator::new(self, data.pixels(), &mut noise, device),
            generator_optimiser: adam(),
            discriminator_optimiser: adam(),
        })
    }
}

#[derive(Module, Debug)]
pub(crate) struct Generator {
    first: Dense,
    second: Dense,
    pixels: Dense,
    #[module(skip)]
    latent: usize,
    #[module(skip)]
    image_len: usize,
    #[module(skip)]
    device: Device,
}

impl Generator {
    fn new(config: &GanConfig, image_len: usize, noise: &mut Noise, device: &Device) -> Self {
        Self {
            first: Dense::new(config.latent, config.hidden, noise, device),
            second: Dense::new(config.hidden, config.hidden, noise, device),
            pixels: Dense::new(config.hidden, image_len, noise, device),
            latent: config.latent,
            image_len,
            device: device.clone().inner(),
        }
    }

    /// Grey images for latents, `[batch, pixels]` in `[0, 1]`.
    fn forward(&self, z: Tensor<2>) -> Tensor<2> {
        let hidden = relu(self.second.forward(relu(self.first.forward(z))));
        sigmoid(self.pixels.forward(hidden))
    }

    /// The device of the weights, with autodiff where they are trained.
    fn training_device(&self) -> Device {
        self.first.device()
    }

    fn latents(&self, count: usize, noise: &mut Noise, device: &Device) -> Tensor<2> {
        Tensor::from_data(TensorData::new(noise.normals(count * self.latent), [count, self.latent]), device)
    }
}

#[derive(Module, Debug)]
pub(crate) struct Discriminator {
    first: Dense,
    second: Dense,
    score: Dense,
    #[module(skip)]
    dropout: f64,
}

impl Discriminator {
    fn new(config: &GanConfig, image_len: usize, noise: &mut Noise, device: &Device) -> Self {
        Self {
            first: Dense::new(image_len, config.hidden, noise, device),
            second: Dense::new(config.hidden, config.hidden, noise, device),
            score: Dense::new(config.hidden, 1, noise, device),
            dropout: config.dropout,
        }
    }

    /// Log-odds of being data, `[batch, 1]`, with hidden units dropped at random. Only training
    /// asks: D is no part of the model that is measured.
    fn forward(&self, x: Tensor<2>, noise: &mut Noise) -> Tensor<2> {
        let first = self.drop(leaky_relu(self.first.forward(x), 0.2), noise);
        let second = self.drop(leaky_relu(self.second.forward(first), 0.2), noise);
        self.score.forward(second)
    }

    /// Burn's own dropout draws from the device's process-wide generator, which would make a
    /// resumed trial another one; this one draws from the step's stream.
    fn drop(&self, hidden: Tensor<2>, noise: &mut Noise) -> Tensor<2> {
        if self.dropout == 0.0 {
            return hidden;
        }
        let [batch, units] = hidden.dims();
        let (dropout, scale) = (self.dropout as f32, (1.0 / (1.0 - self.dropout)) as f32);
        let kept = noise.uniforms(batch * units).into_iter().map(|u| if u < dropout { 0.0 } else { scale }).collect();
        hidden.clone() * Tensor::from_data(TensorData::new::<f32, _>(kept, [batch, units]), &hidden.device())
    }
}

/// -log D(x) - log(1 - D(G(z))), from log-odds.
pub(crate) fn discriminator_loss(
    generator: &Generator,
    discriminator: &Discriminator,
    batch: &Batch,
    at: &Step,
) -> Tensor<1> {
    let mut dropped = at.noise("gan/dropout/discriminator");
    let z = generator.latents(batch.len(), &mut at.noise("gan/discriminator"), &batch.images.device());
    let fake = generator.forward(z).detach();
    let real_score = discriminator.forward(batch.images.clone(), &mut dropped);
    let fake_score = discriminator.forward(fake, &mut dropped);
    softplus(real_score.neg(), 1.0).mean() + softplus(fake_score, 1.0).mean()
}

/// -log D(G(z)): the non-saturating objective.
pub(crate) fn generator_loss(
    generator: &Generator,
    discriminator: &Discriminator,
    images: usize,
    at: &Step,
) -> Tensor<1> {
    let z = generator.latents(images, &mut at.noise("gan/generator"), &generator.training_device());
    let score = discriminator.forward(generator.forward(z), &mut at.noise("gan/dropout/generator"));
    softplus(score.neg(), 1.0).mean()
}

/// Small networks for the laws on gradients.
#[cfg(test)]
pub(crate) fn networks(pixels: usize, device: &Device) -> (Generator, Discriminator) {
    let config = GanConfig { hidden: 20, latent: 4, ..GanConfig::default() };
    let mut noise = Noise::new(0, "gan/weights", 0);
    (Generator::new(&config, pixels, &mut noise, device), Discriminator::new(&config, pixels, &mut noise, device))
}

struct GanTrainer {
    config: GanConfig,
    generator: Generator,
    discriminator: Discriminator,
    generator_optimiser: ModuleOptimizer,
    discriminator_optimiser: ModuleOptimizer,
}

impl Trainer for GanTrainer {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let loss_d = discriminator_loss(&self.generator, &self.discriminator, batch, at);
        let lr = self.config.lr_discriminator * at.lr_factor;
        self.discriminator = descend(&mut self.discriminator_optimiser, lr, self.discriminator.clone(), loss_d.clone());
        // `no_grad` rather than `freeze`, which would also change D's mode.
        let critic = self.discriminator.clone().no_grad();
        let loss_g = generator_loss(&self.generator, &critic, batch.len(), at);
        let lr = self.config.lr_generator * at.lr_factor;
        self.generator = descend(&mut self.generator_optimiser, lr, self.generator.clone(), loss_g.clone());
        Scalars(vec![("loss_discriminator", loss_d.detach()), ("loss_generator", loss_g.detach())])
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(self.generator.valid())
    }

    fn save(&self, dir: &Path) -> Result<(), RecordError> {
        save_module(&self.generator, dir, "generator")?;
        save_module(&self.discriminator, dir, "discriminator")?;
        save_optimiser(&self.generator_optimiser, dir, "generator_optimiser")?;
        save_optimiser(&self.discriminator_optimiser, dir, "discriminator_optimiser")
    }

    fn load(&mut self, dir: &Path) -> Result<(), RecordError> {
        self.generator = load_module(self.generator.clone(), dir, "generator")?;
        self.discriminator = load_module(self.discriminator.clone(), dir, "discriminator")?;
        self.generator_optimiser = load_optimiser(self.generator_optimiser.clone(), dir, "generator_optimiser")?;
        self.discriminator_optimiser =
            load_optimiser(self.discriminator_optimiser.clone(), dir, "discriminator_optimiser")?;
        Ok(())
    }
}

impl GenerativeModel for Generator {
    fn parameters(&self) -> u64 {
        engine::parameter_count(self)
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }
}

impl Sampler for Generator {
    /// Grey, whatever the data: a GAN's output is scored as it is.
    fn support(&self) -> Support {
        Support::Continuous
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let mut pixels = Vec::with_capacity(count * self.image_len);
        for first in (0..count).step_by(IMAGES) {
            let z = self.latents(IMAGES.min(count - first), noise, &self.device);
            pixels.extend(self.forward(z).into_data().iter::<f32>());
        }
        Split::new(pixels, self.image_len)
    }
}
