//! Capabilities of a trained RNADE: density and conditionals of real values, a bound for grey levels, samples of both.

use data::{Noise, Split};
use engine::{
    Autoregressive, Conditionals, DensityBound, Elbo, ExplicitDensity, GenerativeModel, Sampler, log_sum_exp,
};
use nn::ordering::positions;
use nn::to_host;
use protocol::Support;

use super::{IMAGES, Rnade};

impl GenerativeModel for Rnade {
    fn parameters(&self) -> u64 {
        nn::parameter_count(self)
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }

    fn density(&self) -> Option<&dyn ExplicitDensity> {
        self.levels.is_none().then_some(self)
    }

    fn autoregressive(&self) -> Option<&dyn Autoregressive> {
        self.levels.is_none().then_some(self)
    }

    fn bound(&self) -> Option<&dyn DensityBound> {
        self.levels.is_some().then_some(self)
    }
}

impl ExplicitDensity for Rnade {
    fn support(&self) -> Support {
        Support::Real
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        let all: Vec<usize> = (0..images.len()).collect();
        let of_chunk = |chunk: &[usize]| {
            let images = images.select(chunk);
            self.conditionals(&images).log_density(&images)
        };
        all.chunks(IMAGES).flat_map(of_chunk).collect()
    }
}

impl Autoregressive for Rnade {
    fn ordering(&self) -> Vec<usize> {
        self.ordering.clone()
    }

    fn conditionals(&self, images: &Split) -> Conditionals {
        let y = self.upload(self.in_order(images), &self.input.val().device());
        let [_, _, width] = self.output.dims();
        let by_position = to_host(self.numbers(&y));
        let (count, positions) = (images.len(), positions(&self.ordering));
        let numbers = (0..count)
            .flat_map(|image| positions.iter().map(move |position| (position * count + image) * width))
            .flat_map(|first| by_position[first..first + width].iter().copied())
            .collect();
        Conditionals { family: self.family(), numbers, pixels: self.ordering.len() }
    }

    /// Takes O(n h K) operations per image.
    fn sample_from(&self, uniforms: &[f32]) -> Split {
        let pixels = self.ordering.len();
        let [_, hidden, width] = self.output.dims();
        let (input, start) = (to_host(self.input.val()), to_host(self.input_bias.val()));
        let (output, bias) = (to_host(self.output.val()), to_host(self.output_bias.val()));
        let rescale = to_host(self.rescale.val());
        let mut images = vec![0.0; uniforms.len()];
        for (image, draws) in images.chunks_exact_mut(pixels).zip(uniforms.chunks_exact(pixels)) {
            let mut before = start.clone();
            for (position, (&pixel, uniform)) in self.ordering.iter().zip(draws).enumerate() {
                let mut numbers = bias[position * width..(position + 1) * width].to_vec();
                for (unit, before) in before.iter().enumerate() {
                    let state = (before * rescale[position]).max(0.0);
                    let row = &output[(position * hidden + unit) * width..][..width];
                    numbers.iter_mut().zip(row).for_each(|(number, weight)| *number += state * weight);
                }
                let value = self.family().draw(&numbers, *uniform);
                image[pixel] = value;
                let row = &input[position * hidden..(position + 1) * hidden];
                before.iter_mut().zip(row).for_each(|(before, weight)| *before += value * weight);
            }
        }
        Split::new(images, pixels)
    }
}

impl Sampler for Rnade {
    fn support(&self) -> Support {
        self.levels.map_or(Support::Real, Support::Levels)
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let mut images = self.sample_from(&noise.uniforms(count * self.ordering.len()));
        if let Some(levels) = self.levels {
            let last = f32::from(levels - 1);
            let level = |y: f32| (y * f32::from(levels)).floor().clamp(0.0, last) / last;
            images.pixels.iter_mut().for_each(|pixel| *pixel = level(*pixel));
        }
        images
    }
}

impl DensityBound for Rnade {
    fn support(&self) -> Support {
        Sampler::support(self)
    }

    /// Returns a KL of 0: the distribution of the noise is fixed, so that the whole bound is reconstruction.
    fn elbo(&self, images: &Split, noise: &mut Noise) -> Vec<Elbo> {
        self.bound(images, noise).into_iter().map(|nats| Elbo { reconstruction: nats, kl: 0.0 }).collect()
    }

    fn iwae(&self, images: &Split, k: usize, noise: &mut Noise) -> Vec<f64> {
        let draws: Vec<Vec<f64>> = (0..k).map(|_| self.bound(images, noise)).collect();
        let mean = |image: usize| log_sum_exp(draws.iter().map(|nats| nats[image])) - (k as f64).ln();
        (0..images.len()).map(mean).collect()
    }

    fn is_tight(&self) -> bool {
        false
    }
}
