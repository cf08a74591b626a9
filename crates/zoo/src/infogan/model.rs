//! Capabilities of a trained InfoGAN.

use ::nn::upload;
use burn::prelude::*;
use data::{Noise, Split};
use engine::{CodePosteriors, CodeShape, Coded, Codes, Encoder, Features, GenerativeModel, Pushforward, Sampler};
use protocol::Support;

use super::networks::{Generator, Observer};
use crate::pushforward::Pushed;

pub(super) struct InfoGan {
    pub(super) generator: Generator,
    pub(super) observer: Observer,
    pub(super) images_at_once: usize,
}

impl InfoGan {
    /// Applies `f` to the features of images, one chunk at a time.
    fn in_chunks<T>(&self, images: &Split, f: impl Fn(Tensor<2>) -> T) -> Vec<T> {
        let all: Vec<usize> = (0..images.len()).collect();
        let apply = |chunk: &[usize]| {
            let x = upload(&images.select(chunk), &self.observer.device);
            f(self.observer.features(x, None))
        };
        all.chunks(self.images_at_once).map(apply).collect()
    }
}

impl GenerativeModel for InfoGan {
    /// Number of parameters of G and of the network that reads the code, including the last layer of D.
    fn parameters(&self) -> u64 {
        ::nn::parameter_count(&self.generator) + ::nn::parameter_count(&self.observer)
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }

    fn encoder(&self) -> Option<&dyn Encoder> {
        Some(self)
    }

    fn coded(&self) -> Option<&dyn Coded> {
        Some(self)
    }

    fn pushforward(&self) -> Option<Box<dyn Pushforward + '_>> {
        Pushed::boxed(&self.generator)
    }
}

impl Sampler for InfoGan {
    /// Continuous for all data: the images are scored as the generator returns them.
    fn support(&self) -> Support {
        Support::Continuous
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let codes = self.generator.code().draw(count, noise);
        self.draw_by(&codes, noise)
    }
}

/// Features are the last layer that D and Q share.
impl Encoder for InfoGan {
    fn encode(&self, images: &Split) -> Features {
        let parts = self.in_chunks(images, Features::from);
        joined(parts.into_iter())
    }
}

impl Coded for InfoGan {
    fn shape(&self) -> CodeShape {
        self.generator.code()
    }

    fn draw_by(&self, codes: &Codes, noise: &mut Noise) -> Split {
        let (mut drawn, count) = (Split::default(), codes.categories.len());
        for first in (0..count).step_by(self.images_at_once) {
            let chunk = codes.part(first..(first + self.images_at_once).min(count));
            let images = self.generator.forward(&chunk, noise, &self.observer.device);
            let [_, image_len] = images.dims();
            drawn.image_len = image_len;
            drawn.pixels.extend(::nn::to_host(images));
        }
        drawn
    }

    fn read(&self, images: &Split) -> CodePosteriors {
        let parts = self.in_chunks(images, |features| {
            let reading = self.observer.read(features);
            let [means, log_variances] = reading.continuous.map_or([None, None], |both| both.map(Some));
            [reading.log_categories, means, log_variances]
                .map(|part| part.map_or_else(Features::default, Features::from))
        });
        let part = |index: usize| joined(parts.iter().map(|part| part[index].clone()));
        CodePosteriors { log_categories: part(0), means: part(1), log_variances: part(2) }
    }
}

/// Concatenates the features of several chunks of images.
fn joined(parts: impl Iterator<Item = Features>) -> Features {
    parts.fold(Features::default(), |mut all, part| {
        all.width = part.width;
        all.values.extend(part.values);
        all
    })
}
