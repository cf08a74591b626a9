//! CPU operations that read memory once, each with its own gradients.
//!
//! With Burn's operations, a layer copies its matrices for the product, then takes one pass for the bias and one for
//! the activation. A convolution copies all windows before the product, and a batch normalisation reads its input a
//! dozen times. These kernels read arrays in place, and apply bias and activation while a sum is in a register.
//!
//! The operations exist on the CPU only (Burn's backend flex, with or without autodiff). On other devices the layers of
//! this crate use Burn's operations. Tests compare both. No result depends on the number of threads.
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
