//! Registry of the built-in models. To add a model, declare its module in `lib.rs` and list its settings type here.

use engine::{ModelEntry, Models};

/// Built-in models, in the order of the documentation.
pub const MODELS: &[ModelEntry] = &[
    ModelEntry::of::<crate::independent::Independent>(),
    ModelEntry::of::<crate::full_table::FullTable>(),
    ModelEntry::of::<crate::chain_table::ChainTable>(),
    ModelEntry::of::<crate::markov::Markov>(),
    ModelEntry::of::<crate::ar::ArConfig>(),
    ModelEntry::of::<crate::nade::NadeConfig>(),
    ModelEntry::of::<crate::rnade::RnadeConfig>(),
    ModelEntry::of::<crate::made::MadeConfig>(),
    ModelEntry::of::<crate::pixel_cnn::PixelCnnConfig>(),
    ModelEntry::of::<crate::pixel_rnn::PixelRnnConfig>(),
    ModelEntry::of::<crate::vae::VaeConfig>(),
    ModelEntry::of::<crate::aae::AaeConfig>(),
    ModelEntry::of::<crate::gan::GanConfig>(),
    ModelEntry::of::<crate::dcgan::DcganConfig>(),
    ModelEntry::of::<crate::infogan::InfoGanConfig>(),
    ModelEntry::of::<crate::critic::CriticConfig>(),
    ModelEntry::of::<crate::text2image::Text2ImageConfig>(),
    ModelEntry::of::<crate::puzzle_gan::PuzzleGanConfig>(),
    ModelEntry::of::<crate::cyclegan::CycleGanConfig>(),
];

/// Returns the registry of the built-in models.
#[must_use]
pub fn built_in() -> Models {
    Models::of("model", MODELS)
}
