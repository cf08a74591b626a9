//! The test for the CPU.

use burn::prelude::Device;

/// Whether `device` is the CPU (Burn's backend flex), with or without autodiff: where the operations of
/// [`crate::fused`] exist.
///
/// ```
/// use burn::prelude::Device;
///
/// assert!(nn::is_cpu(&Device::flex()) && nn::is_cpu(&Device::flex().autodiff()));
/// ```
#[must_use]
pub fn is_cpu(device: &Device) -> bool {
    // Equality of devices ignores autodiff.
    *device == Device::flex()
}
