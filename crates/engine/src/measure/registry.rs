//! The built-in measures.

use super::{
    MeasureEntry, Measures, active_units, ais, anomaly, caption_accuracy, code_information, collapse, copies, elbo,
    excess, fid_proxy, independence_gap, iwae, latent_factors, latent_match, linear_probe, nll, optimal_discriminator,
    parameters, parzen, peak_memory, posterior_gap, receptive_field, restoration, sample_quality, target, throughput,
    translation,
};

/// All built-in measures, in the order of the documentation.
pub const MEASURES: &[MeasureEntry] = &[
    MeasureEntry::of::<nll::Nll>(),
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
    MeasureEntry::of::<target::Target>(),
    MeasureEntry::of::<parameters::Parameters>(),
    MeasureEntry::of::<peak_memory::PeakMemory>(),
];

/// The registry of the built-in measures.
#[must_use]
pub fn built_in() -> Measures {
    Measures::of("measure", MEASURES)
}
