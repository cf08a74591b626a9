//! The built-in data sets.

use crate::{DataEntry, DataSets, captions, cifar10, colour_digits, digits, domains, idx, puzzle, synthetic};

/// All built-in data sets, in the order of the documentation.
pub const DATASETS: &[DataEntry] = &[
    DataEntry::of::<digits::Digits>(),
    DataEntry::of::<colour_digits::ColourDigits>(),
    DataEntry::of::<idx::Idx>(),
    DataEntry::of::<cifar10::Cifar10>(),
    DataEntry::of::<synthetic::Chain>(),
    DataEntry::of::<synthetic::Ising>(),
    DataEntry::of::<synthetic::Mesh>(),
    DataEntry::of::<synthetic::Mixture>(),
    DataEntry::of::<synthetic::LinearGaussian>(),
    DataEntry::of::<synthetic::GaussianMixture>(),
    DataEntry::of::<captions::CaptionedScenes>(),
    DataEntry::of::<puzzle::Puzzle>(),
    DataEntry::of::<domains::Domains>(),
];

/// The registry of the built-in data sets.
#[must_use]
pub fn built_in() -> DataSets {
    DataSets::of("data set", DATASETS)
}
