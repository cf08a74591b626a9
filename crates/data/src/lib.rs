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
mod captions;
mod check;
mod cifar10;
mod colour_digits;
mod companions;
mod config;
mod dataset;
mod digits;
mod domains;
mod error;
mod exact;
pub mod fetch;
mod files;
mod hold_out;
pub mod idx;
mod images;
mod nested;
mod noise;
mod npz;
mod puzzle;
mod registry;
mod split;
mod synthetic;

pub use binarize::{Binarize, Mode as BinarizeMode};
pub use cache::cache_dir;
pub use captions::CaptionedScenes;
pub use cifar10::Cifar10;
pub use colour_digits::ColourDigits;
pub use companions::{CaptionReader, CaptionShape, Captions, PartShape, Parts};
pub use config::{DataConfig, DataEntry, DataSets, DataSource};
pub use dataset::{DataShape, Dataset};
pub use digits::Digits;
pub use domains::{Domains, Pair};
pub use error::DataError;
pub use exact::{Entropy, ExactDensity, Modes};
pub use idx::Idx;
pub use images::{Background, Filter, Fit, Images};
pub use nested::Nested;
pub use noise::Noise;
pub use npz::{Npz, Range as PixelRange};
pub use puzzle::Puzzle;
pub use registry::{DATASETS, built_in};
pub use split::Split;
pub use synthetic::{
    Boundary, Chain, ChainDensity, GaussianMixture, GaussianMixtureDensity, Ising, IsingDensity, LinearGaussian,
    LinearGaussianDensity, Mesh, MeshDensity, Mixture, MixtureDensity, Sampling,
};
