//! Activation functions.

use burn::prelude::*;
use burn::tensor::activation::{leaky_relu, relu};

use crate::{fused, is_cpu};

/// Activation function that is linear on either side of 0.
///
/// On the CPU a layer applies it in the same pass as its product and bias.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    /// Identity: x.
    Identity,
    /// ReLU: max(0, x).
    Relu,
    /// Leaky ReLU: x, or this slope times x for negative x.
    Leaky(f32),
}

impl Activation {
    /// Slope of the activation for negative inputs (1 = identity, 0 = ReLU).
    ///
    /// ```
    /// use nn::Activation;
    ///
    /// assert_eq!(Activation::Identity.negative_slope(), 1.0);
    /// assert_eq!(Activation::Relu.negative_slope(), 0.0);
    /// assert_eq!(Activation::Leaky(0.2).negative_slope(), 0.2);
    /// ```
    #[must_use]
    pub fn negative_slope(self) -> f32 {
        match self {
            Self::Identity => 1.0,
            Self::Relu => 0.0,
            Self::Leaky(negative_slope) => negative_slope,
        }
    }

    /// Applies the function to a tensor, for operations that do not include an activation.
    #[must_use]
    pub fn apply<const D: usize>(self, x: Tensor<D>) -> Tensor<D> {
        match self {
            Self::Identity => x,
            _ if is_cpu(&x.device()) => fused::leaky_relu(x, self.negative_slope()),
            Self::Relu => relu(x),
            Self::Leaky(negative_slope) => leaky_relu(x, f64::from(negative_slope)),
        }
    }
}

/// Logistic function 1 / (1 + e^-x).
///
/// On the CPU it takes one pass over memory, with a relative error of about 3e-7.
#[must_use]
pub fn sigmoid<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    if is_cpu(&x.device()) { fused::sigmoid(x) } else { burn::tensor::activation::sigmoid(x) }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Tolerance, activation};
    use data::Noise;

    use super::*;

    fn draw<const D: usize>(shape: [usize; D], purpose: &str) -> Tensor<D> {
        let values = Noise::new(3, purpose, 0).normals(shape.iter().product());
        Tensor::<D>::from_data(TensorData::new(values, shape), &Device::flex().autodiff()).require_grad()
    }

    #[test]
    fn an_activation_alone_equals_burns() {
        // The inputs include 0.
        let x = draw([1000], "x").detach().clamp_max(1.0).clamp_min(0.0) - draw([1000], "y").detach().clamp_min(0.0);
        let x = x.detach().require_grad();
        type Function = fn(Tensor<1>) -> Tensor<1>;
        let cases: [(Activation, Function); 2] =
            [(Activation::Leaky(0.2), |x| activation::leaky_relu(x, 0.2)), (Activation::Relu, activation::relu)];
        for (ours, theirs) in cases {
            let (ours, theirs) = (ours.apply(x.clone()), theirs(x.clone()));
            assert_eq!(ours.clone().abs().into_data(), theirs.clone().abs().into_data());
            let [a, b] =
                [ours, theirs].map(|out| x.grad(&(out * draw([1000], "weigh")).sum().backward()).expect("a gradient"));
            assert_eq!(a.into_data(), b.into_data());
        }
    }

    #[test]
    fn a_sigmoid_equals_burns() {
        let x = (draw([1000], "x") * 20.0).detach().require_grad();
        let (ours, theirs) = (sigmoid(x.clone()), activation::sigmoid(x.clone()));
        ours.clone().into_data().assert_approx_eq::<f32>(&theirs.clone().into_data(), Tolerance::absolute(1e-6));
        let [a, b] =
            [ours, theirs].map(|out| x.grad(&(out * draw([1000], "weigh")).sum().backward()).expect("a gradient"));
        a.into_data().assert_approx_eq::<f32>(&b.into_data(), Tolerance::absolute(1e-6));
        assert!(sigmoid(Tensor::<1>::from_floats([f32::NAN], &Device::flex())).into_scalar::<f32>().is_nan());
    }
}
