//! InfoGAN: a GAN whose generator has an input code that can be read back from its images.
//!
//! The generator G computes x from noise z and a code c of one category and continuous numbers. The network Q, which
//! shares the layers of the discriminator D, reads the code from x. In addition to the adversarial losses, G and Q
//! maximise L_I = H(c) + E log Q(c|x), a lower bound on I(c; x) for every Q.
//!
//! Chen, Duan, Houthooft, Schulman, Sutskever and Abbeel, 2016, InfoGAN: Interpretable Representation
//! Learning by Information Maximizing Generative Adversarial Nets, eq. 4 to 6 and appendix C.1.
//!
//! # Departures from the paper
//! Perceptrons by default; the convolutions of `network: conv` are those of `dcgan`, not of the paper. The variances of
//! Q are learned; the code of the authors fixes them at 1 for the code and for Q, which gives no bound. z is Gaussian.
//! The default learning rates suit perceptrons, with a larger rate for D. For convolutions use those of the paper: 1e-3
//! for G, 2e-4 for D.

mod bodies;
mod config;
mod model;
mod networks;
mod trainer;

pub(crate) use self::config::InfoGanConfig;
