//! The adversarial auto-encoder.
//!
//! Three phases a step: encoder and decoder raise log p(x|z) at z = e(x); a discriminator learns to
//! tell draws from the prior from encoded images; the encoder learns to fool it. No KL is needed, so
//! that any prior that can be drawn from will do.
//!
//! Makhzani, Shlens, Jaitly, Goodfellow and Frey, 2015, Adversarial Autoencoders, section 2 and
//! appendix A.1.
//!
//! # Departures from the paper
//! Adam instead of SGD with momentum; the reconstruction is a log-likelihood of the data's own support
//! instead of a squared error; categories and Gaussian numbers share one discriminator, and labels
//! are not used.

mod config;
mod model;
mod network;
mod prior;
mod trainer;

pub(crate) use config::AaeConfig;
