//! Every model there is.

use engine::ModelEntry;
use protocol::{Problem, params};

use crate::{chain_table, full_table, gan, independent, markov, nade, pixel_cnn, vae};

/// All models, in the order of the documentation.
pub const MODELS: &[ModelEntry] = &[
    ModelEntry::of::<independent::Independent>(),
    ModelEntry::of::<full_table::FullTable>(),
    ModelEntry::of::<chain_table::ChainTable>(),
    ModelEntry::of::<markov::Markov>(),
    ModelEntry::of::<nade::NadeConfig>(),
    ModelEntry::of::<pixel_cnn::PixelCnnConfig>(),
    ModelEntry::of::<vae::VaeConfig>(),
    ModelEntry::of::<gan::GanConfig>(),
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

/// Refuses a size of 0.
pub(crate) fn positive(path: &str, size: usize) -> Result<(), Problem> {
    match size {
        0 => Err(Problem::new(path, "there must be at least one").help("a whole number from 1 upwards")),
        1..=65_536 => Ok(()),
        _ => Err(Problem::new(path, format!("{size} is more than any machine of today trains")).help("at most 65536")),
    }
}

/// Refuses a learning rate that cannot be one.
pub(crate) fn learning_rate(path: &str, lr: f64) -> Result<(), Problem> {
    if lr > 0.0 && lr <= 10.0 {
        return Ok(());
    }
    Err(Problem::new(path, format!("{lr} is no learning rate")).help("above 0, at most 10; 0.001 is usual for Adam"))
}
