//! Data sets as plain arrays, with their exact log-density and entropy where they are known.
//!
//! A data set is one file with an entry in [`DATASETS`]. This crate knows no model, tensor or seed of a trial: the splits
//! depend on the settings of the set only.
//!
//! ```
//! use data::{Chain, DataConfig, ExactDensity};
//!
//! let chain = Chain { height: 8, width: 8, q: 0.1, train: 100, ..Chain::default() };
//! let images = chain.load()?;
//! assert_eq!((images.train.len(), images.train.image(0).len()), (100, 64));
//!
//! // The entropy of the set: no model can have a lower NLL.
//! let density = chain.density()?;
//! assert!((density.entropy().nats - 21.17).abs() < 0.01);
//! assert!(density.log_density(images.test.image(0)) < 0.0);
//! # Ok::<(), data::DataError>(())
//! ```

mod binarize;
mod cache;
mod check;
mod companions;
mod config;
#[cfg(test)]
mod damage;
mod dataset;
mod error;
mod exact;
pub mod fetch;
mod files;
mod hold_out;
mod nested;
mod noise;
mod path_settings;
mod split;
mod synthetic;
mod verify;

pub use binarize::{Binarize, Mode as BinarizeMode};
pub use cache::cache_dir;
pub use captions::CaptionedScenes;
pub use chain::{Chain, ChainDensity};
pub use cifar10::Cifar10;
pub use colour_digits::ColourDigits;
pub use companions::{CaptionReader, CaptionShape, Captions, PartShape, Parts};
pub use config::{DataConfig, DataEntry, DataSets, DataSource};
pub use dataset::{DataShape, Dataset};
pub use digits::Digits;
pub use domains::{Domains, Pair, Translation};
pub use error::DataError;
pub use exact::{Entropy, ExactDensity, Modes};
pub use gaussian_mixture::{GaussianMixture, GaussianMixtureDensity};
pub use idx::Idx;
pub use images::{Background, Filter, Fit, Images};
pub use ising::{Boundary, Ising, IsingDensity, Sampling};
pub use linear_gaussian::{LinearGaussian, LinearGaussianDensity};
pub use mesh::{Mesh, MeshDensity};
pub use mixture::{Mixture, MixtureDensity};
pub use nested::Nested;
pub use noise::Noise;
pub use npz::{Npz, Range as PixelRange};
pub use path_settings::{PathSetting, path_settings, setting_of_file};
pub use puzzle::Puzzle;
pub use split::Split;
pub use verify::load_verified;

// To add a data set, declare its module in this list and its settings type in the next one.
mod captions;
mod chain;
mod cifar10;
mod colour_digits;
mod digits;
mod domains;
mod gaussian_mixture;
pub mod idx;
mod images;
mod ising;
mod linear_gaussian;
mod mesh;
mod mixture;
mod npz;
mod puzzle;

/// All built-in data sets, in the order of the documentation.
pub const DATASETS: &[DataEntry] = &[
    DataEntry::of::<digits::Digits>(),
    DataEntry::of::<colour_digits::ColourDigits>(),
    DataEntry::of::<idx::Idx>(),
    DataEntry::of::<cifar10::Cifar10>(),
    DataEntry::of::<images::Images>(),
    DataEntry::of::<npz::Npz>(),
    DataEntry::of::<chain::Chain>(),
    DataEntry::of::<ising::Ising>(),
    DataEntry::of::<mesh::Mesh>(),
    DataEntry::of::<mixture::Mixture>(),
    DataEntry::of::<linear_gaussian::LinearGaussian>(),
    DataEntry::of::<gaussian_mixture::GaussianMixture>(),
    DataEntry::of::<captions::CaptionedScenes>(),
    DataEntry::of::<puzzle::Puzzle>(),
    DataEntry::of::<domains::Domains>(),
];

/// The registry of the built-in data sets.
#[must_use]
pub fn built_in() -> DataSets {
    DataSets::of("data set", DATASETS)
}

/// Hash of the sources of this crate, without comments and tests: a part of the build record of a trial.
pub const CODE_HASH: &str = env!("GENBENCH_CODE_HASH");
