//! Everything that can be measured on a trained model: one file each, asking for capabilities.

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
