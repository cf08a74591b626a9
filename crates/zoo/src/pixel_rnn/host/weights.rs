//! Weights of the network as plain arrays, and their gradients in the form that the optimiser needs.

use burn::module::Param;
use burn::optim::GradientsParams;
use burn::prelude::*;

use super::super::grid::Tap;
use super::super::layer::{Direction, Layer};
use super::super::masked::Masked;
use super::super::network::PixelRnn;
use super::super::{LayerKind, diagonal_bilstm, row_lstm};
use super::product::{add_product, add_transposed_product};

/// Linear layer over rows of numbers, with one block of weights per tap.
#[derive(Clone)]
pub(super) struct Linear {
    /// Weights, `[taps][inputs][outputs]`.
    pub(super) weight: Vec<f32>,
    /// Transposed weights for the backward pass, `[taps][outputs][inputs]`.
    transposed: Vec<f32>,
    /// Bias, `[outputs]`; empty for state-to-state weights.
    pub(super) bias: Vec<f32>,
    /// Number of inputs per tap.
    pub(super) inputs: usize,
    pub(super) outputs: usize,
}

impl Linear {
    fn new(weight: Vec<f32>, bias: Vec<f32>, taps: usize, outputs: usize) -> Self {
        let inputs = weight.len() / outputs / taps;
        let mut transposed = Vec::with_capacity(weight.len());
        for block in weight.chunks_exact(inputs * outputs) {
            transposed
                .extend((0..outputs).flat_map(|output| (0..inputs).map(move |input| block[input * outputs + output])));
        }
        Self { weight, transposed, bias, inputs, outputs }
    }

    fn zeros(&self) -> Self {
        let (weight, bias) = (vec![0.0; self.weight.len()], vec![0.0; self.bias.len()]);
        Self { weight, transposed: Vec::new(), bias, ..*self }
    }

    fn block(&self, tap: usize) -> std::ops::Range<usize> {
        let size = self.inputs * self.outputs;
        tap * size..(tap + 1) * size
    }

    /// Writes the bias to every row of `y`.
    pub(super) fn begin(&self, y: &mut [f32]) {
        y.chunks_exact_mut(self.outputs).for_each(|row| row.copy_from_slice(&self.bias));
    }

    /// Adds to y: y += x W of one tap.
    pub(super) fn add(&self, tap: usize, x: &[f32], y: &mut [f32]) {
        add_product(x, &self.weight[self.block(tap)], y, [self.inputs, self.outputs]);
    }

    /// Computes y = x W + b.
    pub(super) fn forward(&self, x: &[f32], y: &mut [f32]) {
        self.begin(y);
        self.add(0, x, y);
    }

    /// Adds to the input gradient: dx += dy W^T of one tap.
    pub(super) fn add_back(&self, tap: usize, on_y: &[f32], on_x: &mut [f32]) {
        add_product(on_y, &self.transposed[self.block(tap)], on_x, [self.outputs, self.inputs]);
    }

    /// Adds to the weight gradient: dW += x^T dy of one tap.
    pub(super) fn collect(&mut self, tap: usize, x: &[f32], on_y: &[f32]) {
        let block = self.block(tap);
        add_transposed_product(x, on_y, &mut self.weight[block], self.outputs);
    }

    /// Adds to the bias gradient: db += the sum of the rows of dy.
    pub(super) fn collect_bias(&mut self, on_y: &[f32]) {
        for row in on_y.chunks_exact(self.outputs) {
            self.bias.iter_mut().zip(row).for_each(|(sum, term)| *sum += term);
        }
    }

    fn sum(&mut self, other: &Self) {
        let add = |sum: &mut [f32], term: &[f32]| sum.iter_mut().zip(term).for_each(|(sum, term)| *sum += term);
        add(&mut self.weight, &other.weight);
        add(&mut self.bias, &other.bias);
    }
}

/// Weights and taps of one LSTM.
#[derive(Clone)]
pub(super) struct Lstm {
    pub(super) input: Linear,
    pub(super) input_taps: &'static [Tap],
    pub(super) state: Linear,
    pub(super) state_taps: &'static [Tap],
    pub(super) cell: Tap,
}

#[derive(Clone)]
pub(super) struct Recurrent {
    pub(super) lstms: Vec<Lstm>,
    pub(super) up: Linear,
}

/// All weights, or the gradients of all weights.
#[derive(Clone)]
pub(super) struct Weights {
    pub(super) first: Linear,
    pub(super) layers: Vec<Recurrent>,
    pub(super) head: Vec<Linear>,
    pub(super) output: Linear,
}

fn read<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    ::nn::to_host(tensor)
}

fn linear(layer: &Masked, taps: usize) -> Linear {
    let [_, outputs] = layer.weight.dims();
    Linear::new(read(layer.kernel()), read(layer.bias.val()), taps, outputs)
}

impl Weights {
    pub(super) fn of(model: &PixelRnn) -> Self {
        let lstms = |layer: &Layer| {
            let lstm = |(index, direction): (usize, &Direction)| {
                let (input_taps, state_taps, cell) = match model.kind {
                    LayerKind::RowLstm => (row_lstm::INPUT, row_lstm::STATE, row_lstm::CELL),
                    LayerKind::DiagonalBilstm => {
                        (diagonal_bilstm::INPUT, diagonal_bilstm::STATE[index], diagonal_bilstm::CELL[index])
                    }
                };
                let [_, outputs] = direction.state.dims();
                Lstm {
                    input: linear(&direction.input, input_taps.len()),
                    input_taps,
                    state: Linear::new(read(direction.state.val()), Vec::new(), state_taps.len(), outputs),
                    state_taps,
                    cell,
                }
            };
            layer.directions.iter().enumerate().map(lstm).collect()
        };
        let layer = |layer| Recurrent { lstms: lstms(layer), up: linear(&layer.up, 1) };
        Self {
            first: linear(&model.first, 1),
            layers: model.layers.iter().map(layer).collect(),
            head: model.head.iter().map(|layer| linear(layer, 1)).collect(),
            output: linear(&model.output, 1),
        }
    }

    /// Returns gradients of 0 in the layout of these weights.
    pub(super) fn zeros(&self) -> Self {
        let lstm = |one: &Lstm| Lstm { input: one.input.zeros(), state: one.state.zeros(), ..*one };
        let layer = |one: &Recurrent| Recurrent { lstms: one.lstms.iter().map(lstm).collect(), up: one.up.zeros() };
        Self {
            first: self.first.zeros(),
            layers: self.layers.iter().map(layer).collect(),
            head: self.head.iter().map(Linear::zeros).collect(),
            output: self.output.zeros(),
        }
    }

    pub(super) fn sum(&mut self, other: &Self) {
        self.first.sum(&other.first);
        for (layer, other) in self.layers.iter_mut().zip(&other.layers) {
            layer.up.sum(&other.up);
            for (lstm, other) in layer.lstms.iter_mut().zip(&other.lstms) {
                lstm.input.sum(&other.input);
                lstm.state.sum(&other.state);
            }
        }
        self.head.iter_mut().zip(&other.head).for_each(|(layer, other)| layer.sum(other));
        self.output.sum(&other.output);
    }

    /// Returns these gradients by parameter of `model`.
    pub(super) fn register(&self, model: &PixelRnn) -> GradientsParams {
        let device = model.device().inner();
        let mut register = GradientsParams::new();
        let mut masked = |layer: &Masked, gradient: &Linear| {
            let mask = layer.mask.clone().inner();
            register.register(layer.weight.id, tensor(&gradient.weight, &layer.weight, &device) * mask);
            register.register(layer.bias.id, tensor(&gradient.bias, &layer.bias, &device));
        };
        masked(&model.first, &self.first);
        model.head.iter().zip(&self.head).for_each(|(layer, gradient)| masked(layer, gradient));
        masked(&model.output, &self.output);
        for (layer, gradient) in model.layers.iter().zip(&self.layers) {
            masked(&layer.up, &gradient.up);
            for (direction, gradient) in layer.directions.iter().zip(&gradient.lstms) {
                masked(&direction.input, &gradient.input);
            }
        }
        for (layer, gradient) in model.layers.iter().zip(&self.layers) {
            for (direction, gradient) in layer.directions.iter().zip(&gradient.lstms) {
                let state = tensor(&gradient.state.weight, &direction.state, &device);
                register.register(direction.state.id, state);
            }
        }
        register
    }
}

fn tensor<const D: usize>(values: &[f32], like: &Param<Tensor<D>>, device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), like.dims()), device)
}
