//! Weights of the recurrent layers.

use burn::module::{Module, Param};
use burn::prelude::*;

use super::masked::Masked;

/// Recurrent layer with a residual connection: 2 h -> h -> 2 h features.
#[derive(Module, Debug)]
pub(super) struct Layer {
    /// The LSTM of a Row LSTM, or the two sweeps of a Diagonal BiLSTM, from the left and from the right.
    pub(super) directions: Vec<Direction>,
    /// 1x1 convolution with mask B, from h to 2 h features.
    pub(super) up: Masked,
}

/// Weights of one LSTM.
#[derive(Module, Debug)]
pub(super) struct Direction {
    /// Input-to-state weights with mask B, `[taps * 2 h, 4 h]`.
    pub(super) input: Masked,
    /// State-to-state weights without a mask, `[taps * h, 4 h]`.
    pub(super) state: Param<Tensor<2>>,
}
