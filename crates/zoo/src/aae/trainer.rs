//! Trainer with the three phases of a step.

use ::nn::Optimiser;
use burn::module::Module;
use burn::prelude::*;
use burn::tensor::activation::softplus;
use data::{DataShape, Noise};
use engine::{Batch, GenerativeModel, LossGradient, Part, Scalars, Step, Trainer, descend};

use super::config::AaeConfig;
use super::network::{Autoencoder, Discriminator};

pub(super) struct AaeTrainer {
    config: AaeConfig,
    autoencoder: Autoencoder,
    discriminator: Discriminator,
    reconstruction: Optimiser,
    telling: Optimiser,
    fooling: Optimiser,
}

impl AaeTrainer {
    pub(super) fn new(config: &AaeConfig, data: &DataShape, seed: u64, device: &Device) -> Self {
        let mut noise = Noise::new(seed, "aae/weights", 0);
        let adam = ::nn::adam;
        Self {
            config: config.clone(),
            autoencoder: Autoencoder::new(config, data, &mut noise, device),
            discriminator: Discriminator::new(config, &mut noise, device),
            reconstruction: adam(0.9),
            telling: adam(0.5),
            fooling: adam(0.5),
        }
    }
}

/// Negative log-likelihood of images given their latents.
fn reconstruction_loss(autoencoder: &Autoencoder, batch: &Batch) -> Tensor<1> {
    let latents = autoencoder.latents(batch.images.clone());
    autoencoder.decode(latents).log_prob(batch.images.clone()).mean().neg()
}

/// Loss of the discriminator.
fn discriminator_loss(autoencoder: &Autoencoder, discriminator: &Discriminator, batch: &Batch, at: &Step) -> Tensor<1> {
    let drawn = autoencoder.prior_draws(batch.len(), &mut at.noise("aae/prior"), &batch.images.device());
    let encoded = autoencoder.latents(batch.images.clone()).detach();
    let (of_prior, of_images) = (discriminator.forward(drawn), discriminator.forward(encoded));
    softplus(of_prior.neg(), 1.0).mean() + softplus(of_images, 1.0).mean()
}

/// Adversarial loss of the encoder.
fn encoder_loss(autoencoder: &Autoencoder, critic: &Discriminator, batch: &Batch) -> Tensor<1> {
    softplus(critic.forward(autoencoder.latents(batch.images.clone())).neg(), 1.0).mean()
}

impl Trainer for AaeTrainer {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let loss = reconstruction_loss(&self.autoencoder, batch);
        let lr = self.config.lr * at.lr_factor;
        self.autoencoder = descend(&mut self.reconstruction, lr, self.autoencoder.clone(), loss.clone());

        let loss_d = discriminator_loss(&self.autoencoder, &self.discriminator, batch, at);
        let lr = self.config.lr_discriminator * at.lr_factor;
        self.discriminator = descend(&mut self.telling, lr, self.discriminator.clone(), loss_d.clone());

        // `no_grad` instead of `freeze`, which would also change the mode. The decoder has no gradient in this phase
        // and does not change.
        let critic = self.discriminator.clone().no_grad();
        let loss_e = encoder_loss(&self.autoencoder, &critic, batch);
        let lr = self.config.lr_encoder * at.lr_factor;
        self.autoencoder = descend(&mut self.fooling, lr, self.autoencoder.clone(), loss_e.clone());
        Scalars(vec![
            ("reconstruction", loss.neg().detach()),
            ("loss_discriminator", loss_d.detach()),
            ("loss_encoder", loss_e.detach()),
        ])
    }

    fn gradients(&self, batch: &Batch, at: &Step) -> Vec<LossGradient> {
        let (autoencoder, discriminator) = (&self.autoencoder, &self.discriminator);
        let loss = reconstruction_loss(autoencoder, batch);
        let loss_d = discriminator_loss(autoencoder, discriminator, batch, at);
        let loss_e = encoder_loss(autoencoder, &discriminator.clone().no_grad(), batch);
        vec![
            LossGradient::of("reconstruction", autoencoder, loss),
            LossGradient::of("loss_discriminator", discriminator, loss_d),
            // The decoder has no gradient in this phase.
            LossGradient::of("loss_encoder", &autoencoder.encoder, loss_e),
        ]
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(self.autoencoder.valid())
    }

    fn parts(&mut self) -> Vec<Part<'_>> {
        vec![
            Part::module("autoencoder", &mut self.autoencoder),
            Part::module("discriminator", &mut self.discriminator),
            Part::optimiser("reconstruction_optimiser", &mut self.reconstruction),
            Part::optimiser("discriminator_optimiser", &mut self.telling),
            Part::optimiser("encoder_optimiser", &mut self.fooling),
        ]
    }
}
