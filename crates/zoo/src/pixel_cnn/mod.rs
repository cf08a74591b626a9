//! PixelCNN: masked convolutions over binary pixels or grey levels, of one colour or several.
//!
//! p(x) = prod_i p(x_i | x_<i) in raster order; the colours of a pixel follow in the order R, G given R, B given both.
//! The network has a first convolution with mask A, which excludes the pixel itself, residual blocks with mask B, and a
//! head of two 1x1 convolutions. The output is the log-odds of a binary pixel or a softmax over levels.
//! With independent colours, mask A removes all connections at the centre: the colours of a pixel depend on the preceding
//! pixels only.
//!
//! Van den Oord, Kalchbrenner and Kavukcuoglu, 2016, Pixel Recurrent Neural Networks, sections 3.3 to 3.5 and Table 1.
//! With `gated`, the vertical and horizontal stacks of van den Oord, Kalchbrenner, Vinyals, Espeholt, Graves and
//! Kavukcuoglu, 2016, Conditional Image Generation with PixelCNN Decoders, section 2.2 and Figure 2. The receptive
//! field of one stack of 3x3 masks has a blind spot to the upper right; that of two stacks contains all preceding
//! pixels.
//!
//! # Departures from the papers
//! Adam instead of RMSProp; weights from U(-a, a) with the a of Glorot and Bengio; other orderings by a reversed or
//! transposed grid. The channels of a layer are divided among the colours as evenly as possible; the paper requires a
//! multiple of three. `channels` is 2h of the paper for the plain network and p for the gated one, which has neither
//! conditioning nor skip connections to the head.
//!
//! # Computation
//! On the CPU, [`host`] trains, evaluates and samples. On a GPU, [`network`] trains and evaluates with plain tensor
//! operations; it is also the oracle of the tests.

mod gate;
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
use protocol::{Problem, SettingChange, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use engine::HostTrainer;
use network::Network;
use plan::{Plan, Sizes};

use crate::colours::Colours;
use protocol::check::{learning_rate, positive};

/// Settings of `pixel_cnn`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct PixelCnnConfig {
    /// Number of channels between the blocks, 1 to 65,536. A plain block uses half of them, so that they must be even.
    #[schemars(range(min = 1, max = 65_536))]
    channels: usize,
    /// Number of residual blocks, 1 to 65,536.
    #[schemars(range(min = 1, max = 65_536))]
    blocks: usize,
    /// Kernel side of the first convolution in pixels, odd, from 3 to twice the longer image side; blocks use 3x3.
    #[schemars(range(min = 3), extend("not" = {"multipleOf": 2}))]
    kernel: usize,
    /// Uses gated vertical and horizontal stacks, which have no blind spot: true or false.
    gated: bool,
    /// Number of channels of the layer before the last, 1 to 65,536, at least one per colour.
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

impl Default for PixelCnnConfig {
    fn default() -> Self {
        Self {
            channels: 32,
            blocks: 7,
            kernel: 7,
            gated: false,
            head: 32,
            colours: Colours::Sequential,
            lr: 1e-3,
            ordering: Ordering::Raster,
        }
    }
}

impl PixelCnnConfig {
    fn plan(&self, data: &DataShape) -> Plan {
        let numbers = match data.support {
            Support::Levels(levels) => usize::from(levels),
            _ => 1,
        };
        let Self { channels, blocks, kernel, head, .. } = *self;
        let sequential = self.colours.depend(data.channels);
        let sizes = Sizes { channels, blocks, kernel, head, colours: data.channels, sequential, numbers };
        if self.gated { Plan::gated(sizes) } else { Plan::plain(sizes) }
    }
}

impl ModelConfig for PixelCnnConfig {
    const NAME: &'static str = "pixel_cnn";
    const ABOUT: &'static str = "Masked convolutions over binary pixels or levels, grey or RGB, exact; plain or gated.";
    const HISTORY: &'static [SettingChange] = &[SettingChange::Added("colours")];

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if matches!(data.support, Support::Continuous | Support::Real) {
            return Err(Problem::new("", "the model needs binary pixels or levels, the data are real-valued")
                .help("use a model of real values, such as `rnade` or `vae`"));
        }
        self.ordering.check_walk()?;
        for (path, size) in [("channels", self.channels), ("blocks", self.blocks), ("head", self.head)] {
            positive(path, size)?;
        }
        if !self.gated && !self.channels.is_multiple_of(2) {
            let problem = format!("{} channels cannot be halved inside a block", self.channels);
            return Err(Problem::new("channels", problem).help("use an even number, or `gated: true`"));
        }
        let narrowest = if self.gated { self.channels } else { self.channels / 2 };
        for (path, channels) in [("channels", narrowest), ("head", self.head)] {
            if channels < data.channels {
                let problem = format!("{channels} channels cannot be divided among {} colours", data.channels);
                let least = if path == "channels" && !self.gated { "two" } else { "one" };
                return Err(Problem::new(path, problem).help(format!("use at least {least} per colour")));
            }
        }
        let side = data.height.max(data.width);
        if side == 1 {
            return Err(Problem::new("", "an image of one pixel has no neighbours for a convolution")
                .help("use larger images, or `independent`"));
        }
        if self.kernel < 3 || self.kernel.is_multiple_of(2) {
            let problem = format!("a kernel of side {} has no centre, or no pixels before it", self.kernel);
            return Err(Problem::new("kernel", problem).help("use an odd number from 3 upwards; the paper uses 7"));
        }
        if self.kernel / 2 >= side {
            let problem = format!(
                "a kernel of side {} reaches {} pixels, beyond every side of a {}x{} image",
                self.kernel,
                self.kernel / 2,
                data.height,
                data.width
            );
            return Err(Problem::new("kernel", problem).help(format!("use an odd number up to {}", 2 * side - 1)));
        }
        learning_rate("lr", self.lr)
    }

    fn tiny() -> Vec<Self> {
        let plain = Self { channels: 6, blocks: 1, kernel: 3, head: 6, lr: 1e-2, ..Self::default() };
        let independent = Self { colours: Colours::Independent, ..plain.clone() };
        vec![plain.clone(), Self { gated: true, channels: 4, ..plain }, independent]
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
