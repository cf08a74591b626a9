//! The built-in facts.

use super::{FactEntry, Facts, categorical, chain_rule, full_joint, gan, nade, order_k, rgb_pixel, vae};

/// All built-in facts, in the order of the lecture.
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

/// The registry of the built-in facts.
#[must_use]
pub fn built_in() -> Facts {
    Facts::of("fact", FACTS)
}
