//! The built-in data sets: to add one, declare its module and list it here.

use crate::{DataEntry, DataSets};

/// All built-in data sets, in the order of the documentation.
pub const DATASETS: &[DataEntry] = &[
    DataEntry::of::<crate::digits::Digits>(),
    DataEntry::of::<crate::colour_digits::ColourDigits>(),
    DataEntry::of::<crate::idx::Idx>(),
    DataEntry::of::<crate::cifar10::Cifar10>(),
    DataEntry::of::<crate::images::Images>(),
    DataEntry::of::<crate::npz::Npz>(),
    DataEntry::of::<crate::synthetic::Chain>(),
    DataEntry::of::<crate::synthetic::Ising>(),
    DataEntry::of::<crate::synthetic::Mesh>(),
    DataEntry::of::<crate::synthetic::Mixture>(),
    DataEntry::of::<crate::synthetic::LinearGaussian>(),
    DataEntry::of::<crate::synthetic::GaussianMixture>(),
    DataEntry::of::<crate::captions::CaptionedScenes>(),
    DataEntry::of::<crate::puzzle::Puzzle>(),
    DataEntry::of::<crate::domains::Domains>(),
];

/// The registry of the built-in data sets.
#[must_use]
pub fn built_in() -> DataSets {
    DataSets::of("data set", DATASETS)
}
