//! Elementwise activations, their gradients, and sums over rows.

use burn_flex::FlexTensor;
use rayon::prelude::*;

use super::arrays::{numbers, tensor};
use crate::simd;

/// Numbers per task; smaller tasks cost more time than they save.
const PART: usize = 16_384;

/// Leaky ReLU: x, or `negative_slope` x for negative x.
pub(super) fn leaky_relu(x: &FlexTensor, negative_slope: f32) -> FlexTensor {
    mapped([x, x], |[x, _]| if x < 0.0 { negative_slope * x } else { x })
}

/// Input gradient of an activation from its output, which has the sign of the input.
///
/// The gradient at 0 is 0 for ReLU and 1 for a leaky ReLU, as in Burn.
pub(super) fn leaky_relu_backward(output: &FlexTensor, gradient: &FlexTensor, negative_slope: f32) -> FlexTensor {
    if negative_slope == 0.0 {
        mapped([output, gradient], |[output, gradient]| if output > 0.0 { gradient } else { 0.0 })
    } else {
        mapped([output, gradient], |[output, gradient]| if output < 0.0 { negative_slope * gradient } else { gradient })
    }
}

/// Logistic function 1 / (1 + e^-x).
pub(super) fn logistic(x: &FlexTensor) -> FlexTensor {
    mapped([x, x], |[x, _]| 1.0 / (1.0 + simd::exp(-x)))
}

/// Input gradient from the output y: y (1 - y) times the gradient of y.
pub(super) fn logistic_backward(output: &FlexTensor, gradient: &FlexTensor) -> FlexTensor {
    mapped([output, gradient], |[y, gradient]| y * (1.0 - y) * gradient)
}

/// Gradient before the activation of a layer, from the output. `None` means that the activation is the identity.
pub(super) fn before_activation(output: Option<&FlexTensor>, gradient: &FlexTensor, negative_slope: f32) -> FlexTensor {
    match output {
        Some(output) => leaky_relu_backward(output, gradient, negative_slope),
        None => gradient.to_contiguous(),
    }
}

fn mapped(both: [&FlexTensor; 2], map: impl Fn([f32; 2]) -> f32 + Sync) -> FlexTensor {
    let both = both.map(FlexTensor::to_contiguous);
    let [a, b] = both.each_ref().map(numbers);
    let mut out = vec![0.0; a.len()];
    out.par_chunks_mut(PART).zip(a.par_chunks(PART).zip(b.par_chunks(PART))).for_each(|(out, (a, b))| {
        simd::dispatch_widest(|| {
            for (out, (a, b)) in out.iter_mut().zip(a.iter().zip(b)) {
                *out = map([*a, *b]);
            }
        });
    });
    tensor(out, [a.len()]).reshape(both[0].layout().shape().clone())
}

/// Sums over the rows of `[.., features]`: the gradient of a bias.
pub(super) fn row_sums(x: &FlexTensor) -> FlexTensor {
    let x = x.to_contiguous();
    let features = x.layout().shape().last().copied().unwrap_or(1);
    let parts: Vec<Vec<f32>> = numbers(&x)
        .par_chunks(PART.next_multiple_of(features))
        .map(|rows| {
            let mut sums = vec![0.0; features];
            simd::dispatch_widest(|| {
                for row in rows.chunks_exact(features) {
                    sums.iter_mut().zip(row).for_each(|(sum, term)| *sum += term);
                }
            });
            sums
        })
        .collect();
    let sums = parts.into_iter().reduce(|mut sums, part| {
        sums.iter_mut().zip(part).for_each(|(sum, term)| *sum += term);
        sums
    });
    tensor(sums.unwrap_or_else(|| vec![0.0; features]), [features])
}
