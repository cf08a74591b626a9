//! Facts: exact counts and identities as big integers, without training. Each fact has its own file.

mod config;
mod numbers;
#[cfg(test)]
mod tests;

pub use config::{Count, FactConfig, FactEntry, Facts};

// To add a fact, declare its module in this list and its settings type in the next one.
mod categorical;
mod chain_rule;
mod full_joint;
mod gan;
mod nade;
mod order_k;
mod rgb_pixel;
mod vae;

/// Built-in facts, in the order of the lecture.
pub const FACTS: &[FactEntry] = &[
    FactEntry::of::<categorical::Categorical>(),
    FactEntry::of::<rgb_pixel::RgbPixel>(),
    FactEntry::of::<full_joint::FullJoint>(),
    FactEntry::of::<chain_rule::ChainRule>(),
    FactEntry::of::<order_k::OrderK>(),
    FactEntry::of::<nade::Nade>(),
    FactEntry::of::<vae::Vae>(),
    FactEntry::of::<gan::Gan>(),
];

/// Returns the registry of the built-in facts.
#[must_use]
pub fn built_in() -> Facts {
    Facts::of("fact", FACTS)
}
