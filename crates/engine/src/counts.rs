//! Exact counts of a piece of work: allocations on the CPU, launches of kernels on another device.

#[cfg(feature = "wgpu")]
mod launches;

use burn::prelude::Device;
use protocol::timing::Counts;

/// Runs `work` and counts what the process does meanwhile.
///
/// On the CPU these are allocations, if the program's global allocator is an [`allocator::CountingAllocator`]. On another device
/// they are launches: there the threads of the driver allocate as well.
pub(crate) fn counted<T>(device: &Device, work: impl FnOnce() -> T) -> (T, Counts) {
    if nn::is_cpu(device) {
        let (result, made) = allocator::counted(work);
        let counts = Counts {
            allocations: made.map(|made| made.allocations),
            allocated_bytes: made.map(|made| made.bytes),
            launches: None,
        };
        return (result, counts);
    }
    #[cfg(feature = "wgpu")]
    return launches::counted(work);
    #[cfg(not(feature = "wgpu"))]
    (work(), Counts::default())
}
