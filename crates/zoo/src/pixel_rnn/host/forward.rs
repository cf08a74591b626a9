//! Forward pass of a block of images, from position to position.

use std::ops::Range;

use super::weights::{Lstm, Recurrent};
use super::{Host, cell};

/// Activations of a block of images, `[position][image][number]` each.
pub(super) struct Trace {
    /// Number of images in the block.
    pub(super) images: usize,
    /// Pixels, `[image][pixel]`, each image followed by a 0 for taps outside of the image.
    values: Vec<f32>,
    pub(super) patches: Vec<f32>,
    /// Features before the first recurrent layer, and after each.
    pub(super) features: Vec<Vec<f32>>,
    pub(super) layers: Vec<LayerTrace>,
    /// Input of each 1x1 layer, after the ReLU.
    pub(super) head: Vec<Vec<f32>>,
    /// Parameters of the conditionals.
    pub(super) numbers: Vec<f32>,
}

/// Activations of a recurrent layer.
pub(super) struct LayerTrace {
    pub(super) sweeps: Vec<Sweep>,
    /// Sum of the hidden states of the sweeps, the input of the 1x1 convolution.
    pub(super) states: Vec<f32>,
}

/// Activations of an LSTM.
pub(super) struct Sweep {
    pub(super) gates: Vec<f32>,
    pub(super) cell: Vec<f32>,
    pub(super) hidden: Vec<f32>,
}

impl Trace {
    pub(super) fn new(host: &Host, pixels: &[f32]) -> Self {
        let weights = &host.weights;
        let images = pixels.len() / host.grid.order.len();
        let rows = |width| vec![0.0; host.grid.positions() * images * width];
        let layer = |layer: &Recurrent| {
            let units = layer.up.inputs;
            let sweep = |_| Sweep { gates: rows(4 * units), cell: rows(units), hidden: rows(units) };
            LayerTrace { sweeps: layer.lstms.iter().map(sweep).collect(), states: rows(units) }
        };
        let padded = |image: &[f32]| image.iter().copied().chain([0.0]).collect::<Vec<_>>();
        Self {
            images,
            values: pixels.chunks_exact(host.grid.order.len()).flat_map(padded).collect(),
            patches: rows(weights.first.inputs),
            features: (0..=weights.layers.len()).map(|_| rows(weights.first.outputs)).collect(),
            layers: weights.layers.iter().map(layer).collect(),
            head: weights.head.iter().chain([&weights.output]).map(|layer| rows(layer.inputs)).collect(),
            numbers: rows(weights.output.outputs),
        }
    }

    /// Sets a pixel of an image.
    pub(super) fn set(&mut self, image: usize, pixel: usize, value: f32) {
        let stride = self.values.len() / self.images;
        self.values[image * stride + pixel] = value;
    }

    /// Range of the numbers of some positions, `width` per position and image.
    pub(super) fn at(&self, positions: &Range<usize>, width: usize) -> Range<usize> {
        positions.start * self.images * width..positions.end * self.images * width
    }
}

impl Host {
    /// Computes some columns of a row. All positions before them must have been computed.
    pub(super) fn forward(&self, trace: &mut Trace, row: usize, columns: Range<usize>) {
        let positions = row * self.grid.width + columns.start..row * self.grid.width + columns.end;
        self.gather(trace, &positions);
        let at = |trace: &Trace, width| trace.at(&positions, width);
        let (patches, features) = (at(trace, self.weights.first.inputs), at(trace, self.weights.first.outputs));
        self.weights.first.forward(&trace.patches[patches], &mut trace.features[0][features.clone()]);
        for (index, layer) in self.weights.layers.iter().enumerate() {
            let states = at(trace, layer.up.inputs);
            self.recur(trace, index, row, &columns);
            let (before, after) = trace.features.split_at_mut(index + 1);
            let after = &mut after[0][features.clone()];
            layer.up.forward(&trace.layers[index].states[states], after);
            after.iter_mut().zip(&before[index][features.clone()]).for_each(|(after, before)| *after += before);
        }
        let last = &trace.features[self.weights.layers.len()][features.clone()];
        relu(last, &mut trace.head[0][features]);
        for (index, layer) in self.weights.head.iter().enumerate() {
            let (inputs, outputs) = (at(trace, layer.inputs), at(trace, layer.outputs));
            let (before, after) = trace.head.split_at_mut(index + 1);
            let after = &mut after[0][outputs];
            layer.forward(&before[index][inputs], after);
            after.iter_mut().for_each(|value| *value = value.max(0.0));
        }
        let output = &self.weights.output;
        let (inputs, outputs) = (at(trace, output.inputs), at(trace, output.outputs));
        output.forward(&trace.head[self.weights.head.len()][inputs], &mut trace.numbers[outputs]);
    }

    /// Gathers the window of the first layer.
    fn gather(&self, trace: &mut Trace, positions: &Range<usize>) {
        let seen = self.weights.first.inputs;
        let stride = trace.values.len() / trace.images;
        for position in positions.clone() {
            let indices = &self.patches[position * seen..][..seen];
            for image in 0..trace.images {
                let values = &trace.values[image * stride..][..stride];
                let patch = &mut trace.patches[(position * trace.images + image) * seen..][..seen];
                patch.iter_mut().zip(indices).for_each(|(value, position)| *value = values[*position]);
            }
        }
    }

    /// Computes the hidden states of a layer.
    fn recur(&self, trace: &mut Trace, index: usize, row: usize, columns: &Range<usize>) {
        let lstms = &self.weights.layers[index].lstms;
        let width = self.grid.width;
        self.input(trace, index, 0, row, columns);
        if let [left, right] = &lstms[..] {
            if columns.start == 0 && row > 0 {
                // The sweep from the right is added one row below; its own row is complete now.
                self.input(trace, index, 1, row - 1, &(0..width));
                (0..width).rev().for_each(|column| self.step(trace, index, (1, right), row - 1, &(column..column + 1)));
            }
            columns.clone().for_each(|column| self.step(trace, index, (0, left), row, &(column..column + 1)));
        } else {
            self.step(trace, index, (0, &lstms[0]), row, columns);
        }
        let units = self.weights.layers[index].up.inputs;
        let positions = row * width + columns.start..row * width + columns.end;
        let at = trace.at(&positions, units);
        let above = (row > 0).then(|| trace.at(&(positions.start - width..positions.end - width), units));
        let LayerTrace { sweeps, states } = &mut trace.layers[index];
        states[at.clone()].copy_from_slice(&sweeps[0].hidden[at.clone()]);
        if let (Some(right), Some(above)) = (sweeps.get(1), above) {
            states[at].iter_mut().zip(&right.hidden[above]).for_each(|(state, right)| *state += right);
        }
    }

    /// Computes the input-to-state convolution.
    fn input(&self, trace: &mut Trace, index: usize, sweep: usize, row: usize, columns: &Range<usize>) {
        let Lstm { input, input_taps, .. } = &self.weights.layers[index].lstms[sweep];
        let (width, images) = (self.grid.width, trace.images);
        let gates = &mut trace.layers[index].sweeps[sweep].gates;
        let rows =
            |positions: &Range<usize>, width: usize| positions.start * images * width..positions.end * images * width;
        input.begin(&mut gates[rows(&(row * width + columns.start..row * width + columns.end), input.outputs)]);
        for (tap, neighbour) in input_taps.iter().enumerate() {
            let Some([positions, seen]) = self.neighbours(*neighbour, row, columns) else { continue };
            let features = &trace.features[index][rows(&seen, input.inputs)];
            input.add(tap, features, &mut gates[rows(&positions, input.outputs)]);
        }
    }

    /// Computes the state-to-state convolution and the gates.
    fn step(&self, trace: &mut Trace, index: usize, (sweep, lstm): (usize, &Lstm), row: usize, columns: &Range<usize>) {
        let units = lstm.state.inputs;
        let positions = row * self.grid.width + columns.start..row * self.grid.width + columns.end;
        let images = trace.images;
        let rows =
            |positions: &Range<usize>, width: usize| positions.start * images * width..positions.end * images * width;
        let Sweep { gates, cell, hidden } = &mut trace.layers[index].sweeps[sweep];
        for (tap, neighbour) in lstm.state_taps.iter().enumerate() {
            let Some([positions, seen]) = self.neighbours(*neighbour, row, columns) else { continue };
            lstm.state.add(tap, &hidden[rows(&seen, units)], &mut gates[rows(&positions, 4 * units)]);
        }
        // A step moves by a row or by one position, so that either all of these positions have a previous state or
        // none.
        match self.neighbours(lstm.cell, row, columns) {
            Some([positions, seen]) => cell.copy_within(rows(&seen, units), rows(&positions, units).start),
            None => cell[rows(&positions, units)].fill(0.0),
        }
        let states = rows(&positions, units);
        cell::forward(&mut gates[rows(&positions, 4 * units)], &mut cell[states.clone()], &mut hidden[states], units);
    }
}

fn relu(x: &[f32], y: &mut [f32]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y = x.max(0.0));
}
