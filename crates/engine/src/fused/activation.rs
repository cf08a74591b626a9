//! What follows a layer.

use burn::prelude::*;
use burn::tensor::activation::{leaky_relu, relu};

/// An activation function that is linear on either side of 0. Layers apply it before a result leaves its register.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    /// None.
    Identity,
    /// x, or 0 where it is negative.
    Relu,
    /// x, or this times it where it is negative.
    Leaky(f32),
}

impl Activation {
    /// The slope where its input is negative.
    #[must_use]
    pub fn slope(self) -> f32 {
        match self {
            Self::Identity => 1.0,
            Self::Relu => 0.0,
            Self::Leaky(slope) => slope,
        }
    }

    /// Applied on its own, where the layer before could not take it in.
    #[must_use]
    pub fn of<const D: usize>(self, x: Tensor<D>) -> Tensor<D> {
        match self {
            Self::Identity => x,
            _ if super::apply_to(&x) => super::leaky(x, self.slope()),
            Self::Relu => relu(x),
            Self::Leaky(slope) => leaky_relu(x, f64::from(slope)),
        }
    }
}
