//! A program with another allocator has no counts.

#[test]
fn without_the_counting_allocator_there_are_no_counts() {
    let (list, counts) = allocator::counted(|| vec![0_u32; 10]);
    assert_eq!((list.len(), counts), (10, None));
}
