//! Network in plain tensor operations. It trains on a GPU and is the oracle of [`super::host`].

use ::nn::{uniform, upload};
use burn::module::Module;
use burn::prelude::*;
use burn::tensor::activation::{log_softmax, relu};
use data::{DataShape, Noise, Split};
use engine::{Batch, Family, Objective, Scalars, Step};
use protocol::Support;

use super::grid::{Grid, Window, group};
use super::layer::{Direction, Layer};
use super::masked::Masked;
use super::{LayerKind, PixelRnnConfig, diagonal_bilstm, row_lstm};
use crate::bernoulli::BernoulliLogits;

/// Largest number of elements of one tensor of a chunk in evaluation.
const CHUNK: usize = 1 << 23;

#[derive(Module, Debug)]
pub(super) struct PixelRnn {
    /// First layer, with mask A.
    pub(super) first: Masked,
    pub(super) layers: Vec<Layer>,
    /// Two 1x1 layers with mask B.
    pub(super) head: Vec<Masked>,
    /// Output layer with mask B: the parameters of the conditionals.
    pub(super) output: Masked,
    #[module(skip)]
    pub(super) grid: Grid,
    #[module(skip)]
    pub(super) window: Window,
    #[module(skip)]
    pub(super) kind: LayerKind,
    #[module(skip)]
    pub(super) support: Support,
}

/// Returns the family of the conditionals on a support.
pub(super) fn family(support: Support) -> Family {
    match support {
        Support::Levels(levels) => Family::Categorical(levels),
        _ => Family::Bernoulli,
    }
}

impl PixelRnn {
    pub(super) fn new(config: &PixelRnnConfig, window: Window, data: &DataShape, seed: u64, device: &Device) -> Self {
        let mut noise = Noise::new(seed, "pixel_rnn/weights", 0);
        let (hidden, features, head, channels) = (config.hidden, 2 * config.hidden, config.head, data.channels);
        let grid = Grid::new(&config.ordering, data);
        let taps = window.taps(channels);
        let (input, states) = match config.layer {
            LayerKind::RowLstm => (row_lstm::INPUT, vec![row_lstm::STATE]),
            LayerKind::DiagonalBilstm => (diagonal_bilstm::INPUT, diagonal_bilstm::STATE.to_vec()),
        };
        // Mask B from several taps of `from` features to `to` features.
        let sees = |from: usize, to: usize| {
            move |input: usize, output: usize| group(input % from, from, channels) <= group(output % to, to, channels)
        };
        let sequential = config.colours.depend(channels);
        let mask_a = |input: usize, output: usize| {
            let (tap, channel) = (taps[input / channels], input % channels);
            (tap.down, tap.right) != (0, 0) || sequential && channel < group(output, features, channels)
        };
        let mut masked = |shape: [usize; 2], bias: Vec<f32>, connected: &dyn Fn(usize, usize) -> bool| {
            Masked::new(shape, bias, connected, &mut noise, device)
        };
        let zeros = |count| vec![0.0; count];
        let first = masked([taps.len() * channels, features], zeros(features), &mask_a);
        let mut inputs = Vec::new();
        for _ in 0..config.layers {
            // The forget gate starts open.
            let bias = || [0.0, 1.0, 0.0, 0.0].into_iter().flat_map(|bias| vec![bias; hidden]).collect();
            let shape = [input.len() * features, 4 * hidden];
            let directions: Vec<_> = states.iter().map(|_| masked(shape, bias(), &sees(features, hidden))).collect();
            inputs.push((directions, masked([hidden, features], zeros(features), &sees(hidden, features))));
        }
        let numbers = family(data.support).width();
        let to_channel = |input: usize, output: usize| group(input, head, channels) <= output / numbers;
        let layers_1x1 = vec![
            masked([features, head], zeros(head), &sees(features, head)),
            masked([head, head], zeros(head), &sees(head, head)),
        ];
        let output = masked([head, channels * numbers], zeros(channels * numbers), &to_channel);
        let mut layer = |(inputs, up): (Vec<Masked>, Masked)| {
            let direction = |(input, taps): (Masked, &&[super::grid::Tap])| {
                let shape = [taps.len() * hidden, 4 * hidden];
                let bound = (6.0 / (shape[0] + hidden) as f32).sqrt();
                Direction { input, state: uniform(shape, bound, &mut noise, device) }
            };
            Layer { directions: inputs.into_iter().zip(&states).map(direction).collect(), up }
        };
        Self {
            first,
            layers: inputs.into_iter().map(&mut layer).collect(),
            head: layers_1x1,
            output,
            grid,
            window,
            kind: config.layer,
            support: data.support,
        }
    }

    /// Gathers the pixels `indices` of images `[batch, pixels]` to `[positions, batch, indices / positions]`. An index
    /// past the end of an image gives 0.
    fn gathered(&self, x: Tensor<2>, indices: &[usize]) -> Tensor<3> {
        let (device, [batch, _]) = (x.device(), x.dims());
        let indices: Vec<i32> = indices.iter().map(|position| *position as i32).collect();
        let count = indices.len();
        let indices = Tensor::<1, Int>::from_data(TensorData::new(indices, [count]), &device);
        let padded = Tensor::cat(vec![x, Tensor::zeros([batch, 1], &device)], 1);
        let positions = self.grid.positions();
        padded.select(1, indices).reshape([batch, positions, count / positions]).swap_dims(0, 1)
    }

    /// Parameters of the conditionals of images, `[position * batch, channel * numbers]`.
    pub(super) fn numbers(&self, images: Tensor<2>) -> Tensor<2> {
        let [batch, _] = images.dims();
        let Grid { height, width, .. } = self.grid;
        let patches = self.gathered(images, &self.grid.patches(self.window));
        let [positions, _, seen] = patches.dims();
        let mut x = self.first.forward(patches.reshape([positions * batch, seen]));
        for layer in &self.layers {
            let [_, features] = x.dims();
            let map = x.clone().reshape([height, width, batch, features]);
            let states = match self.kind {
                LayerKind::RowLstm => row_lstm::forward(&layer.directions[0], map),
                LayerKind::DiagonalBilstm => diagonal_bilstm::forward(&layer.directions, map),
            };
            x = x + layer.up.forward(states);
        }
        let head = self.head.iter().fold(x, |x, layer| layer.forward(relu(x)));
        self.output.forward(relu(head))
    }

    /// log p(x) of each image in nats, `[batch]`.
    fn log_prob(&self, images: Tensor<2>) -> Tensor<1> {
        let [batch, pixels] = images.dims();
        let (positions, channels) = (self.grid.positions(), self.grid.channels);
        let values = self.gathered(images.clone(), &self.grid.order).reshape([positions * batch * channels, 1]);
        let numbers = self.numbers(images).reshape([positions * batch * channels, family(self.support).width()]);
        let terms = match family(self.support) {
            Family::Categorical(levels) => {
                let level = (values * f32::from(levels - 1)).round().int();
                log_softmax(numbers, 1).gather(1, level)
            }
            _ => {
                return BernoulliLogits(by_image(numbers, positions, batch, channels))
                    .log_prob(by_image(values, positions, batch, channels));
            }
        };
        by_image(terms, positions, batch, channels).reshape([batch, pixels]).sum_dim(1).squeeze_dim(1)
    }

    pub(super) fn device(&self) -> Device {
        self.first.weight.val().device()
    }

    pub(super) fn is_on_cpu(&self) -> bool {
        ::nn::is_cpu(&self.device())
    }

    /// Number of images per chunk, so that the largest tensor stays within the limit.
    fn images_at_once(&self) -> usize {
        let Grid { height, width, .. } = self.grid;
        let features = self.first.weight.dims()[1];
        let outputs = self.output.weight.dims()[1];
        (CHUNK / ((height + width) * height * 4 * features).max(self.grid.positions() * outputs)).clamp(1, 250)
    }

    /// Parameters of the conditionals by plain tensor operations, in the order of generation:
    /// `[image][position][channel][number]`.
    pub(super) fn numbers_of(&self, images: &Split) -> Vec<f32> {
        let (device, positions) = (self.device(), self.grid.positions());
        let all: Vec<usize> = (0..images.len()).collect();
        let chunk = |chunk: &[usize]| {
            let numbers = self.numbers(upload(&images.select(chunk), &device));
            let [_, width] = numbers.dims();
            let by_image = numbers.reshape([positions, chunk.len(), width]).swap_dims(0, 1);
            ::nn::to_host(by_image)
        };
        all.chunks(self.images_at_once()).flat_map(chunk).collect()
    }
}

/// Reorders `[position * batch * channel, 1]` to `[batch, position * channel]`.
fn by_image(x: Tensor<2>, positions: usize, batch: usize, channels: usize) -> Tensor<2> {
    x.reshape([positions, batch, channels]).swap_dims(0, 1).reshape([batch, positions * channels])
}

impl Objective for PixelRnn {
    fn loss(&self, batch: &Batch, _at: &Step) -> Scalars {
        Scalars(vec![("nll", self.log_prob(batch.images.clone()).mean().neg())])
    }
}
