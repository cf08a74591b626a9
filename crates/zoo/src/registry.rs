//! Every model there is.

use engine::ModelEntry;
use protocol::{Problem, params};

use crate::{
    aae, ar, chain_table, critic, cyclegan, dcgan, full_table, gan, independent, infogan, made, markov, nade,
    pixel_cnn, pixel_rnn, puzzle_gan, rnade, text2image, vae,
};

/// All models, in the order of the documentation.
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

/// The entry called `name`.
///
/// # Errors
/// There is none; the advice names the nearest.
pub fn find(name: &str) -> Result<&'static ModelEntry, Problem> {
    MODELS.iter().find(|entry| entry.name == name).ok_or_else(|| Problem {
        at_key: false,
        ..params::unknown("name", name, MODELS.iter().map(|entry| entry.name))
    })
}
