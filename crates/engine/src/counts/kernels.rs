//! Kernels that CubeCL launches, and device memory that it reserves.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use burn::prelude::Device;
use cubecl_runtime::launched::LaunchedKernels;
use cubecl_runtime::logging::{LaunchObservation, LaunchObserver};
use protocol::timing::Counts;

#[derive(Default)]
struct Launches(AtomicU64);

impl LaunchObserver for Launches {
    fn launched(&self, _kernel: &'static str) {
        self.0.fetch_add(1, Relaxed);
    }
}

/// Runs a unit of work, then counts what the process asks of its devices during each of `units` more.
pub(super) fn counted<E>(
    device: &Device,
    units: u64,
    mut unit: impl FnMut() -> Result<(), E>,
) -> Result<Vec<Counts>, E> {
    let collection = LaunchedKernels::new();
    unit()?;
    let mut known = collection.finish();
    let mut all = Vec::new();
    for _ in 0..units {
        let reserved = reserved_bytes(device);
        let launches = Arc::new(Launches::default());
        let collection = LaunchedKernels::new();
        let observation = LaunchObservation::new(Arc::clone(&launches) as Arc<dyn LaunchObserver>);
        unit()?;
        drop(observation);
        let kernels = collection.finish();
        all.push(Counts {
            launches: Some(launches.0.load(Relaxed)),
            kernels: Some(kernels.len() as u64),
            new_kernels: Some(kernels.difference(&known).count() as u64),
            reserved_bytes: reserved.zip(reserved_bytes(device)).map(|(before, after)| after.saturating_sub(before)),
            ..Counts::default()
        });
        known.extend(kernels);
    }
    Ok(all)
}

/// Bytes that the allocator of the device holds.
fn reserved_bytes(device: &Device) -> Option<u64> {
    device.memory_pool_usage().map(|usage| usage.bytes_reserved)
}
