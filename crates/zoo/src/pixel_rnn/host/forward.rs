//! A block of images through the network, from place to place.

use std::ops::Range;

use super::weights::{Lstm, Recurrent};
use super::{Host, cell};

/// Everything that was computed for a block of images, `[place][image][number]` each.
pub(super) struct Trace {
    /// Images in the block.
    pub(super) images: usize,
    /// Their pixels, `[image][pixel]`, and after each a 0 for what lies outside.
    values: Vec<f32>,
    pub(super) patches: Vec<f32>,
    /// Features before the first layer, and after each.
    pub(super) features: Vec<Vec<f32>>,
    pub(super) layers: Vec<LayerTrace>,
    /// What goes into each 1x1 layer, after its ReLU.
    pub(super) head: Vec<Vec<f32>>,
    /// The conditionals' numbers.
    pub(super) numbers: Vec<f32>,
}

/// What was computed in a recurrent layer.
pub(super) struct LayerTrace {
    pub(super) sweeps: Vec<Sweep>,
    /// The hidden states that go up: the sweeps added.
    pub(super) states: Vec<f32>,
}

/// What was computed in an LSTM.
pub(super) struct Sweep {
    pub(super) gates: Vec<f32>,
    pub(super) cell: Vec<f32>,
    pub(super) hidden: Vec<f32>,
}

impl Trace {
    pub(super) fn new(host: &Host, pixels: &[f32]) -> Self {
        let weights = &host.weights;
        let images = pixels.len() / host.grid.order.len();
        let rows = |width| vec![0.0; host.grid.places() * images * width];
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

    /// Where rows of `width` numbers of some places lie.
    pub(super) fn at(&self, places: &Range<usize>, width: usize) -> Range<usize> {
        places.start * self.images * width..places.end * self.images * width
    }
}

impl Host {
    /// Computes some columns of a row; everything before them has been computed.
    pub(super) fn forward(&self, trace: &mut Trace, row: usize, columns: Range<usize>) {
        let places = row * self.grid.width + columns.start..row * self.grid.width + columns.end;
        self.look(trace, &places);
        let at = |trace: &Trace, width| trace.at(&places, width);
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

    /// Gathers what the first layer sees.
    fn look(&self, trace: &mut Trace, places: &Range<usize>) {
        let seen = self.weights.first.inputs;
        let stride = trace.values.len() / trace.images;
        for place in places.clone() {
            let positions = &self.patches[place * seen..][..seen];
            for image in 0..trace.images {
                let values = &trace.values[image * stride..][..stride];
                let patch = &mut trace.patches[(place * trace.images + image) * seen..][..seen];
                patch.iter_mut().zip(positions).for_each(|(value, position)| *value = values[*position]);
            }
        }
    }

    /// Computes a layer's hidden states.
    fn recur(&self, trace: &mut Trace, index: usize, row: usize, columns: &Range<usize>) {
        let lstms = &self.weights.layers[index].lstms;
        let width = self.grid.width;
        self.input(trace, index, 0, row, columns);
        if let [left, right] = &lstms[..] {
            if columns.start == 0 && row > 0 {
                // The sweep from the right counts from the row below: its own row is complete now.
                self.input(trace, index, 1, row - 1, &(0..width));
                (0..width).rev().for_each(|column| self.step(trace, index, (1, right), row - 1, &(column..column + 1)));
            }
            columns.clone().for_each(|column| self.step(trace, index, (0, left), row, &(column..column + 1)));
        } else {
            self.step(trace, index, (0, &lstms[0]), row, columns);
        }
        let units = self.weights.layers[index].up.inputs;
        let places = row * width + columns.start..row * width + columns.end;
        let at = trace.at(&places, units);
        let above = (row > 0).then(|| trace.at(&(places.start - width..places.end - width), units));
        let LayerTrace { sweeps, states } = &mut trace.layers[index];
        states[at.clone()].copy_from_slice(&sweeps[0].hidden[at.clone()]);
        if let (Some(right), Some(above)) = (sweeps.get(1), above) {
            states[at].iter_mut().zip(&right.hidden[above]).for_each(|(state, right)| *state += right);
        }
    }

    /// Input-to-state.
    fn input(&self, trace: &mut Trace, index: usize, sweep: usize, row: usize, columns: &Range<usize>) {
        let Lstm { input, input_taps, .. } = &self.weights.layers[index].lstms[sweep];
        let (width, images) = (self.grid.width, trace.images);
        let gates = &mut trace.layers[index].sweeps[sweep].gates;
        let rows = |places: &Range<usize>, width: usize| places.start * images * width..places.end * images * width;
        input.begin(&mut gates[rows(&(row * width + columns.start..row * width + columns.end), input.outputs)]);
        for (tap, neighbour) in input_taps.iter().enumerate() {
            let Some([places, seen]) = self.neighbours(*neighbour, row, columns) else { continue };
            let features = &trace.features[index][rows(&seen, input.inputs)];
            input.add(tap, features, &mut gates[rows(&places, input.outputs)]);
        }
    }

    /// State-to-state and the gates.
    fn step(&self, trace: &mut Trace, index: usize, (sweep, lstm): (usize, &Lstm), row: usize, columns: &Range<usize>) {
        let units = lstm.state.inputs;
        let places = row * self.grid.width + columns.start..row * self.grid.width + columns.end;
        let images = trace.images;
        let rows = |places: &Range<usize>, width: usize| places.start * images * width..places.end * images * width;
        let Sweep { gates, cell, hidden } = &mut trace.layers[index].sweeps[sweep];
        for (tap, neighbour) in lstm.state_taps.iter().enumerate() {
            let Some([places, seen]) = self.neighbours(*neighbour, row, columns) else { continue };
            lstm.state.add(tap, &hidden[rows(&seen, units)], &mut gates[rows(&places, 4 * units)]);
        }
        // A step moves by a row or by one place, so that all of these places have a state before or none.
        match self.neighbours(lstm.cell, row, columns) {
            Some([places, seen]) => cell.copy_within(rows(&seen, units), rows(&places, units).start),
            None => cell[rows(&places, units)].fill(0.0),
        }
        let states = rows(&places, units);
        cell::forward(&mut gates[rows(&places, 4 * units)], &mut cell[states.clone()], &mut hidden[states], units);
    }
}

fn relu(x: &[f32], y: &mut [f32]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y = x.max(0.0));
}
