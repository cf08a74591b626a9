//! Machine and device of a trial.

use serde::{Deserialize, Serialize};

/// The machine of a trial.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Host name.
    pub name: String,
    /// Operating system and architecture.
    pub os: String,
    /// Model name of the processor.
    pub cpu: String,
    /// Number of logical processors.
    pub cores: usize,
    /// Number of threads of the worker.
    pub threads: usize,
}

/// The device on which a trial ran.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceUsed {
    /// `flex` or `wgpu:N`.
    pub name: String,
    /// Name of the adapter; of the processor for flex.
    pub adapter: String,
    /// Driver and its version; empty for flex.
    pub driver: String,
    /// The graphics interface, such as `vulkan`; empty for flex.
    pub api: String,
}

impl DeviceUsed {
    /// Kernels of the layers on this device: `fused` (genbench's own) on `flex`, `burn` (Burn's own) elsewhere.
    #[must_use]
    pub fn kernels(&self) -> &'static str {
        if self.name == "flex" { "fused" } else { "burn" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_are_those_of_the_device() {
        let on = |name: &str| DeviceUsed { name: name.into(), ..DeviceUsed::default() }.kernels();
        assert_eq!((on("flex"), on("wgpu"), on("wgpu:1")), ("fused", "burn", "burn"));
    }
}
