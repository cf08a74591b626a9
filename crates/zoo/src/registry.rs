//! The built-in models: to add one, declare its module and list it here.

use engine::{ModelEntry, Models};
use protocol::Problem;

/// All built-in models, in the order of the documentation.
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
