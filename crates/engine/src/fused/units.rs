//! Leaky rectified units, and what goes back through them.
//!
//! A slope of 0 where the input is negative is a rectified unit, a slope of 1 none at all.

use burn_flex::FlexTensor;
use rayon::prelude::*;

use super::{numbers, tensor};
use crate::vector;

/// Numbers that a thread takes at a time; fewer are not worth a thread.
const PART: usize = 16_384;

/// x, or `slope` x where it is negative.
pub fn forward(x: &FlexTensor, slope: f32) -> FlexTensor {
    mapped([x, x], |[x, _]| if x < 0.0 { slope * x } else { x })
}

/// The gradient for a unit's input. Slopes keep the sign, so the output tells it as well as the input does. At 0
/// a leaky unit has the slope 1 and a rectified one 0, as Burn's have.
pub fn backward(seen: &FlexTensor, gradient: &FlexTensor, slope: f32) -> FlexTensor {
    if slope == 0.0 {
        mapped([seen, gradient], |[seen, gradient]| if seen > 0.0 { gradient } else { 0.0 })
    } else {
        mapped([seen, gradient], |[seen, gradient]| if seen < 0.0 { slope * gradient } else { gradient })
    }
}

/// 1 / (1 + e^-x).
pub(super) fn logistic(x: &FlexTensor) -> FlexTensor {
    mapped([x, x], |[x, _]| 1.0 / (1.0 + vector::exp(-x)))
}

/// The gradient for x, from the output y: y (1 - y) times that for y.
pub(super) fn logistic_backward(output: &FlexTensor, gradient: &FlexTensor) -> FlexTensor {
    mapped([output, gradient], |[y, gradient]| y * (1.0 - y) * gradient)
}

/// The gradient before a layer's unit, of which the output was kept; a layer without a unit kept nothing.
pub fn before(output: Option<&FlexTensor>, gradient: &FlexTensor, slope: f32) -> FlexTensor {
    match output {
        Some(output) => backward(output, gradient, slope),
        None => gradient.to_contiguous(),
    }
}

fn mapped(both: [&FlexTensor; 2], map: impl Fn([f32; 2]) -> f32 + Sync) -> FlexTensor {
    let both = both.map(FlexTensor::to_contiguous);
    let [a, b] = both.each_ref().map(numbers);
    let mut out = vec![0.0; a.len()];
    out.par_chunks_mut(PART).zip(a.par_chunks(PART).zip(b.par_chunks(PART))).for_each(|(out, (a, b))| {
        vector::dispatch_widest(|| {
            for (out, (a, b)) in out.iter_mut().zip(a.iter().zip(b)) {
                *out = map([*a, *b]);
            }
        });
    });
    tensor(out, [a.len()]).reshape(both[0].layout().shape().clone())
}

/// Sums over rows of `[.., features]`: the gradient of a bias.
pub fn row_sums(x: &FlexTensor) -> FlexTensor {
    let x = x.to_contiguous();
    let features = x.layout().shape().last().copied().unwrap_or(1);
    let parts: Vec<Vec<f32>> = numbers(&x)
        .par_chunks(PART.next_multiple_of(features))
        .map(|rows| {
            let mut sums = vec![0.0; features];
            vector::dispatch_widest(|| {
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
