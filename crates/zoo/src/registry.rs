//! The built-in models.

use engine::{ModelEntry, Models};
use protocol::Problem;

use crate::{
    aae, ar, chain_table, critic, cyclegan, dcgan, full_table, gan, independent, infogan, made, markov, nade,
    pixel_cnn, pixel_rnn, puzzle_gan, rnade, text2image, vae,
};

/// All built-in models, in the order of the documentation.
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

/// The registry of the built-in models.
#[must_use]
pub fn built_in() -> Models {
    Models::of("model", MODELS)
}

/// Refuses a size of 0.
pub(crate) fn positive(path: &str, size: usize) -> Result<(), Problem> {
    match size {
        0 => Err(Problem::new(path, "there must be at least one").help("a whole number from 1 upwards")),
        1..=65_536 => Ok(()),
        _ => Err(Problem::new(path, format!("{size} is more than any machine of today trains")).help("at most 65536")),
    }
}

/// Refuses a count of 0 or above `most`.
pub(crate) fn at_most(path: &str, count: usize, most: usize) -> Result<(), Problem> {
    if (1..=most).contains(&count) {
        return Ok(());
    }
    Err(Problem::new(path, format!("{count} is out of range")).help(format!("between 1 and {most}")))
}

/// Refuses a learning rate that cannot be one.
pub(crate) fn learning_rate(path: &str, lr: f64) -> Result<(), Problem> {
    if lr > 0.0 && lr <= 10.0 {
        return Ok(());
    }
    Err(Problem::new(path, format!("{lr} is no learning rate")).help("above 0, at most 10; 0.001 is usual for Adam"))
}
