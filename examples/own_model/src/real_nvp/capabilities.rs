//! What the flow can be asked: densities of real values, a bound on those of grey levels, samples of both.

use genbench::data::{Noise, Split};
use genbench::engine::{DensityBound, Elbo, ExplicitDensity, GenerativeModel, Sampler, log_sum_exp};
use genbench::nn;
use genbench::protocol::Support;

use super::{CHUNK, RealNvp, levels};

impl GenerativeModel for RealNvp {
    fn parameters(&self) -> u64 {
        nn::parameter_count(self)
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }

    fn density(&self) -> Option<&dyn ExplicitDensity> {
        self.levels.is_none().then_some(self)
    }

    fn bound(&self) -> Option<&dyn DensityBound> {
        self.levels.is_some().then_some(self)
    }
}

impl RealNvp {
    /// log p of images in the order of the flow, in nats.
    fn nats(&self, images: &[f32]) -> Vec<f64> {
        let chunks = images.chunks(CHUNK * self.order.len());
        let nats = |chunk: &[f32]| nn::to_host(self.log_prob(self.upload(chunk.to_vec())));
        chunks.flat_map(nats).map(f64::from).collect()
    }

    /// One draw of the bound on log P of each image of grey levels.
    fn one_bound(&self, images: &Split, noise: &mut Noise) -> Vec<f64> {
        let levels = self.levels.expect("only grey levels have a bound");
        let (w, jacobian) = levels::to_real(&self.in_order(images), levels, noise);
        let jacobians = jacobian.chunks_exact(self.order.len()).map(|pixels| pixels.iter().sum::<f64>());
        self.nats(&w).into_iter().zip(jacobians).map(|(nats, jacobian)| nats + jacobian).collect()
    }
}

impl ExplicitDensity for RealNvp {
    fn support(&self) -> Support {
        Support::Real
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        self.nats(&self.in_order(images))
    }
}

impl Sampler for RealNvp {
    fn support(&self) -> Support {
        self.levels.map_or(Support::Real, Support::Levels)
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let pixels = self.order.len();
        let in_order = nn::to_host(self.inverse(self.upload(noise.normals(count * pixels))));
        let mut images = Split::new(vec![0.0; count * pixels], pixels);
        for (image, drawn) in images.pixels.chunks_exact_mut(pixels).zip(in_order.chunks_exact(pixels)) {
            for (&pixel, &value) in self.order.iter().zip(drawn) {
                image[pixel] = self.levels.map_or(value, |levels| levels::to_level(value, levels));
            }
        }
        images
    }
}

impl DensityBound for RealNvp {
    fn support(&self) -> Support {
        Sampler::support(self)
    }

    /// All of it is reconstruction: the noise of dequantisation is the same for every image, so nothing is fitted.
    fn elbo(&self, images: &Split, noise: &mut Noise) -> Vec<Elbo> {
        self.one_bound(images, noise).into_iter().map(|nats| Elbo { reconstruction: nats, kl: 0.0 }).collect()
    }

    fn iwae(&self, images: &Split, k: usize, noise: &mut Noise) -> Vec<f64> {
        let draws: Vec<Vec<f64>> = (0..k).map(|_| self.one_bound(images, noise)).collect();
        let mean = |image: usize| log_sum_exp(draws.iter().map(|nats| nats[image])) - (k as f64).ln();
        (0..images.len()).map(mean).collect()
    }
}
