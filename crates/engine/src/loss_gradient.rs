//! Gradients of a loss, keyed by the names of parameters.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::prelude::*;

/// Gradients of one loss of a training step.
#[derive(Clone, Debug, PartialEq)]
pub struct LossGradient {
    /// Name of the loss.
    pub loss: &'static str,
    /// Gradients of all trained parameters of the module, in the order of its fields.
    pub parameters: Vec<ParameterGradient>,
}

/// Gradient of one parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterGradient {
    /// Path of the parameter in the module, such as `layers.0.weight`.
    pub name: String,
    /// Derivatives in row-major order; empty if the loss does not depend on the parameter.
    pub values: Vec<f32>,
}

impl LossGradient {
    /// Differentiates `value`, of shape `[1]`, with respect to the trained parameters of `module`.
    ///
    /// ```
    /// use burn::prelude::*;
    /// use engine::LossGradient;
    ///
    /// let device = Device::flex().autodiff();
    /// let layer = ::nn::Dense::new(2, 1, &mut ::nn::Noise::new(0, "example", 0), &device);
    /// let loss = layer.forward(Tensor::ones([4, 2], &device)).mean();
    /// let gradient = LossGradient::of("loss", &layer, loss);
    /// let names: Vec<&str> = gradient.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    /// assert_eq!(names, ["weight", "bias"]);
    /// assert_eq!(gradient.parameters[1].values, [1.0]);
    /// ```
    #[must_use]
    pub fn of(loss: &'static str, module: &impl Module, value: Tensor<1>) -> Self {
        Self::from_params(loss, module, &GradientsParams::from_grads(value.backward(), module))
    }

    /// Converts gradients that are keyed by the parameter ids of `module`.
    #[must_use]
    pub fn from_params(loss: &'static str, module: &impl Module, gradients: &GradientsParams) -> Self {
        let mut collect = Collect { gradients, path: Vec::new(), parameters: Vec::new() };
        module.visit(&mut collect);
        Self { loss, parameters: collect.parameters }
    }
}

struct Collect<'a> {
    gradients: &'a GradientsParams,
    path: Vec<String>,
    parameters: Vec<ParameterGradient>,
}

impl ModuleVisitor for Collect<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        // Running statistics and power-iteration vectors are state, not parameters.
        if param.is_require_grad() {
            let values = self.gradients.get::<D>(param.id).map(::nn::to_host).unwrap_or_default();
            self.parameters.push(ParameterGradient { name: self.path.join("."), values });
        }
    }
}
