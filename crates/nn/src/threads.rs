//! The thread pool of the CPU kernels.

/// Bytes of a thread's stack, the usual size of the main thread's: a graph of many operations is dropped recursively.
const STACK: usize = 8 << 20;

/// Runs `work` on a thread of the pool that the kernels' parallel loops share, and waits for the result.
///
/// A parallel loop that starts outside of the pool wakes a thread and waits for it, hundreds of times per training
/// step; inside of the pool it does not.
///
/// ```
/// assert_eq!(nn::threads::inside(|| 2 + 2), 4);
/// ```
pub fn inside<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    // Fails if the pool exists already, which does no harm.
    let _ = rayon::ThreadPoolBuilder::new().stack_size(STACK).build_global();
    rayon::scope(|_| work())
}
