//! The products of a convolution, a tile of the result in registers at a time.
//!
//! A number of the input meets a few vectors of weights, each of neighbouring maps of the result; the sums of
//! some places stay in registers until they are whole. Results of few maps would leave a vector nearly
//! empty: there the numbers that a place reads are the vector.

use engine::fused::{activated, vectors};
use pulp::{Simd, WithSimd};

use super::reads::{Phase, Place, Taps};

/// Maps of a result that are too few for a vector.
const FEW: usize = 4;

/// A phase with its weights laid out for the machine's vectors.
#[derive(Debug)]
pub(super) struct Kernel {
    phase: Phase,
    /// Maps of the result.
    to: usize,
    /// `[panel][number read][map]`, panels of two vectors and one of one, zeros after the last map;
    /// `[map][number read]` for few maps.
    weights: Vec<f32>,
    few: bool,
}

impl Kernel {
    /// `weight` is asked for a tap, a map of the input and one of the result; vectors have `lanes` numbers.
    pub(super) fn new(phase: Phase, to: usize, lanes: usize, weight: impl Fn(usize, usize, usize) -> f32) -> Self {
        let len = phase.taps.len();
        let maps = len / phase.order.len();
        let few = to <= FEW.min(lanes / 2) && phase.taps.run >= lanes;
        let read = |k: usize, map: usize| if map < to { weight(phase.order[k / maps], k % maps, map) } else { 0.0 };
        let weights = if few {
            (0..to * len).map(|at| read(at % len, at / len)).collect()
        } else {
            let vectors = to.div_ceil(lanes);
            let mut weights = Vec::with_capacity(len * vectors * lanes);
            for first in (0..vectors).step_by(2) {
                let maps = first * lanes..(first + 2).min(vectors) * lanes;
                (0..len).for_each(|k| weights.extend(maps.clone().map(|map| read(k, map))));
            }
            weights
        };
        Self { phase, to, weights, few }
    }
}

/// One image of a convolution.
pub(super) struct Image<'a> {
    pub(super) kernels: &'a [Kernel],
    /// With zeros around it.
    pub(super) x: &'a [f32],
    /// A number per map.
    pub(super) bias: &'a [f32],
    /// Of the unit where its input is negative: 1 is none, 0 a rectified one.
    pub(super) slope: f32,
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
        // As many sums as the registers hold: 32 of AVX-512, else 16.
        match (vectors, lanes >= 16) {
            (2, true) => places::<S, 8, 2>(simd, image, kernel, panel, first),
            (2, false) => places::<S, 6, 2>(simd, image, kernel, panel, first),
            (_, true) => places::<S, 12, 1>(simd, image, kernel, panel, first),
            (_, false) => places::<S, 8, 1>(simd, image, kernel, panel, first),
        }
        rest = others;
    }
}

/// All places of a phase, `PLACES` at a time.
#[inline(always)]
fn places<S: Simd, const PLACES: usize, const VECTORS: usize>(
    simd: S,
    image: &mut Image,
    kernel: &Kernel,
    panel: &[S::f32s],
    first: usize,
) {
    let (panel, _) = panel.as_chunks::<VECTORS>();
    let (many, rest) = kernel.phase.places.as_chunks::<PLACES>();
    many.iter().for_each(|places| tile(simd, image, kernel, panel, first, places));
    let (four, rest) = rest.as_chunks::<4>();
    four.iter().for_each(|places| tile(simd, image, kernel, panel, first, places));
    let (one, _) = rest.as_chunks::<1>();
    one.iter().for_each(|places| tile(simd, image, kernel, panel, first, places));
}

#[inline(always)]
fn tile<S: Simd, const PLACES: usize, const VECTORS: usize>(
    simd: S,
    image: &mut Image,
    kernel: &Kernel,
    panel: &[[S::f32s; VECTORS]],
    first: usize,
    places: &[Place; PLACES],
) {
    let lanes = S::F32_LANES;
    let all = first..kernel.to.min(first + VECTORS * lanes);
    let mut sums = [vectors::<S, VECTORS>(simd, &image.bias[all.clone()]); PLACES];
    add_products(simd, image.x, places, kernel.phase.taps, panel, &mut sums);
    for (place, sums) in places.iter().zip(sums) {
        let out = &mut image.out[place.writes..][all.clone()];
        for (out, sum) in out.chunks_mut(lanes).zip(sums) {
            simd.partial_store_f32s(out, activated(simd, sum, image.slope));
        }
    }
}

#[inline(always)]
fn add_products<S: Simd, const PLACES: usize, const VECTORS: usize>(
    simd: S,
    x: &[f32],
    places: &[Place; PLACES],
    taps: Taps,
    panel: &[[S::f32s; VECTORS]],
    sums: &mut [[S::f32s; VECTORS]; PLACES],
) {
    for (row, weights) in panel.chunks_exact(taps.run).enumerate() {
        let read: [&[f32]; PLACES] =
            std::array::from_fn(|place| &x[places[place].reads + row * taps.row_len..][..taps.run]);
        for (k, weights) in weights.iter().enumerate() {
            for place in 0..PLACES {
                let number = simd.splat_f32s(read[place][k]);
                for vector in 0..VECTORS {
                    sums[place][vector] = simd.mul_add_f32s(number, weights[vector], sums[place][vector]);
                }
            }
        }
    }
}

/// Results of few maps.
#[inline(always)]
fn dots<S: Simd>(simd: S, image: &mut Image, kernel: &Kernel) {
    let (eight, rest) = kernel.phase.places.as_chunks::<8>();
    let (one, _) = rest.as_chunks::<1>();
    for (map, weights) in kernel.weights.chunks_exact(kernel.phase.taps.len()).enumerate() {
        eight.iter().for_each(|places| dot(simd, image, kernel.phase.taps, weights, map, places));
        one.iter().for_each(|places| dot(simd, image, kernel.phase.taps, weights, map, places));
    }
}

#[inline(always)]
fn dot<S: Simd, const PLACES: usize>(
    simd: S,
    image: &mut Image,
    taps: Taps,
    weights: &[f32],
    map: usize,
    places: &[Place; PLACES],
) {
    let mut sums = [simd.splat_f32s(0.0); PLACES];
    for (row, weights) in weights.chunks_exact(taps.run).enumerate() {
        let (weights, rest) = S::as_simd_f32s(weights);
        let rest = simd.partial_load_f32s(rest);
        for place in 0..PLACES {
            let (read, last) = S::as_simd_f32s(&image.x[places[place].reads + row * taps.row_len..][..taps.run]);
            for (read, weights) in read.iter().zip(weights) {
                sums[place] = simd.mul_add_f32s(*read, *weights, sums[place]);
            }
            sums[place] = simd.mul_add_f32s(simd.partial_load_f32s(last), rest, sums[place]);
        }
    }
    for (place, sum) in places.iter().zip(sums) {
        let x = simd.reduce_sum_f32s(sum) + image.bias[map];
        image.out[place.writes + map] = if x < 0.0 { image.slope * x } else { x };
    }
}
