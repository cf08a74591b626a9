//! Range of pixels at the input of a network.

use burn::prelude::*;

/// Maps pixels in [0, 1] to [-1, 1]: 2x - 1.
///
/// Networks that distinguish images train better on inputs around 0. With pixels in [0, 1], the mean image is a large
/// common part of all inputs, which the first layer must learn to ignore.
///
/// ```
/// use burn::prelude::*;
/// use ::nn::{centred, to_host};
///
/// let pixels = Tensor::<2>::from_floats([[0.0, 0.5, 1.0]], &Device::flex());
/// assert_eq!(to_host(centred(pixels)), [-1.0, 0.0, 1.0]);
/// ```
#[must_use]
pub fn centred<const D: usize>(pixels: Tensor<D>) -> Tensor<D> {
    pixels * 2.0 - 1.0
}
