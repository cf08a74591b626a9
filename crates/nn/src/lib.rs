//! Layers, fused CPU kernels, optimiser and pixel orderings for image models on Burn.
//!
//! Three rules hold for every layer:
//!
//! - Initial weights come from a [`Noise`] stream on the host, so that every device starts from the same numbers.
//! - Images between convolutions are `[batch, rows, columns, channels]`, so that a kernel reads contiguous numbers.
//! - On the CPU (Burn's backend flex) a layer, its bias and its [`Activation`] are one operation of [`fused`]; other
//!   devices use Burn's operations. Tests compare both.
//!
//! `burn::prelude` exports Burn's module `nn`. With a glob import of the prelude, write `::nn` for this crate.
//!
//! ```
//! use burn::prelude::*;
//! use ::nn::{Activation, Dense, Noise};
//!
//! let device = Device::flex().autodiff();
//! let mut noise = Noise::new(0, "example/weights", 0);
//! let hidden = Dense::new(4, 8, &mut noise, &device);
//! let output = Dense::new(8, 1, &mut noise, &device);
//!
//! let x = Tensor::<2>::ones([3, 4], &device);
//! let y = output.forward(hidden.forward_then(x, Activation::Relu));
//! assert_eq!(y.dims(), [3, 1]);
//!
//! let gradients = y.mean().backward();
//! assert_eq!(hidden.weight().grad(&gradients).expect("trained").dims(), [4, 8]);
//! ```

mod activation;
mod adam;
pub mod average;
mod batch_norm;
mod centred;
mod conv;
mod dense;
mod device;
pub mod dropout;
pub mod faults;
pub mod fused;
mod gradient_norm;
mod halvings;
#[cfg(test)]
mod layer_tests;
pub mod masked_conv;
mod optimiser;
pub mod ordering;
pub mod simd;
mod spectral;
pub mod threads;
mod weights;
mod windows;

pub use activation::{Activation, sigmoid};
pub use batch_norm::BatchNorm;
pub use centred::centred;
pub use conv::{Conv, Deconv, to_channels_last, to_images};
pub use data::Noise;
pub use dense::{Dense, linear, uniform};
pub use device::is_cpu;
pub use gradient_norm::GradientNorm;
pub use halvings::Halvings;
pub use masked_conv::MaskedConv;
pub use optimiser::{Optimiser, adam};
pub use ordering::{ORDERINGS, Ordering, Walk};
pub use spectral::{SpectralConv, SpectralDense};
pub use weights::{load_module, parameter_count, save_module, to_host, upload};
pub use windows::Windows;

/// Hash of the sources of this crate, without comments and tests: a part of the build record of a trial.
pub const CODE_HASH: &str = env!("GENBENCH_CODE_HASH");
