//! Weight gradient of a convolution: each input times the gradient of its output, summed over positions.
//!
//! One tile of the weights is in registers at a time.

use pulp::{Simd, WithSimd};

use super::reads::Phase;

/// Contribution of one image.
pub(super) struct WeightGradient<'a> {
    pub(super) phase: &'a Phase,
    /// The padded image.
    pub(super) x: &'a [f32],
    /// Output gradients, `[position][channel]`: whole vectors of channels, or few channels.
    pub(super) gradients: &'a [f32],
    /// Number of channels per position.
    pub(super) to: usize,
    /// Sums `[input][channel]`, to which the image is added; `[channel][input]` for few channels.
    pub(super) sums: &'a mut [f32],
}

/// Returns whether vectors of `lanes` numbers are along the input, not along the channels of the result.
pub(super) fn few(phase: &Phase, to: usize, lanes: usize) -> bool {
    to <= lanes / 4 && phase.taps.run >= lanes
}

impl WithSimd for WeightGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for row in 0..self.phase.taps.rows {
            if few(self.phase, self.to, S::F32_LANES) {
                self.few_channels(simd, row);
            } else {
                self.row(simd, row);
            }
        }
    }
}

impl WeightGradient<'_> {
    #[inline(always)]
    fn row<S: Simd>(&mut self, simd: S, row: usize) {
        let (run, vectors) = (self.phase.taps.run, self.to / S::F32_LANES);
        let wide = S::F32_LANES >= 16;
        for vector in (0..vectors).step_by(2) {
            let two = vectors - vector >= 2;
            let mut k = 0;
            while k < run {
                k += match (run - k, two) {
                    (8.., true) if wide => self.tile::<S, 8, 2>(simd, row, k, vector),
                    (8.., false) => self.tile::<S, 8, 1>(simd, row, k, vector),
                    (4.., true) => self.tile::<S, 4, 2>(simd, row, k, vector),
                    (4.., false) => self.tile::<S, 4, 1>(simd, row, k, vector),
                    (_, true) => self.tile::<S, 1, 2>(simd, row, k, vector),
                    (_, false) => self.tile::<S, 1, 1>(simd, row, k, vector),
                };
            }
        }
    }

    /// Product of `READ` inputs from `k` on and `VECTORS` vectors of channels.
    #[inline(always)]
    fn tile<S: Simd, const READ: usize, const VECTORS: usize>(
        &mut self,
        simd: S,
        row: usize,
        k: usize,
        vector: usize,
    ) -> usize {
        let (taps, vectors) = (self.phase.taps, self.to / S::F32_LANES);
        let (gradients, _) = S::as_simd_f32s(self.gradients);
        let mut sums = [[simd.splat_f32s(0.0); VECTORS]; READ];
        for (position, gradients) in self.phase.positions.iter().zip(gradients.chunks_exact(vectors)) {
            let read =
                self.x[position.reads + row * taps.row_len + k..].first_chunk::<READ>().expect("within the image");
            let gradients = gradients[vector..].first_chunk::<VECTORS>().expect("the row has whole vectors");
            for (sums, number) in sums.iter_mut().zip(read) {
                let number = simd.splat_f32s(*number);
                for (sum, gradient) in sums.iter_mut().zip(gradients) {
                    *sum = simd.mul_add_f32s(number, *gradient, *sum);
                }
            }
        }
        let (totals, _) = S::as_mut_simd_f32s(self.sums);
        for (read, sums) in sums.iter().enumerate() {
            let first = (row * taps.run + k + read) * vectors + vector;
            for (total, sum) in totals[first..first + VECTORS].iter_mut().zip(sums) {
                *total = simd.add_f32s(*total, *sum);
            }
        }
        READ
    }

    #[inline(always)]
    fn few_channels<S: Simd>(&mut self, simd: S, row: usize) {
        let (taps, lanes) = (self.phase.taps, S::F32_LANES);
        for channel in 0..self.to {
            for k in (0..taps.run).step_by(lanes) {
                let width = lanes.min(taps.run - k);
                let mut sum = simd.splat_f32s(0.0);
                for (position, gradients) in self.phase.positions.iter().zip(self.gradients.chunks_exact(self.to)) {
                    let read = simd.partial_load_f32s(&self.x[position.reads + row * taps.row_len + k..][..width]);
                    sum = simd.mul_add_f32s(read, simd.splat_f32s(gradients[channel]), sum);
                }
                let total = &mut self.sums[channel * taps.len() + row * taps.run + k..][..width];
                let sum = simd.add_f32s(simd.partial_load_f32s(total), sum);
                simd.partial_store_f32s(total, sum);
            }
        }
    }
}
