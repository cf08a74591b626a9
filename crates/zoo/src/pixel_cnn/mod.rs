//! PixelCNN: masked convolutions over binary pixels or grey levels, of one colour or several.
//!
//! p(x) = prod_i p(x_i | x_<i) in raster order, each pixel's colours in the order R, then G given
//! R, then B given both. A first convolution of mask A that sees no pixel itself, residual blocks
//! of mask B, and a head of two 1x1 convolutions; the output is the log-odds of a binary pixel or
//! a softmax over levels.
//!
//! Van den Oord, Kalchbrenner and Kavukcuoglu, 2016, Pixel Recurrent Neural Networks, sections 3.3
//! to 3.5 and Table 1. With `gated`, the vertical and horizontal stacks of van den Oord,
//! Kalchbrenner, Vinyals, Espeholt, Graves and Kavukcuoglu, 2016, Conditional Image Generation
//! with PixelCNN Decoders, section 2.2 and Figure 2: a stack of 3x3 masks never sees a growing
//! wedge to the upper right, two stacks see all that is before.
//!
//! # Departures from the papers
//! Adam instead of RMSProp; weights from U(-a, a) with Glorot and Bengio's a; other orderings by
//! walking a turned grid; the maps of a layer are divided among the colours as evenly as possible,
//! where the paper wants a multiple of three. `channels` is the paper's 2h for the plain network
//! and its p for the gated one, which here has neither conditioning nor skip connections to the
//! head.
//!
//! On the CPU training and evaluation go through [`host`]; on a GPU, and as its oracle, through
//! [`network`] in plain tensor operations.

mod gradients;
mod host;
mod kernels;
mod network;
mod plan;
#[cfg(test)]
mod tests;

use ::nn::Ordering;
use burn::prelude::*;
use data::DataShape;
use engine::{Minimise, ModelConfig, Trainer};
use protocol::{Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use engine::HostTrainer;
use network::Network;
use plan::{Plan, Sizes};
use protocol::check::{learning_rate, positive};

/// Settings of `pixel_cnn`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct PixelCnnConfig {
    /// Feature maps between the blocks. Inside a plain block there are half as many.
    channels: usize,
    /// Residual blocks.
    blocks: usize,
    /// The side of the first convolution; the blocks have 3x3.
    kernel: usize,
    /// Vertical and horizontal stacks with gates, which have no blind spot.
    gated: bool,
    /// Feature maps of the layer before the last.
    head: usize,
    /// Learning rate of Adam, above 0, at most 10.
    lr: f64,
    /// Order in which pixels are generated: raster, reverse or column.
    ordering: Ordering,
}

impl Default for PixelCnnConfig {
    fn default() -> Self {
        Self { channels: 32, blocks: 7, kernel: 7, gated: false, head: 32, lr: 1e-3, ordering: Ordering::Raster }
    }
}

impl PixelCnnConfig {
    fn plan(&self, data: &DataShape) -> Plan {
        let numbers = match data.support {
            Support::Levels(levels) => usize::from(levels),
            _ => 1,
        };
        let Self { channels, blocks, kernel, head, .. } = *self;
        let sizes = Sizes { channels, blocks, kernel, head, colours: data.channels, numbers };
        if self.gated { Plan::gated(sizes) } else { Plan::plain(sizes) }
    }
}

impl ModelConfig for PixelCnnConfig {
    const NAME: &'static str = "pixel_cnn";
    const ABOUT: &'static str = "masked convolutions over binary or grey pixels, exact; plain or gated";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if matches!(data.support, Support::Continuous | Support::Real) {
            return Err(Problem::new("", "the model is over binary pixels or grey levels, the data are real-valued"));
        }
        self.ordering.check_walk()?;
        for (path, size) in [("channels", self.channels), ("blocks", self.blocks), ("head", self.head)] {
            positive(path, size)?;
        }
        if !self.gated && !self.channels.is_multiple_of(2) {
            let problem = format!("{} feature maps cannot be halved inside a block", self.channels);
            return Err(Problem::new("channels", problem).help("an even number"));
        }
        let narrowest = if self.gated { self.channels } else { self.channels / 2 };
        for (path, maps) in [("channels", narrowest), ("head", self.head)] {
            if maps < data.channels {
                let problem = format!("{maps} feature maps cannot be divided among {} colours", data.channels);
                let twice = if path == "channels" && !self.gated { ", twice in a plain network" } else { "" };
                return Err(Problem::new(path, problem).help(format!("one per colour at least{twice}")));
            }
        }
        let side = data.height.max(data.width);
        if side == 1 {
            return Err(Problem::new("", "an image of one pixel has no neighbours to see"));
        }
        if self.kernel < 3 || self.kernel.is_multiple_of(2) {
            let problem = format!("a kernel of side {} has no pixel in its middle with others around it", self.kernel);
            return Err(Problem::new("kernel", problem).help("an odd number from 3 upwards; 7 is the paper's"));
        }
        if self.kernel / 2 >= side {
            let problem = format!(
                "a kernel of side {} reaches {} pixels, which no pixel of a {}x{} image has on any side",
                self.kernel,
                self.kernel / 2,
                data.height,
                data.width
            );
            return Err(Problem::new("kernel", problem).help(format!("an odd number up to {}", 2 * side - 1)));
        }
        learning_rate("lr", self.lr)
    }

    fn tiny() -> Vec<Self> {
        let plain = Self { channels: 6, blocks: 1, kernel: 3, head: 6, lr: 1e-2, ..Self::default() };
        vec![plain.clone(), Self { gated: true, channels: 4, ..plain }]
    }

    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
        let network = Network::new(self, data, seed, device);
        let adam = ::nn::adam(0.9);
        if network.is_on_cpu() {
            return Box::new(HostTrainer::new(network, adam, self.lr));
        }
        Box::new(Minimise::new(network, adam, self.lr))
    }
}
