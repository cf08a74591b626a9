//! What models with latent variables share: perceptrons and the pixels' distribution given a latent.

mod perceptron;
mod pixels;

pub(crate) use perceptron::Perceptron;
pub(crate) use pixels::{Likelihood, LikelihoodSettings, Output, Pixels, Variance};
