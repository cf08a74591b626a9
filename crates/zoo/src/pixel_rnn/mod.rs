//! PixelRNN: a recurrent network over the rows or the diagonals of an image.
//!
//! p(x) = prod_i p(x_i | x_<i) over the pixels row by row, and within a pixel p(R | x_<) p(G | x_<, R) p(B | x_<, R,
//! G). A convolution with mask A, which excludes the pixel itself, computes 2 h features. Each recurrent layer feeds
//! them to an LSTM of h hidden units (mask B, which includes the features of the pixel), returns to 2 h features by a
//! 1x1 convolution and adds its input. ReLU and 1x1 convolutions lead to the log-odds of binary pixels, or to one
//! softmax over the levels of each channel. With independent colours the features exclude all channels of the pixel, so
//! that its channels depend on the preceding pixels only.
//!
//! The receptive field of `row_lstm` is a triangle above the pixel. That of `diagonal_bilstm` contains all preceding
//! pixels except one, which the paper does not mention: the last pixel of the row above (in RGB, its last channel, or all
//! of it if the colours are independent).
//! Mask A excludes it from its own features, and no pixel follows it in its row, so that only the window of the first
//! layer can reach it.
//!
//! van den Oord, Kalchbrenner and Kavukcuoglu, 2016, Pixel Recurrent Neural Networks, sections 3.1 to
//! 3.4 and table 1.
//!
//! # Departures from the paper
//! Adam instead of RMSProp; the bias of forget gates starts at 1; by default one layer of 16 hidden units instead of 7
//! layers. Features are divided evenly among the channels; if they do not divide, the last channel has fewer. Column
//! and reverse order besides raster: the same network over the transposed or reversed image.
//!
//! # Computation
//! On the CPU, [`host`] trains, evaluates and samples; it computes each state once. On a GPU, [`network`] trains and
//! evaluates with plain tensor operations; it is also the oracle of the tests.

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
use protocol::{Problem, SettingChange, Support, check};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use engine::HostTrainer;
use grid::Window;
use network::PixelRnn;

use crate::colours::Colours;

/// Type of the recurrent layers: the direction of the recurrence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LayerKind {
    /// From row to row (Row LSTM).
    #[default]
    RowLstm,
    /// From diagonal to diagonal, from both top corners (Diagonal BiLSTM).
    DiagonalBilstm,
}

/// Settings of `pixel_rnn`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct PixelRnnConfig {
    /// Type of the recurrent layers: row_lstm or diagonal_bilstm.
    layer: LayerKind,
    /// Number h of hidden units per LSTM, 1 to 65,536, at least one per image channel; layers exchange 2 h features.
    #[schemars(range(min = 1, max = 65_536))]
    hidden: usize,
    /// Number of recurrent layers, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    layers: usize,
    /// Kernel side of the first convolution in pixels, an odd number from 3 to 63.
    #[schemars(range(min = 3, max = 63), extend("not" = {"multipleOf": 2}))]
    kernel: usize,
    /// Number of features of the two 1x1 layers before the output, 1 to 65,536, at least one per image channel.
    #[schemars(range(min = 1, max = 65_536))]
    head: usize,
    /// Dependence of the colours of one pixel: sequential (R, then G given R, then B given both) or independent.
    colours: Colours,
    /// Learning rate, above 0, at most 10.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 10))]
    lr: f64,
    /// Order in which pixels are generated: raster, reverse or column.
    #[schemars(schema_with = "::nn::ordering::walk_schema")]
    ordering: Ordering,
}

impl Default for PixelRnnConfig {
    fn default() -> Self {
        Self {
            layer: LayerKind::RowLstm,
            hidden: 16,
            layers: 1,
            kernel: 7,
            head: 32,
            colours: Colours::Sequential,
            lr: 1e-3,
            ordering: Ordering::Raster,
        }
    }
}

impl ModelConfig for PixelRnnConfig {
    const NAME: &'static str = "pixel_rnn";
    const ABOUT: &'static str = "Row LSTM or Diagonal BiLSTM over binary pixels or levels, grey or RGB, exact.";
    const HISTORY: &'static [SettingChange] =
        &[SettingChange::Renamed { old: "variant", new: "layer" }, SettingChange::Added("colours")];

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if matches!(data.support, Support::Continuous | Support::Real) {
            let problem = format!("the model needs binary pixels or levels, the data have support {}", data.support);
            return Err(Problem::new("", problem).help("use a model of real values, such as `rnade` or `vae`"));
        }
        self.ordering.check(data)?;
        self.ordering.check_walk()?;
        check::positive("layers", self.layers)?;
        for (path, size) in [("hidden", self.hidden), ("head", self.head)] {
            check::positive(path, size)?;
            if size < data.channels {
                let problem = format!("{size} features cannot be divided among {} image channels", data.channels);
                return Err(Problem::new(path, problem).help("use at least one per image channel"));
            }
        }
        if self.kernel.is_multiple_of(2) || !(3..=63).contains(&self.kernel) {
            let problem = format!("a kernel of side {} has no centre, or no pixels before it", self.kernel);
            return Err(Problem::new("kernel", problem).help("use an odd number from 3 to 63; the paper uses 7"));
        }
        check::learning_rate("lr", self.lr)
    }

    fn tiny() -> Vec<Self> {
        let tiny = |layer| Self { layer, hidden: 6, kernel: 3, head: 9, lr: 1e-2, ..Self::default() };
        let independent = Self { colours: Colours::Independent, ..tiny(LayerKind::RowLstm) };
        vec![tiny(LayerKind::RowLstm), tiny(LayerKind::DiagonalBilstm), independent]
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
