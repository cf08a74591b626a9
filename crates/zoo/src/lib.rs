//! The built-in models of genbench. The documentation of each module states the model, its paper and its departures
//! from the paper.
//!
//! [`MODELS`] lists all models, and [`facts`] counts states and parameters without training. The command line, the
//! planner, the laws and the documentation iterate over these registries.
//!
//! ```
//! use serde_json::json;
//!
//! let models = zoo::built_in();
//! let nade = models.find("nade").expect("a built-in model");
//! assert!((nade.resolve)(&json!({"hidden": 100})).is_ok());
//!
//! // A first-order Markov chain over n binary pixels has 2n - 1 parameters.
//! let facts = zoo::facts::built_in();
//! let order_k = facts.find("order_k").expect("a built-in fact");
//! let counts = order_k.count(&json!({"pixels": 12, "order": 1})).expect("settings in range");
//! assert_eq!(counts[0].value, "23");
//! ```

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
