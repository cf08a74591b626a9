//! Parts that models with latent variables share: encoders, decoders, and the distribution of pixels given a latent.

mod convolutions;
mod likelihood;
mod network;
mod perceptron;
mod pixels;
mod stochastic_decoder;

pub(crate) use likelihood::{Likelihood, LikelihoodSettings, Variance};
pub(crate) use network::{Decoder, Encoder, Network, NetworkSettings};
pub(crate) use perceptron::Perceptron;
pub(crate) use pixels::{Output, Pixels};
pub(crate) use stochastic_decoder::{LikelihoodDecoder, NetworkDecoder};
