//! Tables of made-up models whose log-likelihoods are known.

mod calibrations;
mod examples;
pub(crate) mod fixture;
mod laws;
