//! The Row LSTM: rows from the top, all places of a row at once.
//!
//! Input-to-state is a 3x1 convolution with mask B over the whole map, state-to-state an unmasked
//! 3x1 convolution over the row above, so that a place sees a triangle above it (section 3.1).

use burn::prelude::*;

use super::grid::Tap;
use super::layer::Direction;
use super::lstm::{moved, slices, step};

/// What goes into a place's gates: what mask B leaves of a 3x1 kernel.
pub(super) const INPUT: &[Tap] = &[Tap::new(0, -1), Tap::new(0, 0)];
/// The states that go into a place's gates.
pub(super) const STATE: &[Tap] = &[Tap::new(-1, -1), Tap::new(-1, 0), Tap::new(-1, 1)];
/// The place whose cell state a place goes on from.
pub(super) const CELL: Tap = Tap::new(-1, 0);

/// `[height, width, batch, 2 h]` to `[height * width * batch, h]`.
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
            // The tap at column - 1 brings what moves forwards.
            let taps = vec![moved(above.clone(), 0, true), above.clone(), moved(above, 0, false)];
            sums = sums + Tensor::cat(taps, 2).reshape([row, 3 * hidden]).matmul(direction.state.val());
        }
        let state = step(sums, cell);
        cell = Some(state.cell);
        states.push(state.hidden);
    }
    Tensor::cat(states, 0)
}
