//! Counts of a process, and the figures that they become.

use serde::{Deserialize, Serialize};

use super::Window;
use crate::Unit;

/// Counts of what a process did during a unit of work: medians over some units. A count that the process does not have is `None`.
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
    /// Kernels among these that no unit before launched, so that they may have been compiled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_kernels: Option<u64>,
    /// Bytes of device memory that were reserved in addition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserved_bytes: Option<u64>,
}

impl Counts {
    /// Median of each count over units of work; the lower one of two in the middle.
    #[must_use]
    pub fn median(units: &[Self]) -> Self {
        let of = |count: fn(&Self) -> Option<u64>| {
            let mut all: Vec<u64> = units.iter().filter_map(count).collect();
            all.sort_unstable();
            all.get(all.len().saturating_sub(1) / 2).copied()
        };
        Self {
            allocations: of(|one| one.allocations),
            allocated_bytes: of(|one| one.allocated_bytes),
            launches: of(|one| one.launches),
            kernels: of(|one| one.kernels),
            new_kernels: of(|one| one.new_kernels),
            reserved_bytes: of(|one| one.reserved_bytes),
        }
    }
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
    /// Kernels that no unit before launched.
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
        if super::is_cpu(device) { on_cpu } else { elsewhere }
    }

    /// Name of the figure, such as `train_allocations`.
    #[must_use]
    pub fn figure(self, window: Window) -> String {
        let window = match window {
            Window::Train => "train",
            Window::Evaluate => "evaluate",
            Window::Sample => "sample",
            Window::Gemm => "gemm",
            Window::Sweep => "sweep",
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

    /// Largest relative difference between two runs of one program on one machine; `None` for a counter that varies more.
    ///
    /// The allocations of a large step vary by one or two, probably because hash tables of Burn's autodiff grow at random moments.
    /// Burn writes into the buffer of an operand if nothing else holds it. On a GPU that depends on how far another thread has
    /// come, and with it the kernel and the memory, but not the number of launches.
    #[must_use]
    pub fn margin(self) -> Option<f64> {
        match self {
            Self::Allocations | Self::AllocatedMib => Some(2e-4),
            Self::Launches => Some(0.0),
            Self::Kernels | Self::NewKernels | Self::ReservedMib => None,
        }
    }

    /// The counter of a figure that two runs of one program agree in; `None` for other figures.
    #[must_use]
    pub fn of_exact_figure(name: &str) -> Option<Self> {
        let is_of = |counter: &Self| Window::OF_MODEL.iter().any(|window| counter.figure(*window) == name);
        Self::ALL.into_iter().find(|counter| counter.margin().is_some() && is_of(counter))
    }

    /// Unit of the figure.
    #[must_use]
    pub fn unit(self) -> Unit {
        match self {
            Self::Allocations | Self::Launches | Self::Kernels | Self::NewKernels => Unit::Count,
            Self::AllocatedMib | Self::ReservedMib => Unit::Mebibytes,
        }
    }

    /// The count of a unit of work in the unit of the figure; `None` if the process does not count it.
    #[must_use]
    pub fn value(self, counts: &Counts) -> Option<f64> {
        let count = match self {
            Self::Allocations => counts.allocations,
            Self::AllocatedMib => counts.allocated_bytes,
            Self::Launches => counts.launches,
            Self::Kernels => counts.kernels,
            Self::NewKernels => counts.new_kernels,
            Self::ReservedMib => counts.reserved_bytes,
        };
        let scale = if self.unit() == Unit::Mebibytes { f64::from(1 << 20) } else { 1.0 };
        count.map(|count| count as f64 / scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_a_count_in_its_unit() {
        let counts = Counts {
            allocations: Some(7),
            allocated_bytes: Some(3 << 20),
            kernels: Some(5),
            reserved_bytes: Some(1 << 19),
            ..Counts::default()
        };
        let expected = [Some(7.0), Some(3.0), None, Some(5.0), None, Some(0.5)];
        assert_eq!(Counter::ALL.map(|counter| counter.value(&counts)), expected);
    }

    #[test]
    fn a_unit_that_allocates_more_does_not_change_the_median() {
        let unit = |allocations: u64| Counts { allocations: Some(allocations), ..Counts::default() };
        assert_eq!(Counts::median(&[7, 8, 7, 9, 7].map(unit)), unit(7));
        assert_eq!(Counts::median(&[8, 7].map(unit)), unit(7));
        assert_eq!(Counts::median(&[]), Counts::default());
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
            assert_eq!(Counter::of_exact_figure(name).is_some(), is_exact, "{name}");
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
