//! Thread pool of the CPU kernels.

/// Stack size per thread in bytes, the usual size for a main thread. A large autodiff graph is dropped recursively.
const STACK: usize = 8 << 20;

/// Runs `work` on a thread of the pool of the kernels, and waits for the result.
///
/// A parallel loop outside of the pool wakes a thread and waits for it, hundreds of times per training step. A loop
/// inside of the pool does not. Run the whole program inside of the pool.
///
/// ```
/// assert_eq!(nn::threads::inside(|| 2 + 2), 4);
/// ```
pub fn inside<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    // An existing pool is an error here, which can be ignored.
    let _ = rayon::ThreadPoolBuilder::new().stack_size(STACK).build_global();
    rayon::scope(|_| work())
}
