//! Trainer that alternates a step of the discriminator with a step of the generator.

use ::nn::Optimiser;
use ::nn::average;
use ::nn::dropout::dropped;
use burn::module::Module;
use burn::prelude::*;
use burn::tensor::activation::{sigmoid, softplus};
use data::{DataShape, Noise, Parts};
use engine::{Batch, GenerativeModel, LossGradient, Part, Scalars, Step, Trainer, descend};

use super::PuzzleGanConfig;
use super::networks::{Discriminator, Generator, Whole, upload_parts};

pub(super) struct PuzzleGan {
    config: PuzzleGanConfig,
    channels: usize,
    generator: Generator,
    /// Moving average of the generator over steps, the model that is measured.
    average: Generator,
    discriminator: Discriminator,
    generator_optimiser: Optimiser,
    discriminator_optimiser: Optimiser,
}

fn parts(batch: &Batch) -> &Parts {
    batch.host.parts.as_ref().expect("`check` requires parts")
}

/// Masks of the parts of each image, `[batch, positions]`.
fn masks(batch: &Batch) -> Tensor<2> {
    let (masks, count) = (parts(batch).masks.clone(), batch.len());
    let positions = masks.len() / count;
    Tensor::from_data(TensorData::new(masks, [count, positions]), &batch.images.device())
}

/// Returns the successor of every image in the batch.
fn shifted(images: Tensor<2>) -> Tensor<2> {
    let [batch, _] = images.dims();
    Tensor::cat(vec![images.clone().narrow(0, 1, batch - 1), images.narrow(0, 0, 1)], 0)
}

/// Repeats the mask for each channel.
fn for_channels(mask: &Tensor<2>, channels: usize) -> Tensor<2> {
    Tensor::cat(vec![mask.clone(); channels], 1)
}

/// Returns `inside` where the mask is 1, else `outside`, `[batch, pixels]`.
fn composed(mask: &Tensor<2>, inside: &Tensor<2>, outside: &Tensor<2>) -> Tensor<2> {
    mask.clone() * inside.clone() + (mask.clone().neg() + 1.0) * outside.clone()
}

/// Mean over all positions of the squared error where the mask is 0.
fn error_outside(mask: &Tensor<2>, drawn: Tensor<2>, truth: Tensor<2>) -> Tensor<1> {
    ((drawn - truth) * (mask.clone().neg() + 1.0)).square().mean()
}

impl PuzzleGan {
    pub(super) fn new(config: PuzzleGanConfig, data: &DataShape, seed: u64, device: &Device) -> Self {
        let mut noise = Noise::new(seed, "puzzle_gan/weights", 0);
        let adam = || ::nn::adam(0.5);
        let generator = Generator::new(&config, data, &mut noise, device);
        Self {
            channels: data.channels,
            average: generator.valid(),
            generator,
            discriminator: Discriminator::new(&config, data, &mut noise, device),
            generator_optimiser: adam(),
            discriminator_optimiser: adam(),
            config,
        }
    }

    /// Output of the generator for the parts of a batch.
    fn draw(&self, batch: &Batch, at: &Step, purpose: &str) -> Whole {
        let (device, mut noise) = (batch.images.device(), at.noise(purpose));
        let z = self.generator.latents(batch.len(), &mut noise, &device);
        let code = self.generator.embed(upload_parts(parts(batch), &device));
        self.generator.forward(dropped(code, self.config.dropout, &mut noise), z)
    }

    /// Loss of real images against generated images, real backgrounds with the parts of another image, and the
    /// background of another image with real parts.
    fn discriminator_loss(&self, batch: &Batch, at: &Step) -> Tensor<1> {
        let (d, image, mask) = (&self.discriminator, batch.images.clone(), masks(batch));
        let fake = self.draw(batch, at, "puzzle_gan/discriminator");
        let real = d.forward(image.clone(), mask.clone());
        let generated = d.forward(fake.image.detach(), sigmoid(fake.mask).detach());
        if batch.len() < 2 {
            return self.config.objective.discriminator(real, generated);
        }
        let (other, everywhere) = (shifted(image.clone()), for_channels(&mask, self.channels));
        let wrong_parts = d.forward(composed(&everywhere, &other, &image), mask.clone());
        let wrong_ground = d.forward(composed(&everywhere, &image, &other), mask);
        // The three kinds of negatives together have the weight of the positives.
        self.config.objective.discriminator(real, Tensor::cat(vec![generated, wrong_parts, wrong_ground], 0))
    }

    /// Adversarial loss, and losses on the masks, inside the masks and outside of them, without their weights.
    fn generator_losses(&self, batch: &Batch, at: &Step) -> [Tensor<1>; 4] {
        let (critic, mask) = (self.discriminator.clone().no_grad(), masks(batch));
        let Whole { mask: odds, image } = self.draw(batch, at, "puzzle_gan/generator");
        let drawn = sigmoid(odds.clone());
        let adversarial = self.config.objective.generator(critic.forward(image.clone(), drawn.clone()));
        let spatial = (softplus(odds.clone(), 1.0) - mask.clone() * odds).mean();
        let [drawn, mask] = [drawn, mask].map(|mask| for_channels(&mask, self.channels));
        let appearance = (image.clone() * drawn - batch.images.clone() * mask.clone()).abs().mean();
        let outside = error_outside(&mask, image, batch.images.clone());
        [adversarial, spatial, appearance, outside]
    }

    /// Weighted sum of the losses of the generator.
    fn weighted(&self, [adversarial, spatial, appearance, outside]: [Tensor<1>; 4], at: &Step) -> Tensor<1> {
        let left = self.remaining_weight(at.index);
        let inside = spatial * (self.config.mask * left) + appearance * (self.config.appearance * left);
        adversarial + inside + outside * self.config.outside
    }

    /// Remaining fraction of the weights of the losses on masks and parts.
    fn remaining_weight(&self, step: u64) -> f64 {
        self.config.fall_to.powf((step as f64 / self.config.fall_steps as f64).min(1.0))
    }
}

impl Trainer for PuzzleGan {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let loss_d = self.discriminator_loss(batch, at);
        let lr = self.config.lr_discriminator * at.lr_factor;
        let discriminator = descend(&mut self.discriminator_optimiser, lr, self.discriminator.clone(), loss_d.clone());
        self.discriminator = discriminator.iterated();

        let losses = self.generator_losses(batch, at);
        let loss_g = self.weighted(losses.clone(), at);
        let lr = self.config.lr_generator * at.lr_factor;
        self.generator = descend(&mut self.generator_optimiser, lr, self.generator.clone(), loss_g);
        self.average =
            average::after_step(self.average.clone(), &self.generator.valid(), self.config.average, at.index);
        let [adversarial, spatial, appearance, outside] = losses;
        let losses = [
            ("loss_discriminator", loss_d),
            ("loss_adversarial", adversarial),
            ("loss_mask", spatial),
            ("loss_appearance", appearance),
            ("loss_outside", outside),
        ];
        Scalars(losses.into_iter().map(|(name, value)| (name, value.detach())).collect())
    }

    fn gradients(&self, batch: &Batch, at: &Step) -> Vec<LossGradient> {
        let loss_d = self.discriminator_loss(batch, at);
        let loss_g = self.weighted(self.generator_losses(batch, at), at);
        vec![
            LossGradient::of("loss_discriminator", &self.discriminator, loss_d),
            LossGradient::of("loss_generator", &self.generator, loss_g),
        ]
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        // A clone would share the running statistics, which later steps change.
        Box::new(self.average.valid())
    }

    fn parts(&mut self) -> Vec<Part<'_>> {
        vec![
            Part::module("generator", &mut self.generator),
            Part::module("average", &mut self.average),
            Part::module("discriminator", &mut self.discriminator),
            Part::optimiser("generator_optimiser", &mut self.generator_optimiser),
            Part::optimiser("discriminator_optimiser", &mut self.discriminator_optimiser),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negatives_are_composed_of_two_images() {
        let device = Device::flex();
        let of = |values: [f32; 4]| Tensor::<1>::from_floats(values, &device).reshape([2, 2]);
        let (image, mask) = (of([0.1, 0.2, 0.3, 0.4]), of([1.0, 0.0, 0.0, 1.0]));
        let numbers = |x: Tensor<2>| x.into_data().iter::<f32>().collect::<Vec<_>>();
        let other = shifted(image.clone());
        assert_eq!(numbers(other.clone()), [0.3, 0.4, 0.1, 0.2]);
        assert_eq!(numbers(composed(&mask, &other, &image)), [0.3, 0.2, 0.3, 0.2]);
        assert_eq!(numbers(composed(&mask, &image, &other)), [0.1, 0.4, 0.1, 0.4]);
    }
    #[test]
    fn the_error_outside_ignores_the_parts() {
        let device = Device::flex();
        let of = |values: [f32; 4]| Tensor::<1>::from_floats(values, &device).reshape([2, 2]);
        let (mask, truth) = (of([1.0, 0.0, 0.0, 1.0]), of([0.0, 0.5, 1.0, 1.0]));
        let error = |drawn| error_outside(&mask, of(drawn), truth.clone()).into_scalar::<f32>();
        assert_eq!(error([0.7, 0.5, 1.0, 0.2]), 0.0);
        assert_eq!(error([0.0, 0.0, 0.5, 1.0]), 2.0 * 0.25 / 4.0);
    }
}
