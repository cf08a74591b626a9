//! Adapters of the wgpu backend.

use burn::prelude::Device;
use burn::tensor::DeviceKind;
use burn_wgpu::wgpu;
use protocol::DeviceUsed;

use super::{Adapter, DeviceError};

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

/// Returns whether a feature affects compute kernels, unlike features of texture sampling and drawing.
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

/// Opens adapter `index`, or by default the first hardware adapter.
pub(super) fn open_adapter(index: Option<usize>) -> Result<(Device, DeviceUsed), DeviceError> {
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
