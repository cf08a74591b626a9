//! A fully connected layer and its gradients.

use burn_flex::FlexTensor;

use super::super::arrays::{numbers, tensor};
use super::super::products::{Ends, Matrix, against, dots, product};

/// Outputs that are too few for a vector: the matrix is then transposed, so that vectors run along its inputs.
const FEW: usize = 4;

/// What the backward pass needs.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) x: FlexTensor,
    pub(super) weight: FlexTensor,
    pub(super) negative_slope: f32,
    /// Output of the activation, if there is one.
    pub(super) output: Option<FlexTensor>,
}

fn matrix(x: &FlexTensor) -> Matrix<'_> {
    let [_, columns]: [usize; 2] = x.layout().shape().dims();
    Matrix { numbers: numbers(x), columns }
}

/// `[rows, inputs]`, `[inputs, outputs]`, `[outputs]`: `[rows, outputs]`.
pub(super) fn forward(x: &FlexTensor, weight: &FlexTensor, bias: &FlexTensor, negative_slope: f32) -> FlexTensor {
    let [x, weight, bias] = [x, weight, bias].map(FlexTensor::to_contiguous);
    let (x, weight, bias) = (matrix(&x), matrix(&weight), numbers(&bias));
    let (inputs, outputs) = (x.columns, weight.columns);
    let rows = x.numbers.len() / inputs;
    let values = if outputs <= FEW {
        let transposed = weight.transposed();
        let mut sums = dots(x, Matrix { numbers: &transposed, columns: inputs });
        for row in sums.chunks_exact_mut(outputs) {
            for (sum, bias) in row.iter_mut().zip(bias) {
                let shifted = *sum + bias;
                *sum = if shifted < 0.0 { negative_slope * shifted } else { shifted };
            }
        }
        sums
    } else {
        product(x, weight, Ends { bias, negative_slope })
    };
    tensor(values, [rows, outputs])
}

/// The gradient for x, `[rows, inputs]`, from the gradient before the activation.
pub(super) fn to_input(kept: &Kept, gradient: &FlexTensor) -> FlexTensor {
    let weight = kept.weight.to_contiguous();
    let (gradient, weight) = (matrix(gradient), matrix(&weight));
    let (inputs, outputs) = (weight.numbers.len() / weight.columns, weight.columns);
    let rows = gradient.numbers.len() / outputs;
    let values = if outputs <= FEW {
        let transposed = weight.transposed();
        let ends = Ends { bias: &vec![0.0; inputs], negative_slope: 1.0 };
        product(gradient, Matrix { numbers: &transposed, columns: inputs }, ends)
    } else {
        dots(gradient, weight)
    };
    tensor(values, [rows, inputs])
}

/// The gradient for the weight, `[inputs, outputs]`.
pub(super) fn to_weight(kept: &Kept, gradient: &FlexTensor) -> FlexTensor {
    let x = kept.x.to_contiguous();
    let (x, gradient) = (matrix(&x), matrix(gradient));
    let (inputs, outputs) = (x.columns, gradient.columns);
    let values = if outputs <= FEW {
        let transposed = against(gradient, x);
        Matrix { numbers: &transposed, columns: inputs }.transposed()
    } else {
        against(x, gradient)
    };
    tensor(values, [inputs, outputs])
}
