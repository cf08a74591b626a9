//! Encoder and decoder.

use ::nn::Dense;
use burn::module::Module;
use burn::prelude::*;
use data::{DataShape, Noise};

use super::config::{Bound, VaeConfig};
use super::posterior::Posterior;
use crate::latent::{Decoder, Encoder, Output, Pixels};

#[derive(Module, Debug)]
pub(super) struct Vae {
    encoder: Encoder,
    mean: Dense,
    log_variance: Dense,
    decoder: Decoder,
    pub(super) output: Output,
    #[module(skip)]
    pub(super) latent: usize,
    #[module(skip)]
    pub(super) image_len: usize,
    #[module(skip)]
    pub(super) training: Training,
    #[module(skip)]
    pub(super) device: Device,
}

/// Settings of the training loss. The reported bounds do not depend on them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Training {
    pub(super) objective: Bound,
    pub(super) k: usize,
    pub(super) beta: f64,
    pub(super) warmup_steps: u64,
    pub(super) plain: bool,
}

impl Vae {
    pub(super) fn new(config: &VaeConfig, data: &DataShape, seed: u64, device: &Device) -> Self {
        let mut noise = Noise::new(seed, "vae/weights", 0);
        let noise = &mut noise;
        let output = Output::new(config.likelihood(), data, device);
        let (encoder, features) = Encoder::new(config.network_settings(), data, noise, device);
        let mean = Dense::new(features, config.latent, noise, device);
        let log_variance = Dense::new(features, config.latent, noise, device);
        let settings = config.network_settings();
        let decoder = Decoder::new(settings, config.latent, output.width(), data, noise, device);
        Self {
            encoder,
            mean,
            log_variance,
            decoder,
            output,
            latent: config.latent,
            image_len: data.pixels(),
            training: Training {
                objective: config.objective,
                k: config.k,
                beta: config.beta,
                warmup_steps: config.warmup_steps,
                plain: config.is_plain(),
            },
            device: device.clone().inner(),
        }
    }

    pub(super) fn support(&self) -> protocol::Support {
        self.output.support()
    }

    pub(super) fn posterior(&self, x: Tensor<2>) -> Posterior {
        let hidden = self.encoder.forward(x);
        Posterior { mean: self.mean.forward(hidden.clone()), log_variance: self.log_variance.forward(hidden) }
    }

    pub(super) fn decode(&self, z: Tensor<2>) -> Pixels {
        self.output.pixels(self.decoder.forward(z))
    }

    pub(super) fn eps(&self, rows: usize, noise: &mut Noise, device: &Device) -> Tensor<2> {
        Tensor::from_data(TensorData::new(noise.normals(rows * self.latent), [rows, self.latent]), device)
    }

    /// Returns the two terms of the ELBO of each image, `[batch]` each, with one draw of z.
    pub(super) fn terms(&self, x: Tensor<2>, eps: Tensor<2>) -> (Tensor<1>, Tensor<1>) {
        let posterior = self.posterior(x.clone());
        let reconstruction = self.decode(posterior.draw(eps)).log_prob(x);
        (reconstruction, posterior.kl())
    }
}
