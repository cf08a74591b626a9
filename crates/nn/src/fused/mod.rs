//! CPU operations that read memory once, each with its own gradients.
//!
//! Composed of Burn's operations, a layer copies its matrices for the product, then makes one pass for the bias and
//! one for the activation. A convolution copies all its windows before the product; a batch normalisation reads its
//! input a dozen times. Here the kernels read the arrays where they lie and apply bias and activation before a sum
//! leaves its register.
//!
//! The operations exist on the CPU only (Burn's backend flex, with or without autodiff); the layers of this crate use
//! Burn's own elsewhere. Tests compare the two. No result depends on the number of threads.
//!
//! `negative_slope` is the slope of the activation for negative inputs: 1 = identity, 0 = ReLU, else leaky ReLU.

mod arrays;
mod batch_norm;
mod conv;
mod dense;
mod elementwise;
mod products;

pub use batch_norm::{Normalised, batch_norm};
pub use conv::{convolution, transposed_convolution};
pub use dense::{dense, leaky_relu, sigmoid};
