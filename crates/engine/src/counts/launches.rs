//! Launches of kernels, as CubeCL reports them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use cubecl_runtime::logging::{LaunchObservation, LaunchObserver};
use protocol::timing::Counts;

#[derive(Default)]
struct Launches(AtomicU64);

impl LaunchObserver for Launches {
    fn launched(&self, _kernel: &'static str) {
        self.0.fetch_add(1, Relaxed);
    }
}

/// Runs `work` and counts the kernels that the process launches meanwhile.
pub(super) fn counted<T>(work: impl FnOnce() -> T) -> (T, Counts) {
    let launches = Arc::new(Launches::default());
    let observation = LaunchObservation::new(Arc::clone(&launches) as Arc<dyn LaunchObserver>);
    let result = work();
    drop(observation);
    (result, Counts { launches: Some(launches.0.load(Relaxed)), ..Counts::default() })
}
