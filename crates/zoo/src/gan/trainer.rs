//! D and G in turn.

use std::path::Path;

use burn::module::{Module, ModuleMapper, Param};
use burn::optim::ModuleOptimizer;
use burn::prelude::*;
use engine::{
    Batch, GenerativeModel, RecordError, Scalars, Step, Trainer, descend, load_module, load_optimiser, save_module,
    save_optimiser,
};

use super::GanConfig;
use super::networks::{Discriminator, Generator};
use super::objective::Objective;

/// What D minimises.
pub(crate) fn discriminator_loss(
    generator: &Generator,
    discriminator: &Discriminator,
    objective: Objective,
    batch: &Batch,
    at: &Step,
) -> Tensor<1> {
    let mut dropped = at.noise("gan/dropout/discriminator");
    let z = generator.latents(batch.len(), &mut at.noise("gan/discriminator"), &batch.images.device());
    let fake = generator.forward(z).detach();
    let real_score = discriminator.forward(batch.images.clone(), &mut dropped);
    let fake_score = discriminator.forward(fake, &mut dropped);
    objective.discriminator(real_score, fake_score)
}

/// What G minimises.
pub(crate) fn generator_loss(
    generator: &Generator,
    discriminator: &Discriminator,
    objective: Objective,
    images: usize,
    at: &Step,
) -> Tensor<1> {
    let z = generator.latents(images, &mut at.noise("gan/generator"), &generator.training_device());
    let score = discriminator.forward(generator.forward(z), &mut at.noise("gan/dropout/generator"));
    objective.generator(score)
}

/// Every weight into [-clip, clip].
struct Clip(f64);

impl ModuleMapper for Clip {
    fn map_float<const D: usize>(&mut self, parameter: Param<Tensor<D>>) -> Param<Tensor<D>> {
        parameter.map(|weight| Tensor::from_inner(weight.inner().clamp(-self.0, self.0)).require_grad())
    }
}

/// One trial's state.
pub(super) struct GanTrainer {
    pub(super) config: GanConfig,
    pub(super) generator: Generator,
    pub(super) discriminator: Discriminator,
    pub(super) generator_optimiser: ModuleOptimizer,
    pub(super) discriminator_optimiser: ModuleOptimizer,
}

impl Trainer for GanTrainer {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let GanConfig { objective, critic_steps, clip, .. } = self.config;
        let loss_d = discriminator_loss(&self.generator, &self.discriminator, objective, batch, at);
        let lr = self.config.lr_discriminator * at.lr_factor;
        let discriminator =
            descend(&mut self.discriminator_optimiser, lr, self.discriminator.clone(), loss_d.clone()).iterated();
        self.discriminator = match objective {
            Objective::Wgan => discriminator.map(&mut Clip(clip)),
            _ => discriminator,
        };
        let mut scalars = vec![("loss_discriminator", loss_d.detach())];
        if (at.index + 1).is_multiple_of(critic_steps as u64) {
            // `no_grad` rather than `freeze`, which would also change D's mode.
            let critic = self.discriminator.clone().no_grad();
            let loss_g = generator_loss(&self.generator, &critic, objective, batch.len(), at);
            let lr = self.config.lr_generator * at.lr_factor;
            self.generator = descend(&mut self.generator_optimiser, lr, self.generator.clone(), loss_g.clone());
            scalars.push(("loss_generator", loss_g.detach()));
        }
        Scalars(scalars)
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
