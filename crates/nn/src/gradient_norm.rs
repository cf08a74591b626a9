//! Euclidean norm of all gradients of a module, and gradients scaled down to a largest norm.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::prelude::*;

use crate::is_cpu;

/// Term added to the norm before a division, as in PyTorch's `clip_grad_norm_`.
const LEAST: f64 = 1e-6;

/// Norm over the gradients of one or more modules.
///
/// ```
/// use burn::optim::GradientsParams;
/// use burn::prelude::*;
/// use ::nn::{Dense, GradientNorm, Noise};
///
/// let device = Device::flex().autodiff();
/// let layer = Dense::new(3, 1, &mut Noise::new(0, "example", 0), &device);
/// let loss = layer.forward(Tensor::from_floats([[1.0, 2.0, 2.0]], &device)).sum();
/// let gradients = GradientsParams::from_grads(loss.backward(), &layer);
/// let mut norm = GradientNorm::default();
/// norm.add(&layer, &gradients);
/// // Derivatives: the input and, for the bias, 1.
/// assert!((norm.value().unwrap() - 10.0f64.sqrt()).abs() < 1e-12);
/// ```
#[derive(Debug, Default)]
pub struct GradientNorm {
    /// Sum of squares of the gradients on the host.
    host: f64,
    /// Sum of squares on another device, read once.
    device: Option<Tensor<1>>,
    parameters: usize,
}

impl GradientNorm {
    /// Adds the gradients of the parameters of `module`.
    pub fn add(&mut self, module: &impl Module, gradients: &GradientsParams) {
        module.visit(&mut Squares { gradients, norm: self });
    }

    /// The norm; `None` without gradients.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        let device = self.device.map_or(0.0, |sum| f64::from(sum.into_scalar::<f32>()));
        (self.parameters > 0).then(|| (self.host + device).sqrt())
    }
}

/// Scales the gradients of `module` down to the norm `most`. Shorter gradients are unchanged, bit for bit.
pub(crate) fn clipped(module: &impl Module, mut gradients: GradientsParams, most: f64) -> GradientsParams {
    let mut norm = GradientNorm::default();
    norm.add(module, &gradients);
    let factor = norm.value().map_or(1.0, |norm| most / (norm + LEAST));
    if factor < 1.0 {
        module.visit(&mut Scale { gradients: &mut gradients, factor });
    }
    gradients
}

/// Visitor that adds up the squares of the gradients of a module.
struct Squares<'a> {
    gradients: &'a GradientsParams,
    norm: &'a mut GradientNorm,
}

impl ModuleVisitor for Squares<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let Some(gradient) = self.gradients.get::<D>(param.id) else { return };
        self.norm.parameters += 1;
        if is_cpu(&gradient.device()) {
            let data = gradient.into_data();
            self.norm.host += data.as_slice::<f32>().map_or(f64::NAN, squares);
        } else {
            let sum = gradient.square().sum();
            self.norm.device = Some(self.norm.device.take().map_or(sum.clone(), |before| before + sum));
        }
    }
}

/// Visitor that multiplies the gradients of a module by a factor.
struct Scale<'a> {
    gradients: &'a mut GradientsParams,
    factor: f64,
}

impl ModuleVisitor for Scale<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.remove::<D>(param.id) {
            self.gradients.register(param.id, gradient * self.factor);
        }
    }
}

/// Sum of squares, in eight sums that one vector register holds.
fn squares(values: &[f32]) -> f64 {
    let mut sums = [0.0f64; 8];
    let mut parts = values.chunks_exact(sums.len());
    for part in &mut parts {
        for (sum, value) in sums.iter_mut().zip(part) {
            *sum += f64::from(*value) * f64::from(*value);
        }
    }
    let rest: f64 = parts.remainder().iter().map(|value| f64::from(*value) * f64::from(*value)).sum();
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dense, Noise, to_host};

    #[test]
    fn squares_are_summed_in_every_length() {
        for length in 0..20 {
            let values: Vec<f32> = (0..length).map(|value| value as f32).collect();
            let expected: f64 = values.iter().map(|value| f64::from(value * value)).sum();
            assert_eq!(squares(&values), expected);
        }
    }

    #[test]
    fn gradients_are_scaled_together_and_only_if_they_are_too_long() {
        let device = Device::flex().autodiff();
        let layer = Dense::new(3, 1, &mut Noise::new(0, "clip", 0), &device);
        let gradients = || {
            let loss = layer.forward(Tensor::from_floats([[1.0, 2.0, 2.0]], &device)).sum();
            GradientsParams::from_grads(loss.backward(), &layer)
        };
        let numbers = |gradients: &GradientsParams| {
            let mut collect = Collect(gradients, Vec::new());
            layer.visit(&mut collect);
            collect.1
        };
        assert_eq!(numbers(&clipped(&layer, gradients(), 3.2)), [1.0, 2.0, 2.0, 1.0], "the norm is 3.162");
        let scaled = numbers(&clipped(&layer, gradients(), 0.5));
        let factor = 0.5 / (10.0f32.sqrt() + 1e-6);
        let expected = [1.0, 2.0, 2.0, 1.0].map(|value: f32| value * factor);
        assert!(scaled.iter().zip(expected).all(|(found, right)| (found - right).abs() < 1e-6), "{scaled:?}");
    }

    struct Collect<'a>(&'a GradientsParams, Vec<f32>);

    impl ModuleVisitor for Collect<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.1.extend(self.0.get::<D>(param.id).map(to_host).unwrap_or_default());
        }
    }
}
