//! Exact counts of a process, and the figures that they become.

use serde::{Deserialize, Serialize};

use super::Window;
use crate::Unit;

/// What a process did during some units of work, as exact counts. A process leaves out what it cannot count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Allocations on the heap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocations: Option<u64>,
    /// Bytes in these allocations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocated_bytes: Option<u64>,
    /// Kernels launched on the device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub launches: Option<u64>,
    /// Different kernels among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kernels: Option<u64>,
    /// Kernels among these that the unit before did not launch, so that they may have been compiled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_kernels: Option<u64>,
    /// Bytes of device memory that were reserved in addition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserved_bytes: Option<u64>,
}

/// A count that is a figure of each window of the model's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// Allocations on the heap.
    Allocations,
    /// MiB in these allocations.
    AllocatedMib,
    /// Kernels launched on the device.
    Launches,
    /// Different kernels among them.
    Kernels,
    /// Kernels that the unit before did not launch.
    NewKernels,
    /// MiB of device memory that were reserved in addition.
    ReservedMib,
}

impl Counter {
    /// All counters.
    pub const ALL: [Self; 6] =
        [Self::Allocations, Self::AllocatedMib, Self::Launches, Self::Kernels, Self::NewKernels, Self::ReservedMib];

    /// Counters of a device: allocations on the CPU; elsewhere kernels and memory of the device, since there the threads of the
    /// driver allocate as well.
    #[must_use]
    pub fn of_device(device: &str) -> &'static [Self] {
        const ALL: &[Counter] = &Counter::ALL;
        let (on_cpu, elsewhere) = ALL.split_at(2);
        if device == "flex" { on_cpu } else { elsewhere }
    }

    /// Name of the figure, such as `train_allocations`.
    #[must_use]
    pub fn figure(self, window: Window) -> String {
        let window = match window {
            Window::Train => "train",
            Window::Evaluate => "evaluate",
            Window::Sample => "sample",
            Window::Gemm => "gemm",
        };
        let counter = match self {
            Self::Allocations => "allocations",
            Self::AllocatedMib => "allocated_mib",
            Self::Launches => "launches",
            Self::Kernels => "kernels",
            Self::NewKernels => "new_kernels",
            Self::ReservedMib => "reserved_mib",
        };
        format!("{window}_{counter}")
    }

    /// Names of the figures of all counters.
    #[must_use]
    pub fn figures() -> Vec<String> {
        let of = |window: Window| Self::ALL.into_iter().map(move |counter| counter.figure(window));
        Window::OF_MODEL.into_iter().flat_map(of).collect()
    }

    /// Returns whether two runs of one program on one machine count the same.
    ///
    /// Burn writes into the buffer of an operand if nothing else holds it. On a GPU that depends on how far another thread has
    /// come, and with it the kernel and the memory, but not the number of launches.
    #[must_use]
    pub fn is_exact(self) -> bool {
        match self {
            Self::Allocations | Self::AllocatedMib | Self::Launches => true,
            Self::Kernels | Self::NewKernels | Self::ReservedMib => false,
        }
    }

    /// Returns whether a figure is that of an exact counter.
    #[must_use]
    pub fn is_exact_figure(name: &str) -> bool {
        let exact = Self::ALL.into_iter().filter(|counter| counter.is_exact());
        exact.flat_map(|counter| Window::OF_MODEL.map(|window| counter.figure(window))).any(|figure| figure == name)
    }

    /// Unit of the figure.
    #[must_use]
    pub fn unit(self) -> Unit {
        match self {
            Self::Allocations | Self::Launches | Self::Kernels | Self::NewKernels => Unit::Count,
            Self::AllocatedMib | Self::ReservedMib => Unit::Mebibytes,
        }
    }

    /// The count per unit of work of `units` units, but different kernels of all units; `None` if the process does not count it.
    #[must_use]
    pub fn per_unit(self, counts: &Counts, units: u64) -> Option<f64> {
        let per_unit = |count: u64| count as f64 / units as f64;
        let mebibytes = |bytes: u64| per_unit(bytes) / f64::from(1 << 20);
        match self {
            Self::Allocations => counts.allocations.map(per_unit),
            Self::AllocatedMib => counts.allocated_bytes.map(mebibytes),
            Self::Launches => counts.launches.map(per_unit),
            Self::Kernels => counts.kernels.map(|count| count as f64),
            Self::NewKernels => counts.new_kernels.map(|count| count as f64),
            Self::ReservedMib => counts.reserved_bytes.map(mebibytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_per_unit_of_work() {
        let counts = Counts {
            allocations: Some(7),
            allocated_bytes: Some(3 << 20),
            kernels: Some(5),
            reserved_bytes: Some(1 << 20),
            ..Counts::default()
        };
        let expected = [Some(3.5), Some(1.5), None, Some(5.0), None, Some(0.5)];
        assert_eq!(Counter::ALL.map(|counter| counter.per_unit(&counts, 2)), expected);
    }

    #[test]
    fn the_number_of_kernels_is_not_exact() {
        for (name, is_exact) in [
            ("train_allocations", true),
            ("sample_allocated_mib", true),
            ("evaluate_launches", true),
            ("train_kernels", false),
            ("train_reserved_mib", false),
            ("gemm_launches", false),
            ("peak_memory", false),
        ] {
            assert_eq!(Counter::is_exact_figure(name), is_exact, "{name}");
        }
    }

    #[test]
    fn every_device_has_counters_with_different_names() {
        let mut names = Counter::figures();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 18);
        for device in ["flex", "wgpu", "wgpu:1"] {
            let of_device = Counter::of_device(device).iter().map(|counter| counter.figure(Window::Train));
            assert!(of_device.clone().count() > 0 && of_device.clone().all(|name| names.contains(&name)));
        }
    }
}
