//! Backward pass of a block of images: gradients of the mean NLL.

use std::ops::Range;

use engine::Family;

use super::forward::{Sweep, Trace};
use super::weights::{Linear, Lstm, Weights};
use super::{Host, cell};

/// Gradients of the loss with respect to the states of an LSTM, `[position][image][unit]` each.
struct OnStates {
    hidden: Vec<f32>,
    cell: Vec<f32>,
}

impl Host {
    /// Returns the NLL of a block in nats and overwrites `trace.numbers` with its gradient times `weight`.
    pub(super) fn loss(&self, trace: &mut Trace, images: &[f32], weight: f32) -> f64 {
        let (pixels, width) = (self.grid.order.len(), self.family.width());
        let (channels, count) = (self.grid.channels, trace.images);
        let mut nll = 0.0;
        for (at, numbers) in trace.numbers.chunks_exact_mut(width).enumerate() {
            let (position, image, channel) = (at / channels / count, at / channels % count, at % channels);
            let value = images[image * pixels + self.grid.order[position * channels + channel]];
            nll -= self.family.log_prob(numbers, value);
            descend(self.family, numbers, value, weight);
        }
        nll
    }

    /// Adds the gradients of a block. Its `numbers` must hold the gradient of the loss.
    pub(super) fn backward(&self, trace: &mut Trace, gradients: &mut Weights) {
        let weights = &self.weights;
        let mut on = std::mem::take(&mut trace.numbers);
        let layers = weights.head.iter().chain([&weights.output]);
        let sums = gradients.head.iter_mut().chain([&mut gradients.output]);
        for ((layer, sum), input) in layers.zip(sums).zip(&trace.head).collect::<Vec<_>>().into_iter().rev() {
            on = through(layer, sum, input, &on);
            on.iter_mut().zip(input).for_each(|(on, input)| *on = if *input > 0.0 { *on } else { 0.0 });
        }
        for index in (0..weights.layers.len()).rev() {
            self.layer_back(trace, index, &mut on, gradients);
        }
        gradients.first.collect(0, &trace.patches, &on);
        gradients.first.collect_bias(&on);
    }

    /// Propagates through one recurrent layer: `on` changes from the gradient of its output to that of its input.
    fn layer_back(&self, trace: &mut Trace, index: usize, on: &mut [f32], gradients: &mut Weights) {
        let (layer, sums) = (&self.weights.layers[index], &mut gradients.layers[index]);
        let (width, units) = (self.grid.width, layer.up.inputs);
        let empty = vec![0.0; self.grid.positions() * trace.images * units];
        let mut on_states: Vec<_> =
            layer.lstms.iter().map(|_| OnStates { hidden: empty.clone(), cell: empty.clone() }).collect();
        for row in (0..self.grid.height).rev() {
            let positions = row * width..(row + 1) * width;
            let (states, features) = (trace.at(&positions, units), trace.at(&positions, layer.up.outputs));
            sums.up.collect(0, &trace.layers[index].states[states.clone()], &on[features.clone()]);
            sums.up.collect_bias(&on[features.clone()]);
            layer.up.add_back(0, &on[features.clone()], &mut on_states[0].hidden[states.clone()]);
            if row > 0 && layer.lstms.len() == 2 {
                let above = trace.at(&(positions.start - width..positions.start), units);
                layer.up.add_back(0, &on[features.clone()], &mut on_states[1].hidden[above]);
            }
            for (sweep, lstm) in layer.lstms.iter().enumerate() {
                // The last row of the sweep from the right is not used.
                if sweep == 1 && row + 1 == self.grid.height {
                    continue;
                }
                let images = trace.images;
                let trace_of = &mut trace.layers[index].sweeps[sweep];
                let all = 0..width;
                match (layer.lstms.len(), sweep) {
                    (1, _) => self.step_back(trace_of, images, lstm, row, &all, &mut on_states[sweep]),
                    (_, 0) => all.rev().for_each(|column| {
                        self.step_back(trace_of, images, lstm, row, &(column..column + 1), &mut on_states[sweep]);
                    }),
                    _ => all.for_each(|column| {
                        self.step_back(trace_of, images, lstm, row, &(column..column + 1), &mut on_states[sweep]);
                    }),
                }
                self.row_back(trace, (index, sweep), row, on, &mut sums.lstms[sweep]);
            }
        }
    }

    /// Propagates through one step of an LSTM. The gates become the gradients of their pre-activations, which are
    /// propagated to the previous states.
    fn step_back(
        &self,
        sweep: &mut Sweep,
        images: usize,
        lstm: &Lstm,
        row: usize,
        columns: &Range<usize>,
        on: &mut OnStates,
    ) {
        let units = lstm.state.inputs;
        let rows =
            |positions: &Range<usize>, width: usize| positions.start * images * width..positions.end * images * width;
        let positions = row * self.grid.width + columns.start..row * self.grid.width + columns.end;
        let (states, before) = (rows(&positions, units), self.neighbours(lstm.cell, row, columns));
        let before = before.map(|[_, seen]| rows(&seen, units));
        let gates = &mut sweep.gates[rows(&positions, 4 * units)];
        let mut on_cell = on.cell[states.clone()].to_vec();
        let cell_before = before.clone().map(|before| &sweep.cell[before]);
        cell::backward(gates, &sweep.cell[states.clone()], cell_before, &on.hidden[states], &mut on_cell, units);
        if let Some(before) = before {
            on.cell[before].iter_mut().zip(&on_cell).for_each(|(sum, term)| *sum += term);
        }
        for (tap, neighbour) in lstm.state_taps.iter().enumerate() {
            let Some([positions, seen]) = self.neighbours(*neighbour, row, columns) else { continue };
            lstm.state.add_back(tap, &sweep.gates[rows(&positions, 4 * units)], &mut on.hidden[rows(&seen, units)]);
        }
    }

    /// Propagates the gradients of the pre-activations of a row to the weights and to the input features.
    fn row_back(&self, trace: &Trace, (index, sweep): (usize, usize), row: usize, on: &mut [f32], sums: &mut Lstm) {
        let (lstm, width) = (&self.weights.layers[index].lstms[sweep], self.grid.width);
        let Sweep { gates, hidden, .. } = &trace.layers[index].sweeps[sweep];
        let outputs = lstm.input.outputs;
        sums.input.collect_bias(&gates[trace.at(&(row * width..(row + 1) * width), outputs)]);
        for (tap, neighbour) in lstm.state_taps.iter().enumerate() {
            let Some([positions, seen]) = self.neighbours(*neighbour, row, &(0..width)) else { continue };
            sums.state.collect(tap, &hidden[trace.at(&seen, lstm.state.inputs)], &gates[trace.at(&positions, outputs)]);
        }
        for (tap, neighbour) in lstm.input_taps.iter().enumerate() {
            let Some([positions, seen]) = self.neighbours(*neighbour, row, &(0..width)) else { continue };
            let (features, on_sums) = (trace.at(&seen, lstm.input.inputs), &gates[trace.at(&positions, outputs)]);
            sums.input.collect(tap, &trace.features[index][features.clone()], on_sums);
            lstm.input.add_back(tap, on_sums, &mut on[features]);
        }
    }
}

/// Returns the gradient of the input of a layer from that of its output, and adds the weight gradients to `sum`.
fn through(layer: &Linear, sum: &mut Linear, input: &[f32], on: &[f32]) -> Vec<f32> {
    sum.collect(0, input, on);
    sum.collect_bias(on);
    let mut on_input = vec![0.0; input.len()];
    layer.add_back(0, on, &mut on_input);
    on_input
}

/// Overwrites the parameters of a pixel with the gradient of -log p(value) times `weight`: p minus the observation.
fn descend(family: Family, numbers: &mut [f32], value: f32, weight: f32) {
    match family {
        Family::Categorical(levels) => {
            let total = engine::log_sum_exp(numbers.iter().map(|number| f64::from(*number)));
            let level = (value * f32::from(levels - 1)).round() as usize;
            for (index, number) in numbers.iter_mut().enumerate() {
                let p = (f64::from(*number) - total).exp() as f32;
                *number = weight * (p - f32::from(u8::from(index == level)));
            }
        }
        _ => numbers[0] = weight * (1.0 / (1.0 + (-numbers[0]).exp()) - value),
    }
}
