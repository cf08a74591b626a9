//! Row LSTM: row by row from the top, with all positions of a row in parallel.
//!
//! Input-to-state is a 3x1 convolution with mask B over the whole image. State-to-state is an unmasked 3x1 convolution
//! over the row above, so that the receptive field of a position is a triangle above it (section 3.1).

use burn::prelude::*;

use super::grid::Tap;
use super::layer::Direction;
use super::lstm::{moved, slices, step};

/// Inputs of the gates at a position: the taps of a 3x1 kernel that mask B keeps.
pub(super) const INPUT: &[Tap] = &[Tap::new(0, -1), Tap::new(0, 0)];
/// States that enter the gates at a position.
pub(super) const STATE: &[Tap] = &[Tap::new(-1, -1), Tap::new(-1, 0), Tap::new(-1, 1)];
/// Position of the previous cell state.
pub(super) const CELL: Tap = Tap::new(-1, 0);

/// Computes the hidden states, `[height, width, batch, 2 h]` to `[height * width * batch, h]`.
pub(super) fn forward(direction: &Direction, x: Tensor<4>) -> Tensor<2> {
    let [height, width, batch, features] = x.dims();
    let seen = Tensor::cat(vec![moved(x.clone(), 1, true), x], 3);
    let sums = direction.input.forward(seen.reshape([height * width * batch, 2 * features]));
    let [_, gates] = sums.dims();
    let (hidden, row) = (gates / 4, width * batch);
    let mut states = Vec::with_capacity(height);
    let mut cell = None;
    for sums in slices(sums.reshape([height, row, gates])) {
        let mut sums = sums.reshape([row, gates]);
        if let Some(above) = states.last() {
            let above: Tensor<3> = Tensor::reshape(Tensor::<2>::clone(above), [width, batch, hidden]);
            // The tap at column - 1 is the tensor shifted forwards.
            let taps = vec![moved(above.clone(), 0, true), above.clone(), moved(above, 0, false)];
            sums = sums + Tensor::cat(taps, 2).reshape([row, 3 * hidden]).matmul(direction.state.val());
        }
        let state = step(sums, cell);
        cell = Some(state.cell);
        states.push(state.hidden);
    }
    Tensor::cat(states, 0)
}
