//! Devices by name: `flex` (the CPU) and `wgpu:N` (graphics adapter number N, from 0).

#[cfg_attr(not(feature = "wgpu"), path = "device/cpu_only.rs")]
mod adapters;

use burn::prelude::Device;
use protocol::DeviceUsed;

pub use self::adapters::adapters;
use self::adapters::open_adapter;

/// `true` if this build has the wgpu backend (the feature `wgpu`, on by default).
pub const HAS_WGPU: bool = cfg!(feature = "wgpu");

/// A graphics adapter that wgpu can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapter {
    /// Number of the adapter: the N of `wgpu:N`.
    pub index: usize,
    /// Name of the adapter.
    pub name: String,
    /// The driver and its version.
    pub driver: String,
    /// The graphics interface, such as `vulkan`.
    pub api: String,
    /// `discrete`, `integrated`, `virtual`, `software` or `other`.
    pub class: &'static str,
    /// Features that affect compute kernels.
    pub features: Vec<String>,
    /// Limits of buffers and workgroups.
    pub limits: Vec<String>,
    #[cfg(feature = "wgpu")]
    kind: burn::tensor::DeviceKind,
}

impl Adapter {
    /// Returns whether the adapter is hardware, not a software rasteriser.
    #[must_use]
    pub fn is_hardware(&self) -> bool {
        self.class != "software"
    }
}

/// Reason why a device cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// The name is not a device name.
    #[error("unknown device `{0}`: use flex, wgpu or wgpu:N")]
    Unknown(String),
    /// The adapter does not exist.
    #[error("adapter {index} does not exist: wgpu finds {found} on this machine")]
    NoAdapter {
        /// The N of `wgpu:N`.
        index: usize,
        /// Number of adapters on this machine.
        found: usize,
    },
    /// The program has no wgpu backend.
    #[error("this build has no `wgpu`, only `flex`: build it with the feature `wgpu`, which is on by default")]
    WithoutWgpu,
}

/// Opens a device by name with autodiff enabled, and describes the device in use.
///
/// # Errors
/// The name is unknown, or the adapter does not exist.
pub fn open(name: &str) -> Result<(Device, DeviceUsed), DeviceError> {
    if name == "flex" {
        let used = DeviceUsed { name: "flex".into(), adapter: cpu_model(), ..DeviceUsed::default() };
        return Ok((Device::flex().autodiff(), used));
    }
    let index = match name.strip_prefix("wgpu") {
        Some("") => None,
        Some(rest) => match rest.strip_prefix(':').and_then(|number| number.parse().ok()) {
            Some(number) => Some(number),
            None => return Err(DeviceError::Unknown(name.to_owned())),
        },
        None => return Err(DeviceError::Unknown(name.to_owned())),
    };
    open_adapter(index)
}

/// Model name of the processor, as the operating system reports it; else the architecture.
#[must_use]
pub fn cpu_model() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    text.lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_are_refused() {
        for name in ["cuda", "wgpu:", "wgpu:x", "wgpux", "", "wgpu:-1"] {
            assert!(matches!(open(name), Err(DeviceError::Unknown(_))), "{name}");
        }
    }

    #[test]
    fn a_missing_adapter_is_refused() {
        let refused = open("wgpu:999");
        if HAS_WGPU {
            assert!(matches!(refused, Err(DeviceError::NoAdapter { index: 999, .. })));
        } else {
            assert!(matches!(refused, Err(DeviceError::WithoutWgpu)));
            assert_eq!(adapters(), []);
        }
    }

    #[test]
    fn flex_is_always_available() {
        let (device, used) = open("flex").unwrap();
        assert!(device.is_autodiff());
        assert!(!used.adapter.is_empty());
    }
}
