//! Counts of pieces of work: allocations on the CPU, kernels and memory of another device.

#[cfg(feature = "wgpu")]
mod kernels;

use burn::prelude::Device;
use protocol::timing::Counts;

/// Runs a unit of work without counting, then counts what the process does during each of `units` more.
///
/// On the CPU these are allocations, if the program's global allocator is an [`allocator::CountingAllocator`]. On another device
/// they are launches of kernels, and memory that the device reserves: there the threads of the driver allocate as well.
///
/// # Errors
/// The first error of the work.
pub(crate) fn counted<E>(
    device: &Device,
    units: u64,
    mut unit: impl FnMut() -> Result<(), E>,
) -> Result<Vec<Counts>, E> {
    if nn::is_cpu(device) {
        unit()?;
        return (0..units).map(|_| allocations(&mut unit)).collect();
    }
    #[cfg(feature = "wgpu")]
    return kernels::counted(device, units, unit);
    #[cfg(not(feature = "wgpu"))]
    unit().map(|()| Vec::new())
}

fn allocations<E>(unit: impl FnOnce() -> Result<(), E>) -> Result<Counts, E> {
    let (result, made) = allocator::counted(unit);
    result.map(|()| Counts {
        allocations: made.map(|made| made.allocations),
        allocated_bytes: made.map(|made| made.bytes),
        ..Counts::default()
    })
}
