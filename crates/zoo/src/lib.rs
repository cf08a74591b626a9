//! The models: one file each, its paper on top, its departures from it listed.
//!
//! [`MODELS`] is the registry; help, plan, laws and documentation iterate it.

mod aae;
mod ar;
mod bernoulli;
mod chain_table;
mod critic;
mod cyclegan;
mod dcgan;
pub mod facts;
mod full_table;
mod gan;
mod independent;
mod infogan;
mod joint;
mod latent;
mod made;
mod markov;
mod nade;
mod pixel_cnn;
mod pixel_rnn;
mod pushforward;
mod puzzle_gan;
mod registry;
mod rnade;
mod table;
#[cfg(test)]
mod test_shape;
mod text2image;
mod vae;

pub use nn::ORDERINGS;
pub use registry::{MODELS, built_in};
