//! Exact counts and identities that need no training.

use serde::{Deserialize, Serialize};

/// A quantity computed without training, such as a number of parameters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The section of the report that lists it.
    pub section: Option<String>,
    /// Its name in the registry of facts.
    pub fact: String,
    /// The quantity counted.
    pub quantity: String,
    /// The number in digits; a very long one is shortened and its length given.
    pub value: String,
    /// The formula or the argument.
    pub note: String,
}
