//! Diagonal BiLSTM: two LSTMs that sweep the image diagonal by diagonal, one from each top corner.
//!
//! The image is skewed: each row is shifted by one position more than the row above, so that a diagonal becomes a
//! column. State-to-state is a 2x1 convolution down that column, over the position above and the adjacent one. The
//! output of the second sweep is shifted down by one row before it is added; otherwise it would depend on the pixels to
//! the right (section 3.2).

use burn::prelude::*;

use super::grid::Tap;
use super::layer::Direction;
use super::lstm::{moved, slices, step};

/// Inputs of the gates at a position: a 1x1 kernel.
pub(super) const INPUT: &[Tap] = &[Tap::new(0, 0)];
/// States that enter the gates at a position, in the sweeps from the left and from the right.
pub(super) const STATE: [&[Tap]; 2] = [&[Tap::new(-1, 0), Tap::new(0, -1)], &[Tap::new(-1, 0), Tap::new(0, 1)]];
/// Positions of the previous cell state, in the sweeps from the left and from the right.
pub(super) const CELL: [Tap; 2] = [Tap::new(0, -1), Tap::new(0, 1)];

/// Computes the hidden states, `[height, width, batch, 2 h]` to `[height * width * batch, h]`. Both sweeps run as one,
/// the second over the mirrored image.
pub(super) fn forward(directions: &[Direction], x: Tensor<4>) -> Tensor<2> {
    let [height, width, batch, features] = x.dims();
    let x = x.reshape([height * width * batch, features]);
    let [left, right] = [0, 1].map(|index: usize| {
        let sums = directions[index].input.forward(x.clone());
        let [_, gates] = sums.dims();
        sums.reshape([height, width, batch * gates])
    });
    let sums = Tensor::stack::<4>(vec![left, right.flip([1])], 0);
    let weights = Tensor::stack::<3>(directions.iter().map(|direction| direction.state.val()).collect::<Vec<_>>(), 0);
    let [_, _, gates] = weights.dims();
    let hidden = gates / 4;
    let mut states: Vec<Tensor<3>> = Vec::with_capacity(height + width - 1);
    let mut cell = None;
    for sums in slices(skewed(sums)) {
        let mut sums = sums.reshape([2, height * batch, gates]);
        if let Some(adjacent) = states.last() {
            let above = moved(adjacent.clone().reshape([2, height, batch, hidden]), 1, true);
            let taps = Tensor::cat(vec![above.reshape([2, height * batch, hidden]), adjacent.clone()], 2);
            sums = sums + taps.matmul(weights.clone());
        }
        let state = step(sums, cell);
        cell = Some(state.cell);
        states.push(state.hidden);
    }
    let diagonals = states.len();
    let states = Tensor::stack::<4>(states, 0).reshape([diagonals, 2, height, batch * hidden]);
    let states = unskewed(states, width);
    let left = states.clone().slice_dim(0, 0..1);
    let right = states.slice_dim(0, 1..2).flip([2]);
    (left + moved(right, 1, true)).reshape([height * width * batch, hidden])
}

/// Shifts row i by i positions, `[sweep, height, width, n]` to `[diagonal, sweep, height, n]`, and fills with zeros.
/// Rows are padded to one more than the number of diagonals and read with that number as the row length, so that each
/// row begins one position later. States are zero before a row begins, and states after its end are not read.
fn skewed(x: Tensor<4>) -> Tensor<4> {
    let [sweeps, height, width, n] = x.dims();
    let diagonals = height + width - 1;
    let padding = Tensor::zeros([sweeps, height, height, n], &x.device());
    let padded = Tensor::cat(vec![x, padding], 2).reshape([sweeps, height * (diagonals + 1), n]);
    padded.slice_dim(1, 0..height * diagonals).reshape([sweeps, height, diagonals, n]).permute([2, 0, 1, 3])
}

/// The inverse of [`skewed`].
fn unskewed(x: Tensor<4>, width: usize) -> Tensor<4> {
    let [diagonals, sweeps, height, n] = x.dims();
    let rows = x.permute([1, 2, 0, 3]).reshape([sweeps, height * diagonals, n]);
    let padding = Tensor::zeros([sweeps, height, n], &rows.device());
    Tensor::cat(vec![rows, padding], 1).reshape([sweeps, height, diagonals + 1, n]).slice_dim(2, 0..width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagonal_becomes_a_column_and_back() {
        let x = Tensor::<1>::from_floats([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &Device::flex()).reshape([1, 2, 3, 1]);
        let read = |x: Tensor<4>| x.into_data().iter::<f32>().collect::<Vec<_>>();
        let columns = skewed(x.clone());
        assert_eq!(columns.dims(), [4, 1, 2, 1]);
        assert_eq!(read(columns.clone()), [1.0, 0.0, 2.0, 4.0, 3.0, 5.0, 0.0, 6.0]);
        assert_eq!(read(unskewed(columns, 3)), read(x));
    }
}
