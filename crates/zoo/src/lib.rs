//! The built-in models of genbench. The documentation of each module states the model, its paper and its departures
//! from the paper.
//!
//! [`MODELS`] lists all models, and [`facts`] counts states and parameters without training. The command line, the
//! planner, the laws and the documentation iterate over these registries.
//!
//! ```
//! use data::{Chain, DataConfig, Split};
//! use engine::{Batch, Step};
//! use serde_json::json;
//!
//! let chain = Chain { height: 2, width: 2, train: 64, validation: 16, test: 16, ..Chain::default() };
//! let data = chain.load()?;
//! let (device, _) = engine::device::open("flex")?;
//!
//! let models = zoo::built_in();
//! let nade = models.find("nade")?;
//! let settings = (nade.resolve)(&json!({"hidden": 8})).expect("valid settings");
//! let mut trainer = (nade.build)(&settings, &data.shape, 0, &device)?;
//! for index in 0..10 {
//!     let batch = Batch::new(data.batch(&(0..32).collect::<Vec<_>>(), index), &device);
//!     trainer.step(&batch, &Step { index, lr_factor: 1.0, seed: 0 });
//! }
//!
//! // NADE's density sums to one over the 16 binary images of 2x2 pixels.
//! let model = trainer.snapshot();
//! let pixels = (0..16_u8).flat_map(|image| (0..4).map(move |pixel| f32::from(image >> pixel & 1)));
//! let images = Split::new(pixels.collect(), 4);
//! let nats = model.density().expect("NADE has a density").log_density(&images);
//! assert!((nats.iter().map(|nats| nats.exp()).sum::<f64>() - 1.0).abs() < 1e-5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(test)]
mod ais_test;
mod bernoulli;
mod colours;
pub mod facts;
mod faults;
mod joint;
mod latent;
mod pushforward;
mod table;
#[cfg(test)]
mod test_shape;

use engine::{ModelEntry, Models};
pub use nn::ORDERINGS;

// To add a model, declare its module in this list and its settings type in the next one.
mod aae;
mod ar;
mod chain_table;
mod critic;
mod cyclegan;
mod dcgan;
mod full_table;
mod gan;
mod independent;
mod infogan;
mod made;
mod markov;
mod nade;
mod pixel_cnn;
mod pixel_rnn;
mod puzzle_gan;
mod rnade;
mod text2image;
mod vae;

/// Built-in models, in the order of the documentation.
pub const MODELS: &[ModelEntry] = &[
    ModelEntry::of::<independent::Independent>(),
    ModelEntry::of::<full_table::FullTable>(),
    ModelEntry::of::<chain_table::ChainTable>(),
    ModelEntry::of::<markov::Markov>(),
    ModelEntry::of::<ar::ArConfig>(),
    ModelEntry::of::<nade::NadeConfig>(),
    ModelEntry::of::<rnade::RnadeConfig>(),
    ModelEntry::of::<made::MadeConfig>(),
    ModelEntry::of::<pixel_cnn::PixelCnnConfig>(),
    ModelEntry::of::<pixel_rnn::PixelRnnConfig>(),
    ModelEntry::of::<vae::VaeConfig>(),
    ModelEntry::of::<aae::AaeConfig>(),
    ModelEntry::of::<gan::GanConfig>(),
    ModelEntry::of::<dcgan::DcganConfig>(),
    ModelEntry::of::<infogan::InfoGanConfig>(),
    ModelEntry::of::<critic::CriticConfig>(),
    ModelEntry::of::<text2image::Text2ImageConfig>(),
    ModelEntry::of::<puzzle_gan::PuzzleGanConfig>(),
    ModelEntry::of::<cyclegan::CycleGanConfig>(),
];

/// Returns the registry of the built-in models.
#[must_use]
pub fn built_in() -> Models {
    Models::of("model", MODELS)
}

/// Hash of the sources of this crate, without comments and tests: a part of the build record of a trial.
pub const CODE_HASH: &str = env!("GENBENCH_CODE_HASH");
