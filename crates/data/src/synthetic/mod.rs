//! Shared parts of the data sets with an exactly known log-density: draws, sums in nats, and the laws of these sets.
//!
//! On these sets the NLL of a model is split into the entropy of the data and the excess of the model, and a density that
//! does not sum (or integrate) to 1 is detected.

pub(crate) mod components;
pub(crate) mod draws;
#[cfg(test)]
pub(crate) mod laws;
pub(crate) mod numbers;
