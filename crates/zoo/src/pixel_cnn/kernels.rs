//! The inner loops of the CPU version: convolutions with their sums in registers, and gates.
//!
//! Feature maps of a place lie side by side, and all places of an image are one after the other
//! in a padded grid (see [`super::host::Grid`]), so that a tap is a constant distance in memory.

use std::ops::Range;

use crate::nade::exp;

/// Places summed at once, so that a weight is read once for all of them.
const PLACES: usize = 4;
/// Output maps summed at once.
const LANES: usize = 16;

/// A weight matrix per tap, applied at a distance.
#[derive(Clone, Copy)]
pub(super) struct Taps<'a> {
    /// Distance in places of what is read, per tap.
    pub(super) offsets: &'a [isize],
    /// `[tap][input][output]`.
    pub(super) weight: &'a [f32],
    /// Maps read.
    pub(super) inputs: usize,
    /// Maps written.
    pub(super) outputs: usize,
}

/// Adds to `target` at `places` the products of what the taps read from `source`.
#[inline(always)]
pub(super) fn convolve(taps: Taps<'_>, source: &[f32], target: &mut [f32], places: Range<usize>) {
    let mut output = 0;
    while output + LANES <= taps.outputs {
        columns::<LANES>(taps, source, target, places.clone(), output);
        output += LANES;
    }
    if output + LANES / 2 <= taps.outputs {
        columns::<{ LANES / 2 }>(taps, source, target, places.clone(), output);
        output += LANES / 2;
    }
    while output < taps.outputs {
        columns::<1>(taps, source, target, places.clone(), output);
        output += 1;
    }
}

#[inline(always)]
fn columns<const N: usize>(taps: Taps<'_>, source: &[f32], target: &mut [f32], places: Range<usize>, output: usize) {
    let mut place = places.start;
    while place + PLACES <= places.end {
        block::<PLACES, N>(taps, source, target, place, output);
        place += PLACES;
    }
    while place < places.end {
        block::<1, N>(taps, source, target, place, output);
        place += 1;
    }
}

#[inline(always)]
fn block<const P: usize, const N: usize>(
    taps: Taps<'_>,
    source: &[f32],
    target: &mut [f32],
    place: usize,
    output: usize,
) {
    let Taps { offsets, weight, inputs, outputs } = taps;
    let mut sums = [[0f32; N]; P];
    for (sums, target) in sums.iter_mut().zip(target[place * outputs..].chunks_exact(outputs)) {
        sums.copy_from_slice(&target[output..output + N]);
    }
    for (offset, weight) in offsets.iter().zip(weight.chunks_exact(inputs * outputs)) {
        let source = &source[place.saturating_add_signed(*offset) * inputs..][..P * inputs];
        for (input, row) in weight.chunks_exact(outputs).enumerate() {
            let row: &[f32; N] = row[output..].first_chunk().expect("the caller keeps within the outputs");
            for (number, sums) in sums.iter_mut().enumerate() {
                let value = source[number * inputs + input];
                for lane in 0..N {
                    sums[lane] = value.mul_add(row[lane], sums[lane]);
                }
            }
        }
    }
    for (sums, target) in sums.iter().zip(target[place * outputs..].chunks_exact_mut(outputs)) {
        target[output..output + N].copy_from_slice(sums);
    }
}

/// Adds the gradient of the weights: products of what a tap reads at a place and the gradient of
/// what is written there, summed over `places`.
#[inline(always)]
pub(super) fn correlate(
    taps: Taps<'_>,
    source: &[f32],
    on_target: &[f32],
    places: Range<usize>,
    on_weight: &mut [f32],
) {
    let size = taps.inputs * taps.outputs;
    for (offset, on_weight) in taps.offsets.iter().zip(on_weight.chunks_exact_mut(size)) {
        let source = &source[places.start.saturating_add_signed(*offset) * taps.inputs..];
        let on_target = &on_target[places.start * taps.outputs..places.end * taps.outputs];
        let mut output = 0;
        while output < taps.outputs {
            let left = taps.outputs - output;
            let lanes = if left >= LANES {
                LANES
            } else if left >= LANES / 2 {
                LANES / 2
            } else {
                1
            };
            let mut input = 0;
            while input < taps.inputs {
                let rows = if taps.inputs - input >= PLACES { PLACES } else { 1 };
                let at = (input, output);
                match (rows, lanes) {
                    (PLACES, LANES) => outer::<PLACES, LANES>(taps, source, on_target, at, on_weight),
                    (PLACES, 1) => outer::<PLACES, 1>(taps, source, on_target, at, on_weight),
                    (PLACES, _) => outer::<PLACES, { LANES / 2 }>(taps, source, on_target, at, on_weight),
                    (_, LANES) => outer::<1, LANES>(taps, source, on_target, at, on_weight),
                    (_, 1) => outer::<1, 1>(taps, source, on_target, at, on_weight),
                    _ => outer::<1, { LANES / 2 }>(taps, source, on_target, at, on_weight),
                }
                input += rows;
            }
            output += lanes;
        }
    }
}

#[inline(always)]
fn outer<const I: usize, const N: usize>(
    taps: Taps<'_>,
    source: &[f32],
    on_target: &[f32],
    (input, output): (usize, usize),
    on_weight: &mut [f32],
) {
    let Taps { inputs, outputs, .. } = taps;
    let mut sums = [[0f32; N]; I];
    for (source, on_target) in source.chunks_exact(inputs).zip(on_target.chunks_exact(outputs)) {
        let values: &[f32; I] = source[input..].first_chunk().expect("the caller keeps within the inputs");
        let row: &[f32; N] = on_target[output..].first_chunk().expect("the caller keeps within the outputs");
        for (value, sums) in values.iter().zip(&mut sums) {
            for lane in 0..N {
                sums[lane] = value.mul_add(row[lane], sums[lane]);
            }
        }
    }
    for (number, sums) in sums.iter().enumerate() {
        let row = &mut on_weight[(input + number) * outputs + output..][..N];
        row.iter_mut().zip(sums).for_each(|(weight, sum)| *weight += sum);
    }
}

/// The gate of one place: tanh of the first half of `x` times the sigmoid of the second.
#[inline(always)]
pub(super) fn gate(x: &[f32], y: &mut [f32]) {
    let (a, b) = x.split_at(y.len());
    for ((a, b), y) in a.iter().zip(b).zip(y) {
        *y = tanh(*a) * sigmoid(*b);
    }
}

/// Adds the gradient of [`gate`] to `on_x`.
#[inline(always)]
pub(super) fn gate_backward(x: &[f32], on_y: &[f32], on_x: &mut [f32]) {
    let ((a, b), (on_a, on_b)) = (x.split_at(on_y.len()), on_x.split_at_mut(on_y.len()));
    for (((a, b), (on_a, on_b)), on_y) in a.iter().zip(b).zip(on_a.iter_mut().zip(on_b)).zip(on_y) {
        let (t, s) = (tanh(*a), sigmoid(*b));
        *on_a += on_y * s * (1.0 - t * t);
        *on_b += on_y * t * s * (1.0 - s);
    }
}

#[inline(always)]
pub(super) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// tanh x = 2 sigmoid(2 x) - 1, to an absolute error of 2e-7.
#[inline(always)]
fn tanh(x: f32) -> f32 {
    2.0 * sigmoid(2.0 * x) - 1.0
}
