//! Leaky rectified units: one pass forward, one back.

use burn_flex::FlexTensor;

use super::{numbers, tensor};

/// x, or `slope` x where it is negative.
pub(super) fn forward(x: FlexTensor, slope: f32) -> FlexTensor {
    let x = x.to_contiguous();
    let values = numbers(&x).iter().map(|x| if *x < 0.0 { slope * x } else { *x }).collect();
    like(values, &x)
}

/// The gradient, or `slope` times it where x was negative: at 0 it is Burn's.
pub(super) fn backward(x: &FlexTensor, gradient: &FlexTensor, slope: f32) -> FlexTensor {
    let (x, gradient) = (x.to_contiguous(), gradient.to_contiguous());
    let both = numbers(&x).iter().zip(numbers(&gradient));
    like(both.map(|(x, gradient)| if *x < 0.0 { slope * gradient } else { *gradient }).collect(), &x)
}

fn like(values: Vec<f32>, x: &FlexTensor) -> FlexTensor {
    tensor(values, [x.layout().num_elements()]).reshape(x.layout().shape().clone())
}
