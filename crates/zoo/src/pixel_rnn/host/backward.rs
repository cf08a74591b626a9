//! The way back through a block of images: gradients of the mean NLL.

use std::ops::Range;

use engine::Family;

use super::forward::{Sweep, Trace};
use super::weights::{Linear, Lstm, Weights};
use super::{Host, cell};

/// The loss's gradient with respect to an LSTM's states, `[place][image][unit]` each.
struct OnStates {
    hidden: Vec<f32>,
    cell: Vec<f32>,
}

impl Host {
    /// The NLL of a block in nats; `trace.numbers` becomes its gradient times `weight`.
    pub(super) fn loss(&self, trace: &mut Trace, images: &[f32], weight: f32) -> f64 {
        let (pixels, width) = (self.grid.order.len(), self.family.width());
        let (channels, count) = (self.grid.channels, trace.images);
        let mut nll = 0.0;
        for (at, numbers) in trace.numbers.chunks_exact_mut(width).enumerate() {
            let (place, image, channel) = (at / channels / count, at / channels % count, at % channels);
            let value = images[image * pixels + self.grid.order[place * channels + channel]];
            nll -= self.family.log_prob(numbers, value);
            descend(self.family, numbers, value, weight);
        }
        nll
    }

    /// Adds the gradients of a block whose `numbers` hold the loss's gradient.
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

    /// One recurrent layer: `on` becomes the gradient of the features before it from that of those after.
    fn layer_back(&self, trace: &mut Trace, index: usize, on: &mut [f32], gradients: &mut Weights) {
        let (layer, sums) = (&self.weights.layers[index], &mut gradients.layers[index]);
        let (width, units) = (self.grid.width, layer.up.inputs);
        let empty = vec![0.0; self.grid.places() * trace.images * units];
        let mut on_states: Vec<_> =
            layer.lstms.iter().map(|_| OnStates { hidden: empty.clone(), cell: empty.clone() }).collect();
        for row in (0..self.grid.height).rev() {
            let places = row * width..(row + 1) * width;
            let (states, features) = (trace.at(&places, units), trace.at(&places, layer.up.outputs));
            sums.up.collect(0, &trace.layers[index].states[states.clone()], &on[features.clone()]);
            sums.up.collect_bias(&on[features.clone()]);
            layer.up.add_back(0, &on[features.clone()], &mut on_states[0].hidden[states.clone()]);
            if row > 0 && layer.lstms.len() == 2 {
                let above = trace.at(&(places.start - width..places.start), units);
                layer.up.add_back(0, &on[features.clone()], &mut on_states[1].hidden[above]);
            }
            for (sweep, lstm) in layer.lstms.iter().enumerate() {
                // The sweep from the right is not read in the last row.
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

    /// One step of an LSTM: its gates become the gradient of their sums, which goes on to the states before.
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
        let rows = |places: &Range<usize>, width: usize| places.start * images * width..places.end * images * width;
        let places = row * self.grid.width + columns.start..row * self.grid.width + columns.end;
        let (states, before) = (rows(&places, units), self.neighbours(lstm.cell, row, columns));
        let before = before.map(|[_, seen]| rows(&seen, units));
        let gates = &mut sweep.gates[rows(&places, 4 * units)];
        let mut on_cell = on.cell[states.clone()].to_vec();
        let cell_before = before.clone().map(|before| &sweep.cell[before]);
        cell::backward(gates, &sweep.cell[states.clone()], cell_before, &on.hidden[states], &mut on_cell, units);
        if let Some(before) = before {
            on.cell[before].iter_mut().zip(&on_cell).for_each(|(sum, term)| *sum += term);
        }
        for (tap, neighbour) in lstm.state_taps.iter().enumerate() {
            let Some([places, seen]) = self.neighbours(*neighbour, row, columns) else { continue };
            lstm.state.add_back(tap, &sweep.gates[rows(&places, 4 * units)], &mut on.hidden[rows(&seen, units)]);
        }
    }

    /// What a row's sums give to the weights, and to the features they came from.
    fn row_back(&self, trace: &Trace, (index, sweep): (usize, usize), row: usize, on: &mut [f32], sums: &mut Lstm) {
        let (lstm, width) = (&self.weights.layers[index].lstms[sweep], self.grid.width);
        let Sweep { gates, hidden, .. } = &trace.layers[index].sweeps[sweep];
        let outputs = lstm.input.outputs;
        sums.input.collect_bias(&gates[trace.at(&(row * width..(row + 1) * width), outputs)]);
        for (tap, neighbour) in lstm.state_taps.iter().enumerate() {
            let Some([places, seen]) = self.neighbours(*neighbour, row, &(0..width)) else { continue };
            sums.state.collect(tap, &hidden[trace.at(&seen, lstm.state.inputs)], &gates[trace.at(&places, outputs)]);
        }
        for (tap, neighbour) in lstm.input_taps.iter().enumerate() {
            let Some([places, seen]) = self.neighbours(*neighbour, row, &(0..width)) else { continue };
            let (features, on_sums) = (trace.at(&seen, lstm.input.inputs), &gates[trace.at(&places, outputs)]);
            sums.input.collect(tap, &trace.features[index][features.clone()], on_sums);
            lstm.input.add_back(tap, on_sums, &mut on[features]);
        }
    }
}

/// The gradient of a layer's input from that of its output; its weights' gradients are added to `sum`.
fn through(layer: &Linear, sum: &mut Linear, input: &[f32], on: &[f32]) -> Vec<f32> {
    sum.collect(0, input, on);
    sum.collect_bias(on);
    let mut on_input = vec![0.0; input.len()];
    layer.add_back(0, on, &mut on_input);
    on_input
}

/// Turns a pixel's numbers into the gradient of -log p(value) times `weight`: p less what was seen.
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
