//! Exact counts of a piece of work: allocations on the CPU, kernels and memory of another device.

#[cfg(feature = "wgpu")]
mod kernels;

use burn::prelude::Device;
use protocol::timing::Counts;

/// Runs `work(1)`, then `work(units)`, and counts what the process does during the latter.
///
/// On the CPU these are allocations, if the program's global allocator is an [`allocator::CountingAllocator`]. On another device
/// they are launches of kernels, and memory that the device reserves: there the threads of the driver allocate as well.
pub(crate) fn counted<T>(device: &Device, units: u64, mut work: impl FnMut(u64) -> T) -> (T, Counts) {
    if nn::is_cpu(device) {
        work(1);
        let (result, made) = allocator::counted(|| work(units));
        let counts = Counts {
            allocations: made.map(|made| made.allocations),
            allocated_bytes: made.map(|made| made.bytes),
            ..Counts::default()
        };
        return (result, counts);
    }
    #[cfg(feature = "wgpu")]
    return kernels::counted(device, units, work);
    #[cfg(not(feature = "wgpu"))]
    (work(units), Counts::default())
}
