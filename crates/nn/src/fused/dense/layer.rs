//! Fully connected layer and its gradients.

use burn_flex::FlexTensor;

use super::super::arrays::{numbers, tensor};
use super::super::products::{Epilogue, Matrix, dots, product, transposed_product};

/// Largest number of outputs for which the matrix is transposed, so that vectors are along its inputs.
const FEW: usize = 4;

/// State for the backward pass.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) x: FlexTensor,
    pub(super) weight: FlexTensor,
    pub(super) negative_slope: f32,
    /// Output, if the activation is not the identity.
    pub(super) output: Option<FlexTensor>,
}

fn matrix(x: &FlexTensor) -> Matrix<'_> {
    let [_, columns]: [usize; 2] = x.layout().shape().dims();
    Matrix { numbers: numbers(x), columns }
}

/// Output `[rows, outputs]` of an input `[rows, inputs]`, weights `[inputs, outputs]` and a bias `[outputs]`.
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
        product(x, weight, Epilogue { bias, negative_slope })
    };
    tensor(values, [rows, outputs])
}

/// Input gradient `[rows, inputs]`, from the gradient before the activation.
pub(super) fn to_input(kept: &Kept, gradient: &FlexTensor) -> FlexTensor {
    let weight = kept.weight.to_contiguous();
    let (gradient, weight) = (matrix(gradient), matrix(&weight));
    let (inputs, outputs) = (weight.numbers.len() / weight.columns, weight.columns);
    let rows = gradient.numbers.len() / outputs;
    let values = if outputs <= FEW {
        let transposed = weight.transposed();
        let epilogue = Epilogue { bias: &vec![0.0; inputs], negative_slope: 1.0 };
        product(gradient, Matrix { numbers: &transposed, columns: inputs }, epilogue)
    } else {
        dots(gradient, weight)
    };
    tensor(values, [rows, inputs])
}

/// Weight gradient `[inputs, outputs]`, from the gradient before the activation.
pub(super) fn to_weight(kept: &Kept, gradient: &FlexTensor) -> FlexTensor {
    let x = kept.x.to_contiguous();
    let (x, gradient) = (matrix(&x), matrix(gradient));
    let (inputs, outputs) = (x.columns, gradient.columns);
    let values = if outputs <= FEW {
        let transposed = transposed_product(gradient, x);
        Matrix { numbers: &transposed, columns: inputs }.transposed()
    } else {
        transposed_product(x, gradient)
    };
    tensor(values, [inputs, outputs])
}
