//! Exact counts and identities that need no training.

use serde::{Deserialize, Serialize};

/// A quantity computed without training, such as a number of parameters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The section of the report that lists it.
    pub section: Option<String>,
    /// Name in the registry of facts.
    pub fact: String,
    /// The quantity counted.
    pub quantity: String,
    /// The number in digits. A very long one is shortened, with the number of its digits.
    pub value: String,
    /// The formula or the derivation.
    pub note: String,
}
