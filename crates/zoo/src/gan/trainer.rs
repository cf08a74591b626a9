//! Trainer whose step is some discriminator steps and one generator step.

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
    images: Tensor<2>,
    at: &Step,
) -> Tensor<1> {
    let mut dropped = at.noise("gan/dropout/discriminator");
    let z = generator.latents(images.dims()[0], &mut at.noise("gan/discriminator"), &images.device());
    // `no_grad` instead of `valid`, which would also change the mode of G.
    let fake = generator.clone().no_grad().forward(z);
    let real_score = discriminator.forward(images, &mut dropped);
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

impl<G: Generate, D: Discriminate> GanTrainer<G, D> {
    /// Takes a step of the discriminator on a batch of images and returns its loss.
    fn discriminator_step(&mut self, images: Tensor<2>, at: &Step) -> Tensor<1> {
        let Game { objective, clip, .. } = self.game;
        let loss = discriminator_loss(&self.generator, &self.discriminator, objective, images, at);
        let lr = self.game.lr_discriminator * at.lr_factor;
        let discriminator =
            descend(&mut self.discriminator_optimiser, lr, self.discriminator.clone(), loss.clone()).iterated();
        self.discriminator = match objective {
            Objective::Wgan => discriminator.map(&mut Clip(clip)),
            _ => discriminator,
        };
        loss.detach()
    }

    /// Takes a step of the generator with as many images as a batch and returns its loss.
    fn generator_step(&mut self, images: usize, at: &Step) -> Tensor<1> {
        // `no_grad` instead of `freeze`, which would also change the mode of D.
        let critic = self.discriminator.clone().no_grad();
        let loss = generator_loss(&self.generator, &critic, self.game.objective, images, at);
        let lr = self.game.lr_generator * at.lr_factor;
        self.generator = descend(&mut self.generator_optimiser, lr, self.generator.clone(), loss.clone());
        loss.detach()
    }
}

/// Equal parts of the images of a step, one batch for each of `count` discriminator steps.
fn batches(images: &Tensor<2>, count: usize) -> Vec<Tensor<2>> {
    let size = images.dims()[0].div_ceil(count);
    images.clone().split(size, 0)
}

impl<G: Generate + 'static, D: Discriminate + 'static> Trainer for GanTrainer<G, D> {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let batches = batches(&batch.images, self.game.critic_steps);
        let (count, size) = (batches.len() as u64, batches[0].dims()[0]);
        // The streams of steps with one batch each.
        let of_batch = |batch: u64| Step { index: at.index * count + batch, ..*at };
        let of_d = batches.into_iter().enumerate();
        let of_d: Vec<_> =
            of_d.map(|(index, images)| self.discriminator_step(images, &of_batch(index as u64))).collect();
        let loss_g = self.generator_step(size, &of_batch(count - 1));
        Scalars(vec![("loss_discriminator", Tensor::cat(of_d, 0).mean()), ("loss_generator", loss_g)])
    }

    fn gradients(&self, batch: &Batch, at: &Step) -> Vec<LossGradient> {
        let (generator, objective) = (&self.generator, self.game.objective);
        let loss_d = discriminator_loss(generator, &self.discriminator, objective, batch.images.clone(), at);
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

#[cfg(test)]
mod tests {
    use data::{Noise, Split};
    use engine::ModelConfig;

    use super::*;
    use crate::gan::GanConfig;
    use crate::gan::networks::{Discriminator, Generator};

    fn trainer(config: &GanConfig) -> GanTrainer<Generator, Discriminator> {
        let (device, mut noise) = (Device::flex().autodiff(), Noise::new(0, "test/weights", 0));
        let generator = Generator::new(config, 9, &mut noise, &device);
        GanTrainer::new(config.game(), generator, Discriminator::new(config, 9, &mut noise, &device))
    }

    fn pixels(trainer: &GanTrainer<Generator, Discriminator>) -> Vec<f32> {
        let z = trainer.generator.latents(5, &mut Noise::new(1, "test/z", 0), &trainer.generator.device());
        ::nn::to_host(trainer.generator.forward(z))
    }

    #[test]
    fn a_step_has_one_generator_step_after_a_discriminator_step_on_each_batch() {
        let config = GanConfig::tiny().pop().expect("wgan with two critic steps");
        assert_eq!(config.batches_per_step(), 2);
        let device = Device::flex().autodiff();
        let batch = Batch::new(Split::new(Noise::new(2, "test/images", 0).uniforms(8 * 9), 9), &device);
        let at = |index| Step { index, lr_factor: 1.0, seed: 0 };

        let mut whole = trainer(&config);
        let names: Vec<_> = whole.step(&batch, &at(3)).0.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["loss_discriminator", "loss_generator"]);

        let mut parts = trainer(&config);
        let before = pixels(&parts);
        parts.discriminator_step(batch.images.clone().narrow(0, 0, 4), &at(6));
        parts.discriminator_step(batch.images.clone().narrow(0, 4, 4), &at(7));
        assert_eq!(pixels(&parts), before);
        parts.generator_step(4, &at(7));
        assert_eq!(pixels(&whole), pixels(&parts));
        assert_ne!(pixels(&whole), before);
    }

    #[test]
    fn fewer_images_than_critic_steps_are_a_batch_each() {
        let images = Tensor::<2>::zeros([3, 9], &Device::flex());
        let sizes = |count| batches(&images, count).into_iter().map(|batch| batch.dims()[0]).collect::<Vec<_>>();
        assert_eq!((sizes(1), sizes(3), sizes(5)), (vec![3], vec![1, 1, 1], vec![1, 1, 1]));
    }
}
