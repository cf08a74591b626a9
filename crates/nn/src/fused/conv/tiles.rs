//! Products of a convolution, with one tile of the result in registers at a time.
//!
//! Each input is multiplied by a few vectors of weights, one per group of output channels. The sums of some positions
//! stay in registers until they are complete. With few output channels most lanes of a vector would be empty, so
//! vectors are along the inputs of a position instead.

use pulp::{Simd, WithSimd};

use super::super::products::{activated, vectors};
use super::reads::{Phase, Position, Taps};

/// Largest number of output channels for vectors along the inputs.
const FEW: usize = 4;

/// Phase with its weights in the layout of the machine's vectors.
#[derive(Debug)]
pub(super) struct Kernel {
    phase: Phase,
    /// Number of output channels.
    to: usize,
    /// Weights `[panel][input][channel]`, with panels of two vectors (the last may have one) and zeros after the last
    /// channel; `[channel][input]` for few channels.
    weights: Vec<f32>,
    few: bool,
}

impl Kernel {
    /// Kernel of a phase with weights `weight(tap, input channel, output channel)` and vectors of `lanes` numbers.
    pub(super) fn new(phase: Phase, to: usize, lanes: usize, weight: impl Fn(usize, usize, usize) -> f32) -> Self {
        let len = phase.taps.len();
        let channels = len / phase.order.len();
        let few = to <= FEW.min(lanes / 2) && phase.taps.run >= lanes;
        let read = |k: usize, channel: usize| {
            if channel < to { weight(phase.order[k / channels], k % channels, channel) } else { 0.0 }
        };
        let weights = if few {
            (0..to * len).map(|at| read(at % len, at / len)).collect()
        } else {
            let vectors = to.div_ceil(lanes);
            let mut weights = Vec::with_capacity(len * vectors * lanes);
            for first in (0..vectors).step_by(2) {
                let channels = first * lanes..(first + 2).min(vectors) * lanes;
                (0..len).for_each(|k| weights.extend(channels.clone().map(|channel| read(k, channel))));
            }
            weights
        };
        Self { phase, to, weights, few }
    }
}

/// One image of a convolution.
pub(super) struct Image<'a> {
    pub(super) kernels: &'a [Kernel],
    /// The padded image.
    pub(super) x: &'a [f32],
    /// Bias of each output channel.
    pub(super) bias: &'a [f32],
    /// Slope of the activation for negative inputs (1 = identity, 0 = ReLU).
    pub(super) negative_slope: f32,
    pub(super) out: &'a mut [f32],
}

impl WithSimd for Image<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for kernel in self.kernels {
            if kernel.few {
                dots(simd, &mut self, kernel);
            } else {
                panels(simd, &mut self, kernel);
            }
        }
    }
}

#[inline(always)]
fn panels<S: Simd>(simd: S, image: &mut Image, kernel: &Kernel) {
    let (lanes, len) = (S::F32_LANES, kernel.phase.taps.len());
    let mut rest = kernel.weights.as_slice();
    for first in (0..kernel.to).step_by(2 * lanes) {
        let vectors = (kernel.to - first).div_ceil(lanes).min(2);
        let (panel, others) = rest.split_at(vectors * lanes * len);
        let (panel, _) = S::as_simd_f32s(panel);
        // As many sums as there are registers: 32 with AVX-512, else 16.
        match (vectors, lanes >= 16) {
            (2, true) => positions::<S, 8, 2>(simd, image, kernel, panel, first),
            (2, false) => positions::<S, 6, 2>(simd, image, kernel, panel, first),
            (_, true) => positions::<S, 12, 1>(simd, image, kernel, panel, first),
            (_, false) => positions::<S, 8, 1>(simd, image, kernel, panel, first),
        }
        rest = others;
    }
}

/// Computes all positions of a phase, `POSITIONS` at a time.
#[inline(always)]
fn positions<S: Simd, const POSITIONS: usize, const VECTORS: usize>(
    simd: S,
    image: &mut Image,
    kernel: &Kernel,
    panel: &[S::f32s],
    first: usize,
) {
    let (panel, _) = panel.as_chunks::<VECTORS>();
    let (many, rest) = kernel.phase.positions.as_chunks::<POSITIONS>();
    many.iter().for_each(|positions| tile(simd, image, kernel, panel, first, positions));
    let (four, rest) = rest.as_chunks::<4>();
    four.iter().for_each(|positions| tile(simd, image, kernel, panel, first, positions));
    let (one, _) = rest.as_chunks::<1>();
    one.iter().for_each(|positions| tile(simd, image, kernel, panel, first, positions));
}

#[inline(always)]
fn tile<S: Simd, const POSITIONS: usize, const VECTORS: usize>(
    simd: S,
    image: &mut Image,
    kernel: &Kernel,
    panel: &[[S::f32s; VECTORS]],
    first: usize,
    positions: &[Position; POSITIONS],
) {
    let lanes = S::F32_LANES;
    let all = first..kernel.to.min(first + VECTORS * lanes);
    let mut sums = [vectors::<S, VECTORS>(simd, &image.bias[all.clone()]); POSITIONS];
    add_products(simd, image.x, positions, kernel.phase.taps, panel, &mut sums);
    for (position, sums) in positions.iter().zip(sums) {
        let out = &mut image.out[position.writes..][all.clone()];
        for (out, sum) in out.chunks_mut(lanes).zip(sums) {
            simd.partial_store_f32s(out, activated(simd, sum, image.negative_slope));
        }
    }
}

#[inline(always)]
fn add_products<S: Simd, const POSITIONS: usize, const VECTORS: usize>(
    simd: S,
    x: &[f32],
    positions: &[Position; POSITIONS],
    taps: Taps,
    panel: &[[S::f32s; VECTORS]],
    sums: &mut [[S::f32s; VECTORS]; POSITIONS],
) {
    for (row, weights) in panel.chunks_exact(taps.run).enumerate() {
        let read: [&[f32]; POSITIONS] =
            std::array::from_fn(|position| &x[positions[position].reads + row * taps.row_len..][..taps.run]);
        for (k, weights) in weights.iter().enumerate() {
            for position in 0..POSITIONS {
                let number = simd.splat_f32s(read[position][k]);
                for vector in 0..VECTORS {
                    sums[position][vector] = simd.mul_add_f32s(number, weights[vector], sums[position][vector]);
                }
            }
        }
    }
}

/// Computes results with few channels.
#[inline(always)]
fn dots<S: Simd>(simd: S, image: &mut Image, kernel: &Kernel) {
    let (eight, rest) = kernel.phase.positions.as_chunks::<8>();
    let (one, _) = rest.as_chunks::<1>();
    for (channel, weights) in kernel.weights.chunks_exact(kernel.phase.taps.len()).enumerate() {
        eight.iter().for_each(|positions| dot(simd, image, kernel.phase.taps, weights, channel, positions));
        one.iter().for_each(|positions| dot(simd, image, kernel.phase.taps, weights, channel, positions));
    }
}

#[inline(always)]
fn dot<S: Simd, const POSITIONS: usize>(
    simd: S,
    image: &mut Image,
    taps: Taps,
    weights: &[f32],
    channel: usize,
    positions: &[Position; POSITIONS],
) {
    let mut sums = [simd.splat_f32s(0.0); POSITIONS];
    for (row, weights) in weights.chunks_exact(taps.run).enumerate() {
        let (weights, rest) = S::as_simd_f32s(weights);
        let rest = simd.partial_load_f32s(rest);
        for position in 0..POSITIONS {
            let (read, last) = S::as_simd_f32s(&image.x[positions[position].reads + row * taps.row_len..][..taps.run]);
            for (read, weights) in read.iter().zip(weights) {
                sums[position] = simd.mul_add_f32s(*read, *weights, sums[position]);
            }
            sums[position] = simd.mul_add_f32s(simd.partial_load_f32s(last), rest, sums[position]);
        }
    }
    for (position, sum) in positions.iter().zip(sums) {
        let x = simd.reduce_sum_f32s(sum) + image.bias[channel];
        image.out[position.writes + channel] = if x < 0.0 { image.negative_slope * x } else { x };
    }
}
