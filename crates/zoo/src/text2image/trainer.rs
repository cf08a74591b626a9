//! Trainer that alternates a step of the discriminator with a step of the generator.

use ::nn::Optimiser;
use ::nn::average;
use burn::module::Module;
use burn::prelude::*;
use data::{Captions, DataShape, Noise};
use engine::{Batch, GenerativeModel, LossGradient, Part, Scalars, Step, Trainer, descend};

use super::Text2ImageConfig;
use super::networks::{Discriminator, Generator, one_hot};

pub(super) struct Text2Image {
    config: Text2ImageConfig,
    vocabulary: usize,
    generator: Generator,
    /// Moving average of the generator over steps, from which samples are drawn.
    average: Generator,
    discriminator: Discriminator,
    generator_optimiser: Optimiser,
    discriminator_optimiser: Optimiser,
}

fn captions(batch: &Batch) -> &Captions {
    batch.host.captions.as_ref().expect("`check` requires captions")
}

/// Returns for each caption a different caption of the batch, if there is one.
fn mismatched(captions: &Captions) -> Captions {
    let rows: Vec<&[u16]> = captions.rows().collect();
    let other = |own: usize| {
        let after = (1..rows.len()).map(|shift| (own + shift) % rows.len());
        after.into_iter().find(|other| rows[*other] != rows[own]).unwrap_or(own)
    };
    captions.select(&(0..rows.len()).map(other).collect::<Vec<_>>())
}

/// Returns the mean of each code of the first half with one of the second half.
fn halfway(codes: Tensor<2>) -> Tensor<2> {
    let [count, width] = codes.dims();
    let half = count / 2;
    (codes.clone().slice([0..half, 0..width]) + codes.slice([half..2 * half, 0..width])) * 0.5
}

impl Text2Image {
    pub(super) fn new(config: Text2ImageConfig, data: &DataShape, seed: u64, device: &Device) -> Self {
        let mut noise = Noise::new(seed, "text2image/weights", 0);
        let adam = || ::nn::adam(0.5);
        let generator = Generator::new(&config, data, &mut noise, device);
        Self {
            vocabulary: data.captions.map_or(0, |captions| captions.vocabulary),
            average: generator.valid(),
            generator,
            discriminator: Discriminator::new(&config, data, &mut noise, device),
            generator_optimiser: adam(),
            discriminator_optimiser: adam(),
            config,
        }
    }

    /// Loss of right pairs against generated images, and against wrong captions (algorithm 1, lines 6 to 8).
    fn discriminator_loss(&self, batch: &Batch, captions: &Captions, at: &Step) -> Tensor<1> {
        let device = batch.images.device();
        let right = one_hot(captions, self.vocabulary, &device);
        let z = self.generator.latents(batch.len(), &mut at.noise("text2image/discriminator"), &device);
        let generator = self.generator.clone().no_grad();
        let fake = generator.forward(z, generator.encode(right.clone()));
        let (d, objective, weight) = (&self.discriminator, self.config.objective, self.config.mismatch);
        let (features, codes) = (d.features(batch.images.clone()), d.encode(right));
        let real = d.scores(features.clone(), codes.clone());
        let generated = objective.discriminator(real.clone(), d.scores(d.features(fake), codes));
        if weight == 0.0 {
            return generated;
        }
        let wrong = d.encode(one_hot(&mismatched(captions), self.vocabulary, &device));
        objective.discriminator(real, d.scores(features, wrong)) * weight + generated * (1.0 - weight)
    }

    fn generator_loss(&self, captions: &Captions, device: &Device, at: &Step) -> Tensor<1> {
        let critic = self.discriminator.clone().no_grad();
        let words = one_hot(captions, self.vocabulary, device);
        let mut noise = at.noise("text2image/generator");
        let (own, scored) = (self.generator.encode(words.clone()), critic.encode(words));
        let mut loss = |own: Tensor<2>, scored: Tensor<2>| {
            let z = self.generator.latents(own.dims()[0], &mut noise, device);
            self.config.objective.generator(critic.scores(critic.features(self.generator.forward(z, own)), scored))
        };
        let at_captions = loss(own.clone(), scored.clone());
        // Batch normalisation needs more than one image.
        if !self.config.interpolate || captions.rows().len() < 4 {
            return at_captions;
        }
        at_captions + loss(halfway(own), halfway(scored))
    }
}

impl Trainer for Text2Image {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let captions = captions(batch);
        let loss_d = self.discriminator_loss(batch, captions, at);
        let lr = self.config.lr_discriminator * at.lr_factor;
        let discriminator = descend(&mut self.discriminator_optimiser, lr, self.discriminator.clone(), loss_d.clone());
        self.discriminator = discriminator.iterated();
        let loss_g = self.generator_loss(captions, &batch.images.device(), at);
        let lr = self.config.lr_generator * at.lr_factor;
        self.generator = descend(&mut self.generator_optimiser, lr, self.generator.clone(), loss_g.clone());
        self.average =
            average::after_step(self.average.clone(), &self.generator.valid(), self.config.average, at.index);
        Scalars(vec![("loss_discriminator", loss_d.detach()), ("loss_generator", loss_g.detach())])
    }

    fn gradients(&self, batch: &Batch, at: &Step) -> Vec<LossGradient> {
        let captions = captions(batch);
        let loss_d = self.discriminator_loss(batch, captions, at);
        let loss_g = self.generator_loss(captions, &batch.images.device(), at);
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
    fn a_mismatched_caption_differs() {
        let captions = Captions { words: vec![1, 2, 1, 2, 3, 0, 1, 2], caption_len: 2 };
        let wrong = mismatched(&captions);
        assert!(captions.rows().zip(wrong.rows()).all(|(own, other)| own != other));
        let mut before: Vec<_> = wrong.rows().collect();
        before.dedup();
        assert!(before.iter().all(|caption| captions.rows().any(|own| own == *caption)));
        // Equal captions have no mismatch.
        let same = Captions { words: vec![1, 1], caption_len: 1 };
        assert_eq!(mismatched(&same), same);
    }

    #[test]
    fn halfway_is_the_mean_of_two_captions_and_an_odd_one_is_left_out() {
        let device = Device::flex();
        let codes = Tensor::<2>::from_floats([[0.0, 2.0], [4.0, 0.0], [2.0, 2.0], [0.0, 4.0], [9.0, 9.0]], &device);
        let found: Vec<f32> = halfway(codes).into_data().iter::<f32>().collect();
        assert_eq!(found, [1.0, 2.0, 2.0, 2.0]);
    }
}
