//! Inner loops of the CPU version: convolutions with their sums in registers.
//!
//! The channels of a position are contiguous, and the positions of an image follow each other in a padded grid (see
//! [`super::host`]), so that a tap is a constant distance in memory.
//!
//! Each kernel is a value for [`nn::simd::dispatch`], or for [`filled`].

use std::ops::Range;

use nn::simd::{dispatch, dispatch_widest, widest_lanes};
use pulp::{Simd, WithSimd};

/// Number of positions, or of input channels, that are summed together, so that their common operand is read once.
const BLOCK: usize = 4;
/// Channels are padded with zeros to a multiple of this number, the width of an AVX2 vector.
const LANES: usize = 8;

/// Padded length of `channels` channels in memory.
pub(super) const fn padded(channels: usize) -> usize {
    channels.next_multiple_of(LANES)
}

/// One weight matrix per tap, applied at a distance. Sizes are [`padded`], as stored.
#[derive(Clone, Copy)]
pub(super) struct Taps<'a> {
    /// Distance of the source position per tap, in positions.
    pub(super) offsets: &'a [isize],
    /// Weights, `[tap][input][output]`, with padded outputs.
    pub(super) weight: &'a [f32],
    /// Number of input channels, not padded.
    pub(super) inputs: usize,
    /// Distance between two positions of the source, in numbers.
    pub(super) source_stride: usize,
    /// Distance between two positions of the target, in numbers.
    pub(super) outputs: usize,
}

/// Runs `kernel` with the widest vectors that divide the number of output channels. Each sum stays in its own lane, so
/// that the result is bit-identical for all widths.
pub(super) fn filled<Op: WithSimd>(outputs: usize, kernel: Op) -> Op::Output {
    if outputs.is_multiple_of(widest_lanes()) { dispatch_widest(kernel) } else { dispatch(kernel) }
}

/// Kernel that adds to `target` at `positions` the products of the taps with `source`.
pub(super) struct Convolve<'a> {
    pub(super) taps: Taps<'a>,
    pub(super) source: &'a [f32],
    pub(super) target: &'a mut [f32],
    pub(super) positions: Range<usize>,
}

impl WithSimd for Convolve<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { taps, source, target, positions } = self;
        let mut output = 0;
        while output < taps.outputs {
            // A single position, as in sampling, leaves registers for more channels.
            if positions.len() < BLOCK && output + 4 * S::F32_LANES <= taps.outputs {
                columns::<S, 4>(simd, taps, source, target, positions.clone(), output);
                output += 4 * S::F32_LANES;
            } else if output + 2 * S::F32_LANES <= taps.outputs {
                columns::<S, 2>(simd, taps, source, target, positions.clone(), output);
                output += 2 * S::F32_LANES;
            } else {
                columns::<S, 1>(simd, taps, source, target, positions.clone(), output);
                output += S::F32_LANES;
            }
        }
    }
}

#[inline(always)]
fn columns<S: Simd, const V: usize>(
    simd: S,
    taps: Taps<'_>,
    source: &[f32],
    target: &mut [f32],
    positions: Range<usize>,
    output: usize,
) {
    let mut position = positions.start;
    while position + BLOCK <= positions.end {
        block::<S, BLOCK, V>(simd, taps, source, target, position, output);
        position += BLOCK;
    }
    while position < positions.end {
        block::<S, 1, V>(simd, taps, source, target, position, output);
        position += 1;
    }
}

/// Computes the sums of P positions for V vectors of output channels.
#[inline(always)]
fn block<S: Simd, const P: usize, const V: usize>(
    simd: S,
    taps: Taps<'_>,
    source: &[f32],
    target: &mut [f32],
    position: usize,
    output: usize,
) {
    let Taps { offsets, weight, inputs, source_stride, outputs } = taps;
    let columns = |row: &[f32]| -> [S::f32s; V] {
        let (vectors, _) = S::as_simd_f32s(&row[output..output + V * S::F32_LANES]);
        std::array::from_fn(|vector| vectors[vector])
    };
    let mut sums: [[S::f32s; V]; P] = std::array::from_fn(|number| columns(&target[(position + number) * outputs..]));
    for (offset, weight) in offsets.iter().zip(weight.chunks_exact(inputs * outputs)) {
        let first = position.saturating_add_signed(*offset);
        let read: [&[f32]; P] = std::array::from_fn(|number| &source[(first + number) * source_stride..][..inputs]);
        for (input, row) in weight.chunks_exact(outputs).enumerate() {
            let row = columns(row);
            for number in 0..P {
                let value = simd.splat_f32s(read[number][input]);
                for vector in 0..V {
                    sums[number][vector] = simd.mul_add_e_f32s(value, row[vector], sums[number][vector]);
                }
            }
        }
    }
    for (number, sums) in sums.iter().enumerate() {
        let target = &mut target[(position + number) * outputs + output..][..V * S::F32_LANES];
        S::as_mut_simd_f32s(target).0.copy_from_slice(sums);
    }
}

/// Kernel that adds the weight gradient: the products of the source of a tap and the gradient of the target, summed
/// over `positions`.
pub(super) struct Correlate<'a> {
    pub(super) taps: Taps<'a>,
    pub(super) source: &'a [f32],
    pub(super) on_target: &'a [f32],
    pub(super) positions: Range<usize>,
    /// Weight gradient, laid out like the weights.
    pub(super) on_weight: &'a mut [f32],
}

impl WithSimd for Correlate<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { taps, source, on_target, positions, on_weight } = self;
        let on_target = &on_target[positions.start * taps.outputs..positions.end * taps.outputs];
        let tap_size = taps.inputs * taps.outputs;
        for (offset, on_weight) in taps.offsets.iter().zip(on_weight.chunks_exact_mut(tap_size)) {
            let source = &source[positions.start.saturating_add_signed(*offset) * taps.source_stride..];
            let mut input = 0;
            while input < taps.inputs {
                if input + BLOCK <= taps.inputs {
                    rows::<S, BLOCK>(simd, taps, source, on_target, input, on_weight);
                    input += BLOCK;
                } else {
                    rows::<S, 1>(simd, taps, source, on_target, input, on_weight);
                    input += 1;
                }
            }
        }
    }
}

#[inline(always)]
fn rows<S: Simd, const I: usize>(
    simd: S,
    taps: Taps<'_>,
    source: &[f32],
    on_target: &[f32],
    input: usize,
    on_weight: &mut [f32],
) {
    let mut output = 0;
    while output < taps.outputs {
        if output + 2 * S::F32_LANES <= taps.outputs {
            outer::<S, I, 2>(simd, taps, source, on_target, (input, output), on_weight);
            output += 2 * S::F32_LANES;
        } else {
            outer::<S, I, 1>(simd, taps, source, on_target, (input, output), on_weight);
            output += S::F32_LANES;
        }
    }
}

/// Computes the sums of I inputs for V vectors of output channels.
#[inline(always)]
fn outer<S: Simd, const I: usize, const V: usize>(
    simd: S,
    taps: Taps<'_>,
    source: &[f32],
    on_target: &[f32],
    (input, output): (usize, usize),
    on_weight: &mut [f32],
) {
    let Taps { source_stride, outputs, .. } = taps;
    let mut sums: [[S::f32s; V]; I] = std::array::from_fn(|number| {
        let row = &on_weight[(input + number) * outputs + output..][..V * S::F32_LANES];
        std::array::from_fn(|vector| S::as_simd_f32s(row).0[vector])
    });
    for (source, on_target) in source.chunks_exact(source_stride).zip(on_target.chunks_exact(outputs)) {
        let (values, row) = (&source[input..input + I], &on_target[output..output + V * S::F32_LANES]);
        let (row, _) = S::as_simd_f32s(row);
        for number in 0..I {
            let value = simd.splat_f32s(values[number]);
            for vector in 0..V {
                sums[number][vector] = simd.mul_add_e_f32s(value, row[vector], sums[number][vector]);
            }
        }
    }
    for (number, sums) in sums.iter().enumerate() {
        let row = &mut on_weight[(input + number) * outputs + output..][..V * S::F32_LANES];
        S::as_mut_simd_f32s(row).0.copy_from_slice(sums);
    }
}
