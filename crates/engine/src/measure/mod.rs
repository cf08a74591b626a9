//! Measures of trained models, one module each.
//!
//! A measure asks a model for a capability and returns figures. To add a measure outside of this crate, implement
//! [`MeasureConfig`].

mod bad_model;
mod chance;
mod config;
mod control_models;
#[cfg(test)]
mod faults;
mod figure_names;
mod frechet;
mod memoriser;

pub use anomaly::{Auroc, auroc};
pub use bad_model::BadModel;
pub use config::{MeasureConfig, MeasureEntry, MeasureError, Measures, Subject};
pub use control_models::ControlModels;
pub use frechet::{Gaussian, frechet_distance, frechet_se, null_floor};

// To add a measure, declare its module in this list and its settings type in the next one.
mod active_units;
mod ais;
mod anomaly;
mod caption_accuracy;
mod code_information;
mod collapse;
mod colour_nll;
mod copies;
mod counters;
mod elbo;
mod excess;
mod fid_proxy;
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
mod restoration;
mod sample_quality;
mod target;
mod throughput;
mod translation;

/// All built-in measures, in the order of documentation and tables.
pub const MEASURES: &[MeasureEntry] = &[
    MeasureEntry::of::<nll::Nll>(),
    MeasureEntry::of::<colour_nll::ColourNll>(),
    MeasureEntry::of::<elbo::ElboTerms>(),
    MeasureEntry::of::<iwae::Iwae>(),
    MeasureEntry::of::<ais::Ais>(),
    MeasureEntry::of::<ais::AisDoubled>(),
    MeasureEntry::of::<parzen::Parzen>(),
    MeasureEntry::of::<excess::ExcessNats>(),
    MeasureEntry::of::<fid_proxy::FidProxy>(),
    MeasureEntry::of::<sample_quality::SampleQuality>(),
    MeasureEntry::of::<copies::Copies>(),
    MeasureEntry::of::<collapse::Collapse>(),
    MeasureEntry::of::<receptive_field::ReceptiveField>(),
    MeasureEntry::of::<independence_gap::IndependenceGap>(),
    MeasureEntry::of::<anomaly::AnomalyDetection>(),
    MeasureEntry::of::<linear_probe::LinearProbe>(),
    MeasureEntry::of::<latent_factors::LatentFactors>(),
    MeasureEntry::of::<caption_accuracy::CaptionAccuracy>(),
    MeasureEntry::of::<restoration::Restoration>(),
    MeasureEntry::of::<translation::Translation>(),
    MeasureEntry::of::<active_units::ActiveUnits>(),
    MeasureEntry::of::<posterior_gap::PosteriorGap>(),
    MeasureEntry::of::<latent_match::LatentMatch>(),
    MeasureEntry::of::<code_information::CodeInformation>(),
    MeasureEntry::of::<optimal_discriminator::OptimalDiscriminator>(),
    MeasureEntry::of::<throughput::Throughput>(),
    MeasureEntry::of::<counters::Counters>(),
    MeasureEntry::of::<target::Target>(),
    MeasureEntry::of::<parameters::Parameters>(),
    MeasureEntry::of::<peak_memory::PeakMemory>(),
];

/// Registry of the built-in measures.
#[must_use]
pub fn built_in() -> Measures {
    Measures::of("measure", MEASURES)
}
