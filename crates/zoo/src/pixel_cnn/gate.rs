//! Inner loops of the gates of the CPU version, forward and backward.

use pulp::{Simd, WithSimd};

use super::kernels::padded;

/// Kernel of the gates of consecutive positions: tanh of the first half of the channels in `x` times the sigmoid of the
/// second half.
pub(super) struct Gate<'a> {
    /// Number of output channels, not padded.
    pub(super) channels: usize,
    pub(super) x: &'a [f32],
    pub(super) y: &'a mut [f32],
}

impl WithSimd for Gate<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { channels, x, y } = self;
        for (x, y) in x.chunks_exact(padded(2 * channels)).zip(y.chunks_exact_mut(padded(channels))) {
            let (a, b) = x[..2 * channels].split_at(channels);
            for ((a, b), y) in a.iter().zip(b).zip(y) {
                *y = tanh(*a) * sigmoid(*b);
            }
        }
    }
}

/// Kernel that adds the gradient of [`Gate`] to `on_x`.
pub(super) struct GateBackward<'a> {
    pub(super) channels: usize,
    pub(super) x: &'a [f32],
    pub(super) on_y: &'a [f32],
    pub(super) on_x: &'a mut [f32],
}

impl WithSimd for GateBackward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { channels, x, on_y, on_x } = self;
        let (one, two) = (padded(channels), padded(2 * channels));
        let positions = x.chunks_exact(two).zip(on_y.chunks_exact(one)).zip(on_x.chunks_exact_mut(two));
        for ((x, on_y), on_x) in positions {
            let ((a, b), (on_a, on_b)) =
                (x[..2 * channels].split_at(channels), on_x[..2 * channels].split_at_mut(channels));
            for (((a, b), (on_a, on_b)), on_y) in a.iter().zip(b).zip(on_a.iter_mut().zip(on_b)).zip(on_y) {
                let (t, s) = (tanh(*a), sigmoid(*b));
                *on_a += on_y * s * (1.0 - t * t);
                *on_b += on_y * t * s * (1.0 - s);
            }
        }
    }
}

#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + nn::simd::exp(-x))
}

/// Computes tanh x = 2 sigmoid(2 x) - 1 with an absolute error of 2e-7.
#[inline(always)]
fn tanh(x: f32) -> f32 {
    2.0 * sigmoid(2.0 * x) - 1.0
}
