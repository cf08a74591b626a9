//! PixelRNN: a recurrent network over the rows or the diagonals of an image.
//!
//! p(x) = prod_i p(x_i | x_<i) over the pixels row by row, and within a pixel p(R | x_<) p(G | x_<, R)
//! p(B | x_<, R, G). A masked convolution (mask A: the pixel itself is hidden) makes 2 h features;
//! each layer reads them into an LSTM of h units (mask B: the pixel's own features are seen), goes
//! back to 2 h by a 1x1 convolution and adds what it was given; ReLU and 1x1 convolutions lead to
//! log-odds of binary pixels or to one softmax over the levels of each channel.
//!
//! `row_lstm` sees a triangle above the pixel; `diagonal_bilstm` all pixels before it, but for one, which
//! the paper does not mention: the first layer hides a pixel from its own features, so that the last pixel
//! of the row above (of RGB its last channel), which has nobody to its right, is seen only from where the
//! first layer's window reaches it.
//!
//! van den Oord, Kalchbrenner and Kavukcuoglu, 2016, Pixel Recurrent Neural Networks, sections 3.1 to
//! 3.4 and table 1.
//!
//! # Departures from the paper
//! Adam instead of RMSProp; forget gates begin at a bias of 1; one layer of 16 units by default
//! instead of 7. Channels share features out evenly, with fewer for the last where they do not divide.
//! Columns and reverse order besides raster: the same network over the transposed or turned image.
//!
//! On the CPU training, evaluation and sampling go through [`host`], where a number's states are computed
//! once; on a GPU, and as its oracle, training and evaluation go through [`network`].

mod capabilities;
mod diagonal_bilstm;
mod grid;
mod host;
mod layer;
mod lstm;
mod masked;
mod network;
mod row_lstm;
#[cfg(test)]
mod tests;

use burn::prelude::Device;
use data::DataShape;
use engine::{Minimise, ModelConfig, Trainer};
use nn::Ordering;
use protocol::{Problem, Support, check};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use engine::HostTrainer;
use grid::Window;
use network::PixelRnn;

/// Which way the LSTMs go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Variant {
    /// From row to row.
    #[default]
    RowLstm,
    /// From diagonal to diagonal, from both top corners.
    DiagonalBilstm,
}

/// Settings of `pixel_rnn`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct PixelRnnConfig {
    /// Which way the LSTMs go: row_lstm or diagonal_bilstm.
    variant: Variant,
    /// Units h of each LSTM; features between layers are twice as many.
    hidden: usize,
    /// Recurrent layers.
    layers: usize,
    /// Side of the first layer's kernel, odd.
    kernel: usize,
    /// Features of the two 1x1 layers before the output.
    head: usize,
    /// Learning rate of Adam, above 0, at most 10.
    lr: f64,
    /// Order in which pixels are generated: raster, reverse or column.
    ordering: Ordering,
}

impl Default for PixelRnnConfig {
    fn default() -> Self {
        Self {
            variant: Variant::RowLstm,
            hidden: 16,
            layers: 1,
            kernel: 7,
            head: 32,
            lr: 1e-3,
            ordering: Ordering::Raster,
        }
    }
}

impl ModelConfig for PixelRnnConfig {
    const NAME: &'static str = "pixel_rnn";
    const ABOUT: &'static str =
        "PixelRNN, exact: a Row LSTM or a Diagonal BiLSTM over binary pixels or levels, grey or RGB";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if matches!(data.support, Support::Continuous | Support::Real) {
            let problem = format!("the model is over binary pixels or levels, the data have support {}", data.support);
            return Err(Problem::new("", problem).help("take a model over real values"));
        }
        self.ordering.check(data)?;
        self.ordering.check_walk()?;
        check::positive("layers", self.layers)?;
        for (path, size) in [("hidden", self.hidden), ("head", self.head)] {
            check::positive(path, size)?;
            if size < data.channels {
                let problem = format!("{size} features cannot be shared out among {} channels", data.channels);
                return Err(Problem::new(path, problem).help("at least one for each channel"));
            }
        }
        if self.kernel.is_multiple_of(2) || !(3..=63).contains(&self.kernel) {
            let problem = format!("a kernel of side {} has no centre, or nothing before it", self.kernel);
            return Err(Problem::new("kernel", problem).help("an odd number from 3 to 63; 7 in the paper"));
        }
        check::learning_rate("lr", self.lr)
    }

    fn tiny() -> Vec<Self> {
        let tiny = |variant| Self { variant, hidden: 6, kernel: 3, head: 9, lr: 1e-2, ..Self::default() };
        vec![tiny(Variant::RowLstm), tiny(Variant::DiagonalBilstm)]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        let model = PixelRnn::new(self, Window::square(self.kernel), data, seed, device);
        let optimiser = nn::adam(0.9);
        if model.is_on_cpu() {
            return Box::new(HostTrainer::new(model, optimiser, self.lr));
        }
        Box::new(Minimise::new(model, optimiser, self.lr))
    }
}
