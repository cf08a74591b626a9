//! The threads that the CPU computes with.

/// Bytes of a thread's stack, as the main thread has them by default: a graph of many operations is dropped recursively.
const STACK: usize = 8 << 20;

/// Does `work` on one of the threads that share parallel loops, and waits for it.
///
/// A loop that is begun outside of them wakes a thread and waits until it is done, hundreds of times in a step.
pub fn inside<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    // Fails where the threads are there already, which is as well.
    let _ = rayon::ThreadPoolBuilder::new().stack_size(STACK).build_global();
    rayon::scope(|_| work())
}
