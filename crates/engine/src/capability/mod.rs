//! Capabilities of a trained model.
//!
//! A measure has a `&dyn GenerativeModel` and asks it for a capability. Capabilities take and return plain numbers on
//! the host, so that a measure needs no tensor, device or model name. Images are [`Split`](data::Split)s with pixels
//! `[image][channel][row][column]` in f32; log-densities are in nats per image in f64.

mod codes;
mod critic;
mod density;
mod density_bound;
mod generative_model;
mod image_tasks;
mod latents;
mod product_of_conditionals;
mod pushforward;
mod stochastic_decoder;

pub use self::codes::{CodePosteriors, CodeShape, Coded, Codes};
pub use self::critic::Critic;
pub use self::density::{Autoregressive, ExplicitDensity, Sampler};
pub use self::density_bound::{DensityBound, Elbo};
pub use self::generative_model::GenerativeModel;
pub use self::image_tasks::{ConditionalSampler, Restored, Restorer, Translator};
pub use self::latents::{Encoder, Features, LatentPrior, LatentVariable, Posteriors};
pub use self::product_of_conditionals::ProductOfConditionals;
pub use self::pushforward::Pushforward;
pub use self::stochastic_decoder::StochasticDecoder;
