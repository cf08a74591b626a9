//! The built-in models of genbench. The documentation of each module states the model, its paper and its departures
//! from the paper.
//!
//! [`MODELS`] lists all models, and [`facts`] counts states and parameters without training. The command line, the
//! planner, the laws and the documentation iterate over these registries.

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
