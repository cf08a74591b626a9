//! Measures of trained models, one module each.
//!
//! A measure asks a model for a capability and returns figures. To add a measure outside of this crate, implement
//! [`MeasureConfig`].

mod active_units;
mod ais;
mod anomaly;
mod caption_accuracy;
mod code_information;
mod collapse;
mod config;
mod copies;
mod elbo;
mod excess;
#[cfg(test)]
mod faults;
mod fid_proxy;
mod figure_names;
mod frechet;
mod independence_gap;
mod iwae;
mod latent_factors;
mod latent_match;
mod linear_probe;
mod nll;
mod optimal_discriminator;
mod parameters;
mod parzen;
mod peak_memory;
mod posterior_gap;
mod receptive_field;
mod registry;
mod restoration;
mod sample_quality;
mod target;
mod throughput;
mod translation;

pub use anomaly::{Auroc, auroc};
pub use config::{MeasureConfig, MeasureEntry, MeasureError, Measures, Subject};
pub use frechet::{Gaussian, frechet_distance, null_floor};
pub use registry::{MEASURES, built_in};
