//! Exports of a grid's results for other tools.

mod chrome;
mod junit;
mod tensorboard;
#[cfg(test)]
mod tests;

pub use chrome::chrome;
pub use junit::junit;
pub use tensorboard::{Replaces, tensorboard};
