//! Devices by name: `flex` (the CPU) and `wgpu:N` (graphics adapter number N, from 0).

use burn::prelude::Device;
use burn::tensor::DeviceKind;
use burn_wgpu::wgpu;
use protocol::DeviceUsed;

/// A graphics adapter that wgpu finds.
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
    kind: DeviceKind,
}

impl Adapter {
    /// Whether the adapter is hardware, not a software rasteriser.
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
}

/// Adapters of one graphics interface, the one that Burn selects by default: the first interface with a hardware
/// adapter, else the first with any adapter.
#[must_use]
pub fn adapters() -> Vec<Adapter> {
    let mut software = Vec::new();
    for api in [wgpu::Backends::METAL, wgpu::Backends::VULKAN, wgpu::Backends::DX12, wgpu::Backends::GL] {
        if !wgpu::Instance::enabled_backend_features().contains(api) {
            continue;
        }
        let found = adapters_of(api);
        if found.iter().any(Adapter::is_hardware) {
            return found;
        }
        if software.is_empty() {
            software = found;
        }
    }
    software
}

fn adapters_of(api: wgpu::Backends) -> Vec<Adapter> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: api,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    // Burn numbers adapters within their class, so each class has its own counter.
    let mut counts = [0usize; 4];
    let mut next = |class: usize| {
        counts[class] += 1;
        counts[class] - 1
    };
    let mut listed = Vec::new();
    for adapter in pollster::block_on(instance.enumerate_adapters(api)) {
        let info = adapter.get_info();
        let (class, kind) = match info.device_type {
            wgpu::DeviceType::DiscreteGpu => ("discrete", DeviceKind::DiscreteGpu(next(0))),
            wgpu::DeviceType::IntegratedGpu => ("integrated", DeviceKind::IntegratedGpu(next(1))),
            wgpu::DeviceType::VirtualGpu => ("virtual", DeviceKind::VirtualGpu(next(2))),
            wgpu::DeviceType::Cpu => ("software", DeviceKind::Cpu),
            wgpu::DeviceType::Other => continue,
        };
        listed.push(Adapter {
            index: listed.len(),
            name: info.name,
            driver: format!("{} {}", info.driver, info.driver_info).trim().to_owned(),
            api: info.backend.to_string(),
            class,
            features: adapter
                .features()
                .iter_names()
                .map(|(name, _)| name.to_lowercase())
                .filter(|name| affects_compute(name))
                .collect(),
            limits: limits(&adapter.limits()),
            kind,
        });
    }
    listed
}

/// Whether a feature affects compute kernels, unlike features of texture sampling and drawing.
fn affects_compute(feature: &str) -> bool {
    ["shader", "subgroup", "timestamp", "cooperative", "mappable"].iter().any(|part| feature.contains(part))
}

fn limits(limits: &wgpu::Limits) -> Vec<String> {
    vec![
        format!("storage buffer {} MiB", limits.max_storage_buffer_binding_size >> 20),
        format!("buffer {} MiB", limits.max_buffer_size >> 20),
        format!("{} invocations per workgroup", limits.max_compute_invocations_per_workgroup),
        format!("workgroup storage {} KiB", limits.max_compute_workgroup_storage_size >> 10),
    ]
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
    let adapters = adapters();
    let index = index.unwrap_or_else(|| adapters.iter().position(Adapter::is_hardware).unwrap_or(0));
    let adapter = adapters.get(index).ok_or(DeviceError::NoAdapter { index, found: adapters.len() })?;
    let used = DeviceUsed {
        name: format!("wgpu:{index}"),
        adapter: adapter.name.clone(),
        driver: adapter.driver.clone(),
        api: adapter.api.clone(),
    };
    Ok((Device::wgpu(adapter.kind.clone()).autodiff(), used))
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
        assert!(matches!(open("wgpu:999"), Err(DeviceError::NoAdapter { index: 999, .. })));
    }

    #[test]
    fn flex_is_always_available() {
        let (device, used) = open("flex").unwrap();
        assert!(device.is_autodiff());
        assert!(!used.adapter.is_empty());
    }
}
