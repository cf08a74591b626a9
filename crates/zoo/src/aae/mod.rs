//! Adversarial autoencoder.
//!
//! A step has three phases: encoder and decoder maximise log p(x|z) at z = e(x); a discriminator learns to distinguish
//! draws from the prior from encoded images; the encoder learns to fool the discriminator. No KL is needed, so that any
//! prior with a sampler can be used.
//!
//! Makhzani, Shlens, Jaitly, Goodfellow and Frey, 2015, Adversarial Autoencoders, section 2 and
//! appendix A.1.
//!
//! # Departures from the paper
//! Adam instead of SGD with momentum; the reconstruction is a log-likelihood on the support of the data instead of a
//! squared error; categories and Gaussian latents share one discriminator; labels are not used.

mod config;
mod model;
mod network;
mod prior;
mod trainer;

pub(crate) use config::AaeConfig;
