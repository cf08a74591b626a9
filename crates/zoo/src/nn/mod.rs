//! Layers that several models share.
//!
//! Convolutions work on feature maps side by side, `[batch, rows, columns, maps]`: what a kernel reads in a
//! row is then contiguous.

pub(crate) mod average;
pub(crate) mod batch_norm;
pub(crate) mod conv;
pub(crate) mod dropout;
mod fused;
pub(crate) mod halvings;
pub(crate) mod masked_conv;
pub(crate) mod spectral;
#[cfg(test)]
mod tests;
mod windows;
