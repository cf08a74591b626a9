//! Registry of the built-in facts. To add a fact, declare its module in `mod.rs` and list its settings type here.

use super::{FactEntry, Facts};

/// Built-in facts, in the order of the lecture.
pub const FACTS: &[FactEntry] = &[
    FactEntry::of::<super::categorical::Categorical>(),
    FactEntry::of::<super::rgb_pixel::RgbPixel>(),
    FactEntry::of::<super::full_joint::FullJoint>(),
    FactEntry::of::<super::chain_rule::ChainRule>(),
    FactEntry::of::<super::order_k::OrderK>(),
    FactEntry::of::<super::nade::Nade>(),
    FactEntry::of::<super::vae::Vae>(),
    FactEntry::of::<super::gan::Gan>(),
];

/// Returns the registry of the built-in facts.
#[must_use]
pub fn built_in() -> Facts {
    Facts::of("fact", FACTS)
}
