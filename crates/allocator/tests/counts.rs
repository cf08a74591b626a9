//! Counts of a program with the counting allocator. A program without a harness, because its counts are those of the whole
//! process.

use std::alloc::System;

use allocator::{Allocations, CountingAllocator, counted};

#[global_allocator]
static ALLOCATOR: CountingAllocator<System> = CountingAllocator::new(System);

fn main() {
    let outside = std::hint::black_box(vec![0_u8; 1_000]);
    let (list, made) = counted(|| vec![0_u32; 10]);
    assert_eq!(made, Some(Allocations { allocations: 1, bytes: 40 }), "alloc_zeroed");
    let (list, grown) = counted(|| {
        let mut list = list;
        list.reserve_exact(10);
        list
    });
    assert_eq!(grown, Some(Allocations { allocations: 1, bytes: 80 }), "realloc");
    let ((), none) = counted(|| drop((list, outside)));
    assert_eq!(none, Some(Allocations::default()), "freeing is no allocation");
    let (sum, counts) = counted(|| std::thread::spawn(|| vec![1_u64; 128].iter().sum::<u64>()).join());
    assert_eq!(sum.expect("the thread ends"), 128);
    assert!(counts.expect("counted").bytes >= 1_024, "other threads count: {counts:?}");
}
