//! The three phases of a step.

use std::path::Path;

use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::prelude::*;
use burn::tensor::activation::softplus;
use data::{DataShape, Noise};
use engine::{
    Batch, GenerativeModel, RecordError, Scalars, Step, Trainer, descend, load_module, load_optimiser, save_module,
    save_optimiser,
};

use super::config::AaeConfig;
use super::network::{Autoencoder, Discriminator};

pub(super) struct AaeTrainer {
    config: AaeConfig,
    autoencoder: Autoencoder,
    discriminator: Discriminator,
    reconstruction: ModuleOptimizer,
    telling: ModuleOptimizer,
    fooling: ModuleOptimizer,
}

impl AaeTrainer {
    pub(super) fn new(config: &AaeConfig, data: &DataShape, seed: u64, device: &Device) -> Self {
        let mut noise = Noise::new(seed, "aae/weights", 0);
        let adam = engine::adam;
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

impl Trainer for AaeTrainer {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let x = &batch.images;
        let latents = self.autoencoder.latents(x.clone());
        let loss = self.autoencoder.decode(latents).log_prob(x.clone()).mean().neg();
        let lr = self.config.lr * at.lr_factor;
        self.autoencoder = descend(&mut self.reconstruction, lr, self.autoencoder.clone(), loss.clone());

        let drawn = self.autoencoder.prior_draws(batch.len(), &mut at.noise("aae/prior"), &x.device());
        let encoded = self.autoencoder.latents(x.clone()).detach();
        let (of_prior, of_images) = (self.discriminator.forward(drawn), self.discriminator.forward(encoded));
        let loss_d = softplus(of_prior.neg(), 1.0).mean() + softplus(of_images, 1.0).mean();
        let lr = self.config.lr_discriminator * at.lr_factor;
        self.discriminator = descend(&mut self.telling, lr, self.discriminator.clone(), loss_d.clone());

        // `no_grad` rather than `freeze`, which would also change the mode. The decoder has no
        // gradient in this phase and stays as it is.
        let critic = self.discriminator.clone().no_grad();
        let loss_e = softplus(critic.forward(self.autoencoder.latents(x.clone())).neg(), 1.0).mean();
        let lr = self.config.lr_encoder * at.lr_factor;
        self.autoencoder = descend(&mut self.fooling, lr, self.autoencoder.clone(), loss_e.clone());
        Scalars(vec![
            ("reconstruction", loss.neg().detach()),
            ("loss_discriminator", loss_d.detach()),
            ("loss_encoder", loss_e.detach()),
        ])
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(self.autoencoder.valid())
    }

    fn save(&self, dir: &Path) -> Result<(), RecordError> {
        save_module(&self.autoencoder, dir, "autoencoder")?;
        save_module(&self.discriminator, dir, "discriminator")?;
        save_optimiser(&self.reconstruction, dir, "reconstruction_optimiser")?;
        save_optimiser(&self.telling, dir, "discriminator_optimiser")?;
        save_optimiser(&self.fooling, dir, "encoder_optimiser")
    }

    fn load(&mut self, dir: &Path) -> Result<(), RecordError> {
        self.autoencoder = load_module(self.autoencoder.clone(), dir, "autoencoder")?;
        self.discriminator = load_module(self.discriminator.clone(), dir, "discriminator")?;
        self.reconstruction = load_optimiser(self.reconstruction.clone(), dir, "reconstruction_optimiser")?;
        self.telling = load_optimiser(self.telling.clone(), dir, "discriminator_optimiser")?;
        self.fooling = load_optimiser(self.fooling.clone(), dir, "encoder_optimiser")?;
        Ok(())
    }
}
