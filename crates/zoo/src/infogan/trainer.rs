//! Trainer that alternates a step of D and Q with a step of G.

use ::nn::Optimiser;
use burn::module::Module;
use burn::prelude::*;
use data::{DataShape, Noise};
use engine::{Batch, Codes, GenerativeModel, LossGradient, Part, Scalars, Step, Trainer, descend};

use super::config::InfoGanConfig;
use super::model::InfoGan;
use super::networks::{Generator, Observer};
use crate::gan::Objective;

/// Adversarial objective of D and G.
const GAME: Objective = Objective::NonSaturating;

/// Loss of D and Q: the adversarial loss plus -L_I without the constant entropy of the code. Also returns the parts of
/// the latter.
pub(crate) fn observer_loss(
    config: &InfoGanConfig,
    generator: &Generator,
    observer: &Observer,
    batch: &Batch,
    at: &Step,
) -> (Tensor<1>, Vec<(&'static str, Tensor<1>)>) {
    let device = batch.images.device();
    let codes = generator.code().draw(batch.len(), &mut at.noise("infogan/codes/observer"));
    let fake = generator.forward(&codes, &mut at.noise("infogan/noise/observer"), &device).detach();
    let mut drops = at.noise("infogan/dropout/observer");
    let real = observer.features(batch.images.clone(), Some(&mut drops));
    let fake = observer.features(fake, Some(&mut drops));
    let game = GAME.discriminator(observer.score(real), observer.score(fake.clone()));
    with_information(config, game, generator, observer, fake, &codes)
}

/// Loss of G, with the parts of -L_I.
pub(crate) fn generator_loss(
    config: &InfoGanConfig,
    generator: &Generator,
    observer: &Observer,
    batch: &Batch,
    at: &Step,
) -> (Tensor<1>, Vec<(&'static str, Tensor<1>)>) {
    let codes = generator.code().draw(batch.len(), &mut at.noise("infogan/codes/generator"));
    let fake = generator.forward(&codes, &mut at.noise("infogan/noise/generator"), &batch.images.device());
    let fake = observer.features(fake, Some(&mut at.noise("infogan/dropout/generator")));
    let game = GAME.generator(observer.score(fake.clone()));
    with_information(config, game, generator, observer, fake, &codes)
}

fn with_information(
    config: &InfoGanConfig,
    game: Tensor<1>,
    generator: &Generator,
    observer: &Observer,
    features: Tensor<2>,
    codes: &Codes,
) -> (Tensor<1>, Vec<(&'static str, Tensor<1>)>) {
    let device = features.device();
    let [of_categories, of_numbers] = observer.read(features).surprise(generator, codes, &device);
    let parts = [
        ("surprise_category", config.information, of_categories),
        ("surprise_continuous", config.information_continuous, of_numbers),
    ];
    let there = parts.into_iter().filter_map(|(name, weight, part)| Some((name, weight, part?)));
    let (mut loss, mut scalars) = (game, Vec::new());
    for (name, weight, part) in there {
        scalars.push((name, part.clone().detach()));
        loss = loss + part * weight;
    }
    (loss, scalars)
}

pub(super) struct InfoGanTrainer {
    config: InfoGanConfig,
    images_at_once: usize,
    generator: Generator,
    observer: Observer,
    generator_optimiser: Optimiser,
    observer_optimiser: Optimiser,
}

impl InfoGanTrainer {
    pub(super) fn new(config: &InfoGanConfig, data: &DataShape, seed: u64, device: &Device) -> Self {
        let mut noise = Noise::new(seed, "infogan/weights", 0);
        Self {
            config: config.clone(),
            images_at_once: config.images_at_once(data),
            generator: Generator::new(config, data, &mut noise, device),
            observer: Observer::new(config, data, &mut noise, device),
            generator_optimiser: ::nn::adam(0.5),
            observer_optimiser: ::nn::adam(0.5),
        }
    }
}

impl Trainer for InfoGanTrainer {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let (loss_d, mut scalars) = observer_loss(&self.config, &self.generator, &self.observer, batch, at);
        let lr = self.config.lr_discriminator * at.lr_factor;
        self.observer = descend(&mut self.observer_optimiser, lr, self.observer.clone(), loss_d.clone());
        // `no_grad` instead of `freeze`, which would also change the mode.
        let observer = self.observer.clone().no_grad();
        let (loss_g, _) = generator_loss(&self.config, &self.generator, &observer, batch, at);
        let lr = self.config.lr_generator * at.lr_factor;
        self.generator = descend(&mut self.generator_optimiser, lr, self.generator.clone(), loss_g.clone());
        scalars.extend([("loss_discriminator", loss_d.detach()), ("loss_generator", loss_g.detach())]);
        Scalars(scalars)
    }

    fn gradients(&self, batch: &Batch, at: &Step) -> Vec<LossGradient> {
        let critic = self.observer.clone().no_grad();
        let (loss_d, _) = observer_loss(&self.config, &self.generator, &self.observer, batch, at);
        let (loss_g, _) = generator_loss(&self.config, &self.generator, &critic, batch, at);
        vec![
            LossGradient::of("loss_discriminator", &self.observer, loss_d),
            LossGradient::of("loss_generator", &self.generator, loss_g),
        ]
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        let (generator, observer) = (self.generator.valid(), self.observer.valid());
        Box::new(InfoGan { generator, observer, images_at_once: self.images_at_once })
    }

    fn parts(&mut self) -> Vec<Part<'_>> {
        vec![
            Part::module("generator", &mut self.generator),
            Part::module("discriminator", &mut self.observer),
            Part::optimiser("generator_optimiser", &mut self.generator_optimiser),
            Part::optimiser("discriminator_optimiser", &mut self.observer_optimiser),
        ]
    }
}
