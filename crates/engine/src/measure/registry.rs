//! Registry of the built-in measures: a new measure needs its module declaration and a line in the list.

use super::{MeasureEntry, Measures};

/// All built-in measures, in the order of documentation and tables.
pub const MEASURES: &[MeasureEntry] = &[
    MeasureEntry::of::<super::nll::Nll>(),
    MeasureEntry::of::<super::elbo::ElboTerms>(),
    MeasureEntry::of::<super::iwae::Iwae>(),
    MeasureEntry::of::<super::ais::Ais>(),
    MeasureEntry::of::<super::ais::AisDoubled>(),
    MeasureEntry::of::<super::parzen::Parzen>(),
    MeasureEntry::of::<super::excess::ExcessNats>(),
    MeasureEntry::of::<super::fid_proxy::FidProxy>(),
    MeasureEntry::of::<super::sample_quality::SampleQuality>(),
    MeasureEntry::of::<super::copies::Copies>(),
    MeasureEntry::of::<super::collapse::Collapse>(),
    MeasureEntry::of::<super::receptive_field::ReceptiveField>(),
    MeasureEntry::of::<super::independence_gap::IndependenceGap>(),
    MeasureEntry::of::<super::anomaly::AnomalyDetection>(),
    MeasureEntry::of::<super::linear_probe::LinearProbe>(),
    MeasureEntry::of::<super::latent_factors::LatentFactors>(),
    MeasureEntry::of::<super::caption_accuracy::CaptionAccuracy>(),
    MeasureEntry::of::<super::restoration::Restoration>(),
    MeasureEntry::of::<super::translation::Translation>(),
    MeasureEntry::of::<super::active_units::ActiveUnits>(),
    MeasureEntry::of::<super::posterior_gap::PosteriorGap>(),
    MeasureEntry::of::<super::latent_match::LatentMatch>(),
    MeasureEntry::of::<super::code_information::CodeInformation>(),
    MeasureEntry::of::<super::optimal_discriminator::OptimalDiscriminator>(),
    MeasureEntry::of::<super::throughput::Throughput>(),
    MeasureEntry::of::<super::target::Target>(),
    MeasureEntry::of::<super::parameters::Parameters>(),
    MeasureEntry::of::<super::peak_memory::PeakMemory>(),
];

/// Registry of the built-in measures.
#[must_use]
pub fn built_in() -> Measures {
    Measures::of("measure", MEASURES)
}
