//! Convolutions as matrix products over a cache's worth of squares at a time.
//!
//! Three products are both convolutions and all their gradients: squares times a matrix
//! ([`product`]), rows times a matrix added to squares ([`sum`]), and squares against rows ([`pair`]).

use std::ops::Range;

use burn::backend::Flex;
use burn::backend::ops::FloatTensorOps;
use burn_flex::FlexTensor;
use rayon::prelude::*;

use super::squares::Squares;
use super::{Windows, numbers, tensor};

/// Numbers laid side by side at a time: half a megabyte, which a core's second cache holds.
const AT_ONCE: usize = 1 << 17;
/// Parts of a batch that threads take, at most. A constant, so that the result does not depend on the
/// number of threads.
const PARTS: usize = 16;
/// Squares worth a part: below, packing the matrix costs more than the product.
const PART_SQUARES: usize = 512;
/// Squares at a time at least, for the same reason.
const BLOCK_SQUARES: usize = 256;

/// A matrix seen from the other side.
pub(super) fn transposed(matrix: FlexTensor) -> FlexTensor {
    Flex::float_swap_dims(matrix, 0, 1)
}

fn shape4(x: &FlexTensor) -> [usize; 4] {
    x.layout().shape().dims()
}

fn shape2(x: &FlexTensor) -> [usize; 2] {
    x.layout().shape().dims()
}

/// The rows of a matrix that belong to `block` of the part that begins at row `first`.
fn some_rows(matrix: &FlexTensor, first: usize, block: &Range<usize>) -> FlexTensor {
    let layout = matrix.layout().narrow(0, first + block.start, block.len());
    matrix.clone().with_layout(layout)
}

/// Images that a part of a batch has.
fn images_per_part(batch: usize, squares: &Squares) -> usize {
    let parts = (batch * squares.per_image() / PART_SQUARES).clamp(1, PARTS);
    batch.div_ceil(parts)
}

/// The squares of a part of a batch, a cache's worth at a time, but not below `least`.
fn blocks(images: usize, squares: &Squares, least: usize) -> impl Iterator<Item = Range<usize>> {
    let count = images * squares.per_image();
    let at_once = (AT_ONCE / squares.len()).max(least);
    let at_once = count.div_ceil(count.div_ceil(at_once));
    (0..count).step_by(at_once).map(move |first| first..(first + at_once).min(count))
}

/// Squares of `[batch, rows, columns, maps]` times `[tap x map, n]`: `[batch, down, across, n]`.
pub(super) fn product(x: &FlexTensor, matrix: &FlexTensor, windows: Windows) -> FlexTensor {
    let x = x.to_contiguous();
    let ([batch, height, width, maps], [_, to]) = (shape4(&x), shape2(matrix));
    let squares = Squares { windows, sides: [height, width], maps };
    let [down, across] = squares.grid();
    let images = images_per_part(batch, &squares);
    let mut out = vec![0.0; batch * squares.per_image() * to];
    let parts = numbers(&x).par_chunks(images * squares.image_len());
    parts.zip(out.par_chunks_mut(images * squares.per_image() * to)).for_each(|(x, out)| {
        for block in blocks(x.len() / squares.image_len(), &squares, BLOCK_SQUARES) {
            let rows = tensor(squares.read(x, block.clone()), [block.len(), squares.len()]);
            let result = Flex::float_matmul(rows, matrix.clone());
            out[block.start * to..block.end * to].copy_from_slice(numbers(&result));
        }
    });
    tensor(out, [batch, down, across, to])
}

/// `[batch, down, across, n]` times `[n, tap x map]`, added to the squares of `[batch, sides, maps]`.
pub(super) fn sum(x: &FlexTensor, matrix: &FlexTensor, windows: Windows, sides: [usize; 2]) -> FlexTensor {
    let x = x.to_contiguous();
    let ([batch, down, across, from], [_, len]) = (shape4(&x), shape2(matrix));
    let squares = Squares { windows, sides, maps: len / windows.area() };
    debug_assert_eq!(squares.grid(), [down, across]);
    let x = x.reshape([batch * down * across, from].into());
    let images = images_per_part(batch, &squares);
    let mut out = vec![0.0; batch * squares.image_len()];
    out.par_chunks_mut(images * squares.image_len()).enumerate().for_each(|(part, out)| {
        let first = part * images * squares.per_image();
        for block in blocks(out.len() / squares.image_len(), &squares, BLOCK_SQUARES) {
            let result = Flex::float_matmul(some_rows(&x, first, &block), matrix.clone());
            squares.add(numbers(&result), block, out);
        }
    });
    tensor(out, [batch, sides[0], sides[1], squares.maps])
}

/// The gradient of [`product`] for its input. Where windows are next to each other it is a convolution
/// of the output's gradient with the taps the other way round, which reads more than it adds.
pub(super) fn product_back(x: &FlexTensor, weight: &FlexTensor, gradient: &FlexTensor, windows: Windows) -> FlexTensor {
    let ([_, height, width, from], [_, to]) = (shape4(x), shape2(weight));
    if windows.stride > 1 {
        return sum(gradient, &transposed(weight.clone()), windows, [height, width]);
    }
    let taps = Flex::float_flip(weight.reshape([windows.area(), from, to].into()), &[0]);
    let weight = Flex::float_swap_dims(taps, 1, 2).to_contiguous().reshape([windows.area() * to, from].into());
    product(gradient, &weight, Windows { padding: windows.kernel - 1 - windows.padding, ..windows })
}

/// Squares of `[batch, rows, columns, maps]` against `[batch, down, across, n]`, summed over squares:
/// `[tap x map, n]`.
pub(super) fn pair(x: &FlexTensor, rows: &FlexTensor, windows: Windows) -> FlexTensor {
    let (x, rows) = (x.to_contiguous(), rows.to_contiguous());
    let ([batch, height, width, maps], [_, _, _, to]) = (shape4(&x), shape4(&rows));
    let squares = Squares { windows, sides: [height, width], maps };
    let images = images_per_part(batch, &squares);
    let rows = rows.reshape([batch * squares.per_image(), to].into());
    let parts = numbers(&x).par_chunks(images * squares.image_len()).enumerate();
    let sums: Vec<FlexTensor> = parts
        .map(|(part, x)| {
            let first = part * images * squares.per_image();
            let of_block = |block: Range<usize>| {
                let read = tensor(squares.read(x, block.clone()), [block.len(), squares.len()]);
                Flex::float_matmul(transposed(read), some_rows(&rows, first, &block))
            };
            // Each block's result is as large as the matrix: fewer blocks are fewer additions.
            added(blocks(x.len() / squares.image_len(), &squares, PART_SQUARES).map(of_block))
        })
        .collect();
    added(sums.into_iter())
}

/// The sum of tensors of one shape, in order.
fn added(mut tensors: impl Iterator<Item = FlexTensor>) -> FlexTensor {
    let first = tensors.next().expect("at least one image");
    tensors.fold(first, |mut sum, term| {
        sum.storage_mut::<f32>().iter_mut().zip(numbers(&term)).for_each(|(sum, term)| *sum += term);
        sum
    })
}
