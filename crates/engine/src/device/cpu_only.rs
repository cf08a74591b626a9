//! Replacement for the adapters in a build without the wgpu backend.

use burn::prelude::Device;
use protocol::DeviceUsed;

use super::{Adapter, DeviceError};

/// Empty list, because this build has no wgpu backend.
#[must_use]
pub fn adapters() -> Vec<Adapter> {
    Vec::new()
}

/// Refuses every adapter.
pub(super) fn open_adapter(_index: Option<usize>) -> Result<(Device, DeviceUsed), DeviceError> {
    Err(DeviceError::WithoutWgpu)
}
