//! Trainer that alternates discriminator and generator steps.

use ::nn::Optimiser;
use burn::module::{ModuleMapper, Param};
use burn::prelude::*;
use engine::{Batch, GenerativeModel, LossGradient, Part, Scalars, Step, Trainer, descend};

use super::game::Game;
use super::generated::Generated;
use super::objective::Objective;
use super::pair::{Discriminate, Generate};

/// Loss of the discriminator.
pub(crate) fn discriminator_loss(
    generator: &impl Generate,
    discriminator: &impl Discriminate,
    objective: Objective,
    batch: &Batch,
    at: &Step,
) -> Tensor<1> {
    let mut dropped = at.noise("gan/dropout/discriminator");
    let z = generator.latents(batch.len(), &mut at.noise("gan/discriminator"), &batch.images.device());
    // `no_grad` instead of `valid`, which would also change the mode of G.
    let fake = generator.clone().no_grad().forward(z);
    let real_score = discriminator.forward(batch.images.clone(), &mut dropped);
    let fake_score = discriminator.forward(fake, &mut dropped);
    objective.discriminator(real_score, fake_score)
}

/// Loss of the generator.
pub(crate) fn generator_loss(
    generator: &impl Generate,
    discriminator: &impl Discriminate,
    objective: Objective,
    images: usize,
    at: &Step,
) -> Tensor<1> {
    let z = generator.latents(images, &mut at.noise("gan/generator"), &generator.device());
    let score = discriminator.forward(generator.forward(z), &mut at.noise("gan/dropout/generator"));
    objective.generator(score)
}

/// Mapper that clips every weight to [-clip, clip].
struct Clip(f64);

impl ModuleMapper for Clip {
    fn map_float<const D: usize>(&mut self, parameter: Param<Tensor<D>>) -> Param<Tensor<D>> {
        parameter.map(|weight| Tensor::from_inner(weight.inner().clamp(-self.0, self.0)).require_grad())
    }
}

/// Networks and optimisers of an adversarial pair.
pub(crate) struct GanTrainer<G, D> {
    game: Game,
    generator: G,
    discriminator: D,
    generator_optimiser: Optimiser,
    discriminator_optimiser: Optimiser,
}

impl<G, D> GanTrainer<G, D> {
    pub(crate) fn new(game: Game, generator: G, discriminator: D) -> Self {
        let [generator_optimiser, discriminator_optimiser] = [::nn::adam(0.5), ::nn::adam(0.5)];
        Self { game, generator, discriminator, generator_optimiser, discriminator_optimiser }
    }
}

impl<G: Generate + 'static, D: Discriminate + 'static> Trainer for GanTrainer<G, D> {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let Game { objective, critic_steps, clip, .. } = self.game;
        let loss_d = discriminator_loss(&self.generator, &self.discriminator, objective, batch, at);
        let lr = self.game.lr_discriminator * at.lr_factor;
        let discriminator =
            descend(&mut self.discriminator_optimiser, lr, self.discriminator.clone(), loss_d.clone()).iterated();
        self.discriminator = match objective {
            Objective::Wgan => discriminator.map(&mut Clip(clip)),
            _ => discriminator,
        };
        let mut scalars = vec![("loss_discriminator", loss_d.detach())];
        if (at.index + 1).is_multiple_of(critic_steps as u64) {
            // `no_grad` instead of `freeze`, which would also change the mode of D.
            let critic = self.discriminator.clone().no_grad();
            let loss_g = generator_loss(&self.generator, &critic, objective, batch.len(), at);
            let lr = self.game.lr_generator * at.lr_factor;
            self.generator = descend(&mut self.generator_optimiser, lr, self.generator.clone(), loss_g.clone());
            scalars.push(("loss_generator", loss_g.detach()));
        }
        Scalars(scalars)
    }

    fn gradients(&self, batch: &Batch, at: &Step) -> Vec<LossGradient> {
        let (generator, objective) = (&self.generator, self.game.objective);
        let loss_d = discriminator_loss(generator, &self.discriminator, objective, batch, at);
        let loss_g = generator_loss(generator, &self.discriminator.clone().no_grad(), objective, batch.len(), at);
        vec![
            LossGradient::of("loss_discriminator", &self.discriminator, loss_d),
            LossGradient::of("loss_generator", generator, loss_g),
        ]
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(Generated(self.generator.valid()))
    }

    fn parts(&mut self) -> Vec<Part<'_>> {
        vec![
            Part::module("generator", &mut self.generator),
            Part::module("discriminator", &mut self.discriminator),
            Part::optimiser("generator_optimiser", &mut self.generator_optimiser),
            Part::optimiser("discriminator_optimiser", &mut self.discriminator_optimiser),
        ]
    }
}
