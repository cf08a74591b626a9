//! InfoGAN: a GAN whose generator is fed a code that can be read back from its images.
//!
//! G draws x from noise z and a code c of one category and continuous numbers; Q, which shares D's
//! layers, reads the code from x. G and Q raise L_I = H(c) + E log Q(c|x), which is at most I(c; x)
//! for every Q, beside the game of G and D.
//!
//! Chen, Duan, Houthooft, Schulman, Sutskever and Abbeel, 2016, InfoGAN: Interpretable Representation
//! Learning by Information Maximizing Generative Adversarial Nets, eq. 4 to 6 and appendix C.1.
//!
//! # Departures from the paper
//! Perceptrons unless convolutions are asked for, which are then `dcgan`'s and not the paper's; Q's variances are learned, where the authors' code fixes
//! them at 1 for the code and for Q alike, which bounds nothing; z is Gaussian. The default rates
//! are those that suit perceptrons, D's the larger; with convolutions the paper's 1e-3 for G and 2e-4 for D do.

mod bodies;
mod config;
mod model;
mod networks;
mod trainer;

pub(crate) use self::config::InfoGanConfig;
