//! The weights of the recurrent layers.

use burn::module::{Module, Param};
use burn::prelude::*;

use super::masked::Masked;

/// One recurrent layer inside its residual connection: 2 h -> h -> 2 h.
#[derive(Module, Debug)]
pub(super) struct Layer {
    /// One, or the sweeps from the left and from the right.
    pub(super) directions: Vec<Direction>,
    /// 1x1, mask B, back to 2 h.
    pub(super) up: Masked,
}

/// The weights of one LSTM.
#[derive(Module, Debug)]
pub(super) struct Direction {
    /// Input-to-state, mask B: `[taps * 2 h, 4 h]`.
    pub(super) input: Masked,
    /// State-to-state, no mask: `[taps * h, 4 h]`.
    pub(super) state: Param<Tensor<2>>,
}
