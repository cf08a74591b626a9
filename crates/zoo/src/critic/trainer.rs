//! Trainer that fits the generator first and then trains the discriminator alone.

use std::path::Path;

use ::nn::Optimiser;
use ::nn::upload;
use burn::module::Module;
use burn::prelude::*;
use data::{DataShape, Noise};
use engine::{Batch, GenerativeModel, LossGradient, Part, RecordError, Scalars, Step, Trainer, descend};

use super::CriticConfig;
use super::model::{Network, TrainedCritic, sampler};
use crate::gan::Objective;

pub(super) struct CriticTrainer {
    config: CriticConfig,
    generator: Box<dyn Trainer>,
    /// Fixed generator, once it is fitted.
    fixed: Option<Box<dyn GenerativeModel>>,
    network: Network,
    optimiser: Optimiser,
}

impl CriticTrainer {
    pub(super) fn new(
        config: &CriticConfig,
        generator: Box<dyn Trainer>,
        data: &DataShape,
        noise: &mut Noise,
        device: &Device,
    ) -> Self {
        let optimiser = ::nn::adam(0.9);
        let network = Network::new(config, data, noise, device);
        Self { config: config.clone(), generator, fixed: None, network, optimiser }
    }
}

/// Loss of the discriminator against samples of the fixed generator.
fn discriminator_loss(network: &Network, fixed: &dyn GenerativeModel, batch: &Batch, at: &Step) -> Tensor<1> {
    let fake = sampler(fixed).sample(batch.len(), &mut at.noise("critic/samples"));
    let fake = network.forward(upload(&fake, &batch.images.device()));
    Objective::Minimax.discriminator(network.forward(batch.images.clone()), fake)
}

impl Trainer for CriticTrainer {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        if self.config.generator.is_fitted() && at.index < self.config.generator_steps {
            let scalars = self.generator.step(batch, at).0;
            return Scalars(scalars.into_iter().take(1).map(|(_, value)| ("loss_generator", value)).collect());
        }
        let fixed = self.fixed.get_or_insert_with(|| self.generator.snapshot());
        let loss = discriminator_loss(&self.network, &**fixed, batch, at);
        let lr = self.config.lr * at.lr_factor;
        self.network = descend(&mut self.optimiser, lr, self.network.clone(), loss.clone());
        Scalars(vec![("loss_discriminator", loss.detach())])
    }

    fn gradients(&self, batch: &Batch, at: &Step) -> Vec<LossGradient> {
        let mut gradients = self.generator.gradients(batch, at);
        let loss = discriminator_loss(&self.network, &*self.generator.snapshot(), batch, at);
        gradients.push(LossGradient::of("loss_discriminator", &self.network, loss));
        gradients
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(TrainedCritic { network: self.network.valid(), generator: self.generator.snapshot() })
    }

    fn parts(&mut self) -> Vec<Part<'_>> {
        vec![
            Part::own("generator", &mut *self.generator as &mut dyn Trainer),
            Part::module("discriminator", &mut self.network),
            Part::optimiser("optimiser", &mut self.optimiser),
        ]
    }

    fn load(&mut self, dir: &Path) -> Result<(), RecordError> {
        self.fixed = None;
        engine::load_parts(self.parts(), dir)
    }
}
