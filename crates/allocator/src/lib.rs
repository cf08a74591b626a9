//! Global allocator that counts allocations while a piece of work runs.
//!
//! ```
//! use std::alloc::System;
//!
//! use allocator::CountingAllocator;
//!
//! #[global_allocator]
//! static ALLOCATOR: CountingAllocator<System> = CountingAllocator::new(System);
//!
//! let (list, counted) = allocator::counted(|| Vec::<u64>::with_capacity(100));
//! let counted = counted.expect("the allocator of this program counts");
//! assert_eq!((counted.allocations, counted.bytes), (1, 800));
//! assert!(list.is_empty());
//! ```

use std::alloc::{GlobalAlloc, Layout};
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

static COUNTING: AtomicBool = AtomicBool::new(false);
static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

/// An allocator that counts the allocations of another one during [`counted`]. At other times an allocation costs one more
/// load of a variable.
#[derive(Clone, Copy, Debug, Default)]
pub struct CountingAllocator<A>(A);

impl<A> CountingAllocator<A> {
    /// Allocator that passes all requests on to `inner`.
    #[must_use]
    pub const fn new(inner: A) -> Self {
        Self(inner)
    }
}

/// Number and size of allocations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allocations {
    /// Number of allocations. A change of size counts as one.
    pub allocations: u64,
    /// Sum of their sizes in bytes, as requested.
    pub bytes: u64,
}

/// Runs `work` and counts the allocations of the whole process meanwhile, in all of its threads. `None` if the global
/// allocator of the program is no [`CountingAllocator`].
///
/// Run one such piece of work at a time: a second one resets the counts of the first.
pub fn counted<T>(work: impl FnOnce() -> T) -> (T, Option<Allocations>) {
    let is_installed = probe();
    reset(true);
    let result = work();
    COUNTING.store(false, Relaxed);
    let counted = Allocations { allocations: ALLOCATIONS.load(Relaxed), bytes: BYTES.load(Relaxed) };
    (result, is_installed.then_some(counted))
}

/// Returns whether an allocation of this process is counted.
fn probe() -> bool {
    reset(true);
    drop(black_box(Box::new(0_u8)));
    COUNTING.store(false, Relaxed);
    ALLOCATIONS.load(Relaxed) > 0
}

fn reset(is_counting: bool) {
    ALLOCATIONS.store(0, Relaxed);
    BYTES.store(0, Relaxed);
    COUNTING.store(is_counting, Relaxed);
}

fn note(bytes: usize) {
    if COUNTING.load(Relaxed) {
        ALLOCATIONS.fetch_add(1, Relaxed);
        BYTES.fetch_add(bytes as u64, Relaxed);
    }
}

// SAFETY: all requests are passed on to another allocator unchanged. Counting neither allocates nor panics.
unsafe impl<A: GlobalAlloc> GlobalAlloc for CountingAllocator<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: the caller's promises about `layout` are those that `alloc` asks for.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: as in `alloc`.
        unsafe { self.0.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(size);
        // SAFETY: `memory` came from the same inner allocator, with this `layout`.
        unsafe { self.0.realloc(memory, layout, size) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as in `realloc`.
        unsafe { self.0.dealloc(memory, layout) }
    }
}
