//! Exports of a grid's results for other tools.

mod arrow;
mod chrome;
mod columns;
mod figure;
mod figure_names;
mod jsonl;
mod junit;
pub mod mlflow;
mod parquet;
mod points;
mod settings;
mod sheets;
mod tensorboard;
#[cfg(test)]
mod tests;
mod typeset;
mod varint;

pub use arrow::arrow;
pub use chrome::chrome;
pub use figure::{pdf, svg};
pub use jsonl::jsonl;
pub use junit::junit;
pub use parquet::parquet;
pub use tensorboard::{Replaces, tensorboard};
pub use typeset::{Markup, typeset};
