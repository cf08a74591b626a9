//! Test for the CPU backend.

use burn::prelude::Device;

/// Returns whether `device` is the CPU (Burn's backend flex), with or without autodiff. The operations of
/// [`crate::fused`] need this device.
///
/// ```
/// use burn::prelude::Device;
///
/// assert!(nn::is_cpu(&Device::flex()) && nn::is_cpu(&Device::flex().autodiff()));
/// ```
#[must_use]
pub fn is_cpu(device: &Device) -> bool {
    // The equality of devices ignores autodiff.
    *device == Device::flex()
}
