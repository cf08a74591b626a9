//! Independent binary pixels given their log-odds: the one place where logits become probabilities.

use burn::prelude::*;
use burn::tensor::activation::softplus;
use data::{DataShape, Noise, Split};
use engine::Family;
use protocol::{Problem, Support};

/// Log-odds of binary pixels, `[batch, pixels]`. A probability cannot be passed for a logit.
#[derive(Clone, Debug)]
pub(crate) struct BernoulliLogits(pub(crate) Tensor<2>);

impl BernoulliLogits {
    /// log p(x) of each image in nats, `[batch]`: the sum of x l - log(1 + e^l).
    pub(crate) fn log_prob(self, x: Tensor<2>) -> Tensor<1> {
        let logits = self.0;
        (x * logits.clone() - softplus(logits, 1.0)).sum_dim(1).squeeze_dim(1)
    }

    /// The log-odds on the host, image after image.
    pub(crate) fn read(self) -> Vec<f32> {
        self.0.into_data().iter::<f32>().collect()
    }
}

/// Draws images from log-odds on the host.
pub(crate) fn sample(logits: &[f32], image_len: usize, noise: &mut Noise) -> Split {
    let uniforms = noise.uniforms(logits.len());
    let pixels =
        logits.iter().zip(uniforms).map(|(logit, uniform)| Family::Bernoulli.draw(&[*logit], uniform)).collect();
    Split::new(pixels, image_len)
}

/// The probabilities of log-odds, as grey images for the eye.
pub(crate) fn means(logits: &[f32], image_len: usize) -> Split {
    let pixels = logits.iter().map(|logit| 1.0 / (1.0 + (-logit).exp())).collect();
    Split::new(pixels, image_len)
}

/// What to do about data that are not binary.
fn advice(support: Support) -> &'static str {
    match support {
        Support::Levels(_) => {
            "set `data.binarize` to threshold, static or dynamic where the set has it, or take a model over levels"
        }
        _ => "take a model over real values, or binary data",
    }
}

/// Refuses data that are not binary.
pub(crate) fn check_binary(data: &DataShape) -> Result<(), Problem> {
    match data.support {
        Support::Binary => Ok(()),
        support => Err(Problem::new("", format!("the model is over binary pixels, the data have support {support}"))
            .help(advice(support))),
    }
}
