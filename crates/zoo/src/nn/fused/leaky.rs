//! Leaky rectified units: one pass forward, one back.

use burn_flex::FlexTensor;

use super::{numbers, tensor};

/// x where it is positive, `slope` x elsewhere.
pub(super) fn forward(x: FlexTensor, slope: f32) -> FlexTensor {
    let x = x.to_contiguous();
    let values = numbers(&x).iter().map(|x| if *x > 0.0 { *x } else { slope * x }).collect();
    like(values, &x)
}

/// The gradient where x was positive, `slope` times it elsewhere.
pub(super) fn backward(x: &FlexTensor, gradient: &FlexTensor, slope: f32) -> FlexTensor {
    let (x, gradient) = (x.to_contiguous(), gradient.to_contiguous());
    let both = numbers(&x).iter().zip(numbers(&gradient));
    like(both.map(|(x, gradient)| if *x > 0.0 { *gradient } else { slope * gradient }).collect(), &x)
}

fn like(values: Vec<f32>, x: &FlexTensor) -> FlexTensor {
    tensor(values, [x.layout().num_elements()]).reshape(x.layout().shape().clone())
}
