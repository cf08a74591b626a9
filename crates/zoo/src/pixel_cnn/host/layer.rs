//! Parameters in the layout of the kernels.

use nn::masked_conv::Shape;

use super::super::kernels::{Taps, padded};
use super::grid::Grid;

/// Convolution on the host.
pub(super) struct Layer {
    inputs: usize,
    pub(super) outputs: usize,
    /// Distances of the taps in positions.
    offsets: Vec<isize>,
    /// Negative distances, for the backward pass.
    back: Vec<isize>,
    /// Masked weights, `[tap][input][output]`, with padded outputs.
    pub(super) weight: Vec<f32>,
    /// Masked weights for the backward pass, `[tap][output][input]`, with padded inputs.
    transposed: Vec<f32>,
    /// Padded bias.
    pub(super) bias: Vec<f32>,
    pub(super) mask: Option<Vec<f32>>,
}

impl Layer {
    pub(super) fn new(shape: &Shape, grid: Grid, mut weight: Vec<f32>, bias: Vec<f32>) -> Self {
        let mask = shape.mask();
        if let Some(mask) = &mask {
            weight.iter_mut().zip(mask).for_each(|(weight, mask)| *weight *= mask);
        }
        let (inputs, outputs) = (shape.inputs, shape.outputs);
        let transpose = |tap: &[f32]| -> Vec<f32> {
            (0..inputs * outputs).map(|index| tap[index % inputs * outputs + index / inputs]).collect()
        };
        let transposed: Vec<f32> = weight.chunks_exact(inputs * outputs).flat_map(transpose).collect();
        let offset = |up: usize, right: isize| right - (up * grid.stride()) as isize;
        let offsets: Vec<isize> = shape.taps.iter().map(|tap| offset(tap.up, tap.right)).collect();
        let back = offsets.iter().map(|offset| -offset).collect();
        let (weight, transposed, bias) = (pad(&weight, outputs), pad(&transposed, inputs), pad(&bias, outputs));
        Self { inputs, outputs, offsets, back, weight, transposed, bias, mask }
    }

    pub(super) fn taps(&self) -> Taps<'_> {
        let (inputs, source_stride, outputs) = (self.inputs, padded(self.inputs), padded(self.outputs));
        Taps { offsets: &self.offsets, weight: &self.weight, inputs, source_stride, outputs }
    }

    pub(super) fn taps_back(&self) -> Taps<'_> {
        let (inputs, source_stride, outputs) = (self.outputs, padded(self.outputs), padded(self.inputs));
        Taps { offsets: &self.back, weight: &self.transposed, inputs, source_stride, outputs }
    }
}

/// Pads rows of `channels` numbers with zeros.
fn pad(rows: &[f32], channels: usize) -> Vec<f32> {
    let zeros = padded(channels) - channels;
    rows.chunks_exact(channels).flat_map(|row| row.iter().copied().chain(std::iter::repeat_n(0.0, zeros))).collect()
}

/// Removes the padding of [`pad`].
pub(super) fn unpad(rows: &[f32], channels: usize) -> Vec<f32> {
    rows.chunks_exact(padded(channels)).flat_map(|row| &row[..channels]).copied().collect()
}
