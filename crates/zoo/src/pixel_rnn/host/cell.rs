//! Forward and backward pass of the gates of an LSTM, over rows of numbers.

use nn::simd;

#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + simd::exp(-x))
}

#[inline(always)]
fn tanh(x: f32) -> f32 {
    2.0 * sigmoid(2.0 * x) - 1.0
}

/// Splits a row of gates into `[i, f, o, g]`.
#[inline(always)]
fn split(row: &mut [f32], hidden: usize) -> [&mut [f32]; 4] {
    let (i, rest) = row.split_at_mut(hidden);
    let (f, rest) = rest.split_at_mut(hidden);
    let (o, g) = rest.split_at_mut(hidden);
    [i, f, o, g]
}

/// Replaces pre-activations with gates in `gates`, `[row][4 h]`, and previous with new cell states in `cell`,
/// `[row][h]`, and writes the hidden states.
pub(super) fn forward(gates: &mut [f32], cell: &mut [f32], hidden: &mut [f32], units: usize) {
    simd::dispatch(
        #[inline(always)]
        || {
            let rows = gates.chunks_exact_mut(4 * units).zip(cell.chunks_exact_mut(units));
            for ((gates, cell), hidden) in rows.zip(hidden.chunks_exact_mut(units)) {
                let (open, candidate) = gates.split_at_mut(3 * units);
                open.iter_mut().for_each(|gate| *gate = sigmoid(*gate));
                candidate.iter_mut().for_each(|gate| *gate = tanh(*gate));
                let [i, f, o, g] = split(gates, units);
                for unit in 0..units {
                    cell[unit] = f[unit] * cell[unit] + i[unit] * g[unit];
                }
                for unit in 0..units {
                    hidden[unit] = o[unit] * tanh(cell[unit]);
                }
            }
        },
    );
}

/// Replaces `gates` with the gradients of their pre-activations, and the gradients of the new cell states (through
/// later cells) with those of the previous ones in `on_cell`. `before` holds the previous cell states, if any,
/// `on_hidden` the gradients of the hidden states.
pub(super) fn backward(
    gates: &mut [f32],
    cell: &[f32],
    before: Option<&[f32]>,
    on_hidden: &[f32],
    on_cell: &mut [f32],
    units: usize,
) {
    let none = vec![0.0; units];
    simd::dispatch(
        #[inline(always)]
        || {
            let rows = gates.chunks_exact_mut(4 * units).zip(on_cell.chunks_exact_mut(units));
            for (row, (gates, on_cell)) in rows.enumerate() {
                let at = row * units..(row + 1) * units;
                let before = before.map_or(&none[..], |before| &before[at.clone()]);
                let (cell, on_hidden) = (&cell[at.clone()], &on_hidden[at]);
                let [i, f, o, g] = split(gates, units);
                for unit in 0..units {
                    let (i, f, o, g) = (&mut i[unit], &mut f[unit], &mut o[unit], &mut g[unit]);
                    let (state, on_hidden) = (tanh(cell[unit]), on_hidden[unit]);
                    let on = on_cell[unit] + on_hidden * *o * (1.0 - state * state);
                    on_cell[unit] = on * *f;
                    *o = on_hidden * state * *o * (1.0 - *o);
                    *f = on * before[unit] * *f * (1.0 - *f);
                    let on_i = on * *g * *i * (1.0 - *i);
                    *g = on * *i * (1.0 - *g * *g);
                    *i = on_i;
                }
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::Noise;

    /// Weighted sum of all hidden and cell states after a step.
    fn value(sums: &[f64], before: &[f64], weights: &[f64], units: usize) -> f64 {
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        (0..units)
            .map(|unit| {
                let sum = |gate| sums[gate * units + unit];
                let cell = sigmoid(sum(1)) * before[unit] + sigmoid(sum(0)) * sum(3).tanh();
                weights[unit] * sigmoid(sum(2)) * cell.tanh() + weights[units + unit] * cell
            })
            .sum()
    }

    #[test]
    fn the_gradients_of_a_step_agree_with_differences() {
        let units = 3;
        let mut noise = Noise::new(0, "cell", 0);
        let mut wide = |count| noise.normals(count).into_iter().map(f64::from).collect::<Vec<_>>();
        let (sums, before, weights) = (wide(4 * units), wide(units), wide(2 * units));
        let narrow = |values: &[f64]| values.iter().map(|value| *value as f32).collect::<Vec<_>>();
        let (mut gates, mut cell, mut hidden) = (narrow(&sums), narrow(&before), vec![0.0; units]);
        forward(&mut gates, &mut cell, &mut hidden, units);
        let found: f64 = (0..units)
            .map(|unit| weights[unit] * f64::from(hidden[unit]) + weights[units + unit] * f64::from(cell[unit]))
            .sum();
        assert!((found - value(&sums, &before, &weights, units)).abs() < 1e-6);
        let (on_hidden, mut on_cell) = (narrow(&weights[..units]), narrow(&weights[units..]));
        backward(&mut gates, &cell, Some(&narrow(&before)), &on_hidden, &mut on_cell, units);
        let moved = |values: &[f64], at: usize, by: f64| {
            let mut values = values.to_vec();
            values[at] += by;
            values
        };
        for (at, found) in gates.iter().enumerate() {
            let by = |by| value(&moved(&sums, at, by), &before, &weights, units);
            assert!((f64::from(*found) - (by(1e-5) - by(-1e-5)) / 2e-5).abs() < 1e-5);
        }
        for (at, found) in on_cell.iter().enumerate() {
            let by = |by| value(&sums, &moved(&before, at, by), &weights, units);
            assert!((f64::from(*found) - (by(1e-5) - by(-1e-5)) / 2e-5).abs() < 1e-5);
        }
    }
}
