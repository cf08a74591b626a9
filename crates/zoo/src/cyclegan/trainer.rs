//! Trainer that alternates a step of the generators with a step of the discriminators.

use ::nn::Optimiser;
use ::nn::upload;
use burn::module::Module;
use burn::prelude::*;
use data::{DataShape, Noise};
use engine::{Batch, GenerativeModel, LossGradient, Part, Scalars, Step, Trainer, descend};

use super::CycleGanConfig;
use super::networks::{Discriminators, Generators};
use super::pool::Pool;

pub(super) struct CycleGan {
    config: CycleGanConfig,
    generators: Generators,
    discriminators: Discriminators,
    generators_optimiser: Optimiser,
    discriminators_optimiser: Optimiser,
    /// Earlier translations into domain A, and into domain B.
    pools: [Pool; 2],
}

/// Mean squared distance between scores and `target` (Mao et al., 2017, eq. 2).
fn from_target(scores: Tensor<4>, target: f64) -> Tensor<1> {
    (scores - target).square().mean()
}

fn l1(a: Tensor<2>, b: Tensor<2>) -> Tensor<1> {
    (a - b).abs().mean()
}

/// Translations from the step of the generators, for the step of the discriminators.
struct Translations {
    of_a: Tensor<2>,
    of_b: Tensor<2>,
}

/// Returns the images of both domains on the device.
fn domains(batch: &Batch) -> [Tensor<2>; 2] {
    let a = batch.images.clone();
    let b = upload(batch.host.other.as_ref().expect("`check` requires a second domain"), &a.device());
    [a, b]
}

/// Returns the translations for the discriminators: those of this step, or earlier ones from the pools.
fn exchanged([pool_a, pool_b]: &mut [Pool; 2], fake: Translations, at: &Step) -> Translations {
    let mut noise = at.noise("cyclegan/pool");
    let of_a = pool_a.exchange(fake.of_a, &mut noise);
    Translations { of_a, of_b: pool_b.exchange(fake.of_b, &mut noise) }
}

impl CycleGan {
    pub(super) fn new(config: CycleGanConfig, data: &DataShape, seed: u64, device: &Device) -> Self {
        let mut noise = Noise::new(seed, "cyclegan/weights", 0);
        let adam = || ::nn::adam(0.5);
        Self {
            generators: Generators::new(&config, data, &mut noise, device),
            discriminators: Discriminators::new(&config, data, &mut noise, device),
            generators_optimiser: adam(),
            discriminators_optimiser: adam(),
            pools: [0, 1].map(|_| Pool::new(config.pool, data.pixels(), device)),
            config,
        }
    }

    /// Adversarial, cycle and identity loss of the generators, without their weights.
    fn generator_losses(&self, a: &Tensor<2>, b: &Tensor<2>) -> ([Tensor<1>; 3], Translations) {
        let (forth, back) = (&self.generators.forth, &self.generators.back);
        let critics = self.discriminators.clone().no_grad();
        let count = a.dims()[0];
        // One pass translates a batch and applies the generator to images of its target domain.
        let halves = |both: Tensor<2>| {
            let pixels = both.dims()[1];
            [both.clone().slice([0..count, 0..pixels]), both.slice([count..2 * count, 0..pixels])]
        };
        let [fake_b, same_b] = halves(forth.forward(Tensor::cat(vec![a.clone(), b.clone()], 0)));
        let [fake_a, same_a] = halves(back.forward(Tensor::cat(vec![b.clone(), a.clone()], 0)));
        let adversarial = from_target(critics.of_a.forward(fake_a.clone()), 1.0)
            + from_target(critics.of_b.forward(fake_b.clone()), 1.0);
        let cycle = l1(back.forward(fake_b.clone()), a.clone()) + l1(forth.forward(fake_a.clone()), b.clone());
        let identity = l1(same_a, a.clone()) + l1(same_b, b.clone());
        ([adversarial, cycle, identity], Translations { of_a: fake_a.detach(), of_b: fake_b.detach() })
    }

    /// Weighted sum of the losses of the generators.
    fn weighted(&self, [adversarial, cycle, identity]: [Tensor<1>; 3]) -> Tensor<1> {
        adversarial + cycle * self.config.cycle + identity * self.config.identity
    }

    /// Loss of the discriminators, for translations of this step and of earlier steps.
    fn discriminator_loss(&self, a: Tensor<2>, b: Tensor<2>, fake: Translations) -> Tensor<1> {
        let Translations { of_a: fake_a, of_b: fake_b } = fake;
        let Discriminators { of_a, of_b } = &self.discriminators;
        let of_a = from_target(of_a.forward(a), 1.0) + from_target(of_a.forward(fake_a), 0.0);
        let of_b = from_target(of_b.forward(b), 1.0) + from_target(of_b.forward(fake_b), 0.0);
        // Halved as in the paper, which slows the discriminators down.
        (of_a + of_b) * 0.5
    }
}

impl Trainer for CycleGan {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let [a, b] = domains(batch);
        let (losses, fake) = self.generator_losses(&a, &b);
        let loss_g = self.weighted(losses.clone());
        let lr = self.config.lr_generator * at.lr_factor;
        self.generators = descend(&mut self.generators_optimiser, lr, self.generators.clone(), loss_g);
        let fake = exchanged(&mut self.pools, fake, at);
        let loss_d = self.discriminator_loss(a, b, fake);
        let lr = self.config.lr_discriminator * at.lr_factor;
        self.discriminators =
            descend(&mut self.discriminators_optimiser, lr, self.discriminators.clone(), loss_d.clone());
        let [adversarial, cycle, identity] = losses;
        let losses = [
            ("loss_discriminator", loss_d),
            ("loss_adversarial", adversarial),
            ("loss_cycle", cycle),
            ("loss_identity", identity),
        ];
        Scalars(losses.into_iter().map(|(name, value)| (name, value.detach())).collect())
    }

    fn gradients(&self, batch: &Batch, at: &Step) -> Vec<LossGradient> {
        let [a, b] = domains(batch);
        let (losses, fake) = self.generator_losses(&a, &b);
        let fake = exchanged(&mut self.pools.clone(), fake, at);
        vec![
            LossGradient::of("loss_generators", &self.generators, self.weighted(losses)),
            LossGradient::of("loss_discriminator", &self.discriminators, self.discriminator_loss(a, b, fake)),
        ]
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(self.generators.valid())
    }

    fn parts(&mut self) -> Vec<Part<'_>> {
        let [of_a, of_b] = &mut self.pools;
        vec![
            Part::module("generators", &mut self.generators),
            Part::module("discriminators", &mut self.discriminators),
            Part::optimiser("generators_optimiser", &mut self.generators_optimiser),
            Part::optimiser("discriminators_optimiser", &mut self.discriminators_optimiser),
            Part::own("pool_a", of_a),
            Part::own("pool_b", of_b),
        ]
    }
}
