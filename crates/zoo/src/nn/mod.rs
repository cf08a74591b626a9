//! Layers that several models share.
//!
//! Convolutions work on feature maps side by side, `[batch, rows, columns, maps]`: what a kernel reads in a
//! row is then contiguous.

pub(crate) mod average;
pub(crate) mod batch_norm;
pub(crate) mod conv;
mod fused;
pub(crate) mod halvings;
pub(crate) mod masked_conv;
pub(crate) mod spectral;
#[cfg(test)]
mod tests;
mod windows;

use burn::prelude::*;

/// x, or `slope` x where it is negative.
pub(crate) fn leaky_relu<const D: usize>(x: Tensor<D>, slope: f32) -> Tensor<D> {
    if fused::apply_to(&x) { fused::leaky(x, slope) } else { burn::tensor::activation::leaky_relu(x, f64::from(slope)) }
}
