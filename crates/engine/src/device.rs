//! Devices by name: `flex` (the CPU) and `wgpu:N` (the N-th adapter).

#[cfg_attr(not(feature = "wgpu"), path = "device/cpu_only.rs")]
mod adapters;

use burn::prelude::Device;
use protocol::DeviceUsed;

pub use self::adapters::adapters;
use self::adapters::open_adapter;

/// Whether this build has the wgpu backend (the feature `wgpu`, on by default).
pub const HAS_WGPU: bool = cfg!(feature = "wgpu");

/// A graphics adapter that wgpu can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapter {
    /// Its position: the N of `wgpu:N`.
    pub index: usize,
    /// What it calls itself.
    pub name: String,
    /// The driver and its version.
    pub driver: String,
    /// The graphics interface, such as `vulkan`.
    pub api: String,
    /// `discrete`, `integrated`, `virtual`, `software` or `other`.
    pub class: &'static str,
    /// What it can do, of what Burn's kernels use.
    pub features: Vec<String>,
    /// The limits that training meets first.
    pub limits: Vec<String>,
    #[cfg(feature = "wgpu")]
    kind: burn::tensor::DeviceKind,
}

impl Adapter {
    /// Whether it is hardware rather than a rasteriser in software.
    #[must_use]
    pub fn is_hardware(&self) -> bool {
        self.class != "software"
    }
}

/// Why a device cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// No such word.
    #[error("no device is called `{0}`: flex, wgpu or wgpu:N")]
    Unknown(String),
    /// No such adapter.
    #[error("there is no adapter {index}: wgpu finds {found} on this machine")]
    NoAdapter {
        /// The N of `wgpu:N`.
        index: usize,
        /// How many there are.
        found: usize,
    },
    /// The program has no wgpu backend.
    #[error("this build has no `wgpu`, only `flex`: build it with the feature `wgpu`, which is on by default")]
    WithoutWgpu,
}

/// Opens a device by name, with autodiff on, and says what it really is.
///
/// # Errors
/// The name is none, or there is no such adapter.
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

/// The processor's model name, as the system tells it.
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
    fn names_that_are_none_are_refused() {
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
    fn flex_is_always_there() {
        let (device, used) = open("flex").unwrap();
        assert!(device.is_autodiff());
        assert!(!used.adapter.is_empty());
    }
}
