//! Facts: exact counts and identities as big integers, without training. Each fact has its own file.

mod categorical;
mod chain_rule;
mod config;
mod full_joint;
mod gan;
mod nade;
mod numbers;
mod order_k;
mod registry;
mod rgb_pixel;
mod vae;

pub use config::{Count, FactConfig, FactEntry, Facts};
pub use registry::{FACTS, built_in};

#[cfg(test)]
mod tests;
