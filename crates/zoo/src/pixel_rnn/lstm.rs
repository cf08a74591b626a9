//! One step of an LSTM, and shifts of tensors by one position.

use burn::prelude::*;
use burn::tensor::activation::{sigmoid, tanh};

/// Hidden state and cell state after a step.
#[derive(Clone)]
pub(super) struct State<const D: usize> {
    /// o tanh(c).
    pub(super) hidden: Tensor<D>,
    /// f c + i g.
    pub(super) cell: Tensor<D>,
}

/// Computes one step from the pre-activations of the gates, `[.., 4 h]` in the order input i, forget f, output o,
/// candidate g, and from the previous cell state, 0 for `None` (section 3.1, eq. 3).
pub(super) fn step<const D: usize>(sums: Tensor<D>, cell: Option<Tensor<D>>) -> State<D> {
    let hidden = sums.dims()[D - 1] / 4;
    let gates = sigmoid(sums.clone().slice_dim(D - 1, 0..3 * hidden));
    let candidate = tanh(sums.slice_dim(D - 1, 3 * hidden..4 * hidden));
    let gate = |index: usize| gates.clone().slice_dim(D - 1, index * hidden..(index + 1) * hidden);
    let new = gate(0) * candidate;
    let cell = match cell {
        Some(cell) => gate(1) * cell + new,
        None => new,
    };
    State { hidden: gate(2) * tanh(cell.clone()), cell }
}

/// Shifts a tensor by one along an axis, towards its end if `forwards`, else towards its start, and fills with zeros.
pub(super) fn moved<const D: usize>(x: Tensor<D>, axis: usize, forwards: bool) -> Tensor<D> {
    let count = x.dims()[axis];
    let mut shape = x.dims();
    shape[axis] = 1;
    let zeros = Tensor::zeros(shape, &x.device());
    match (count, forwards) {
        (1, _) => zeros,
        (_, true) => Tensor::cat(vec![zeros, x.slice_dim(axis, 0..count - 1)], axis),
        (_, false) => Tensor::cat(vec![x.slice_dim(axis, 1..count), zeros], axis),
    }
}

/// Splits a tensor along its first axis into slices of length 1. It halves recursively, because the backward pass of a
/// slice writes a gradient as large as its source.
pub(super) fn slices<const D: usize>(x: Tensor<D>) -> Vec<Tensor<D>> {
    match x.dims()[0] {
        1 => vec![x],
        count => {
            let mut all = slices(x.clone().slice_dim(0, 0..count / 2));
            all.extend(slices(x.slice_dim(0, count / 2..count)));
            all
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::Noise;

    fn sigmoid(x: f64) -> f64 {
        1.0 / (1.0 + (-x).exp())
    }

    #[test]
    fn a_step_follows_the_equations_of_the_paper() {
        let (rows, hidden) = (5, 3);
        let mut noise = Noise::new(0, "lstm", 0);
        let (sums, before) = (noise.normals(rows * 4 * hidden), noise.normals(rows * hidden));
        let tensor = |values: &[f32], width| {
            Tensor::<2>::from_data(TensorData::new(values.to_vec(), [rows, width]), &Device::flex())
        };
        let found = step(tensor(&sums, 4 * hidden), Some(tensor(&before, hidden)));
        let read = |x: Tensor<2>| x.into_data().iter::<f32>().map(f64::from).collect::<Vec<_>>();
        let (state, cell) = (read(found.hidden), read(found.cell));
        for row in 0..rows {
            for unit in 0..hidden {
                let sum = |gate| f64::from(sums[(row * 4 + gate) * hidden + unit]);
                let at = row * hidden + unit;
                let c = sigmoid(sum(1)) * f64::from(before[at]) + sigmoid(sum(0)) * sum(3).tanh();
                assert!((cell[at] - c).abs() < 1e-6);
                assert!((state[at] - sigmoid(sum(2)) * c.tanh()).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn tensors_move_by_one_and_fall_apart() {
        let x = Tensor::<2>::from_floats([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], &Device::flex());
        let read = |x: Tensor<2>| x.into_data().iter::<f32>().collect::<Vec<_>>();
        assert_eq!(read(moved(x.clone(), 1, true)), [0.0, 1.0, 2.0, 0.0, 4.0, 5.0]);
        assert_eq!(read(moved(x.clone(), 0, false)), [4.0, 5.0, 6.0, 0.0, 0.0, 0.0]);
        let rows: Vec<_> = slices(x).into_iter().map(read).collect();
        assert_eq!(rows, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    }
}
