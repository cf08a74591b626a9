//! Transfer matrix: sums over all images of a lattice strip, one site at a time.
//!
//! The vector has one entry per state of the last `width` spins, 2^width in all. Adding a site takes one pass over the
//! vector. A bond has weight 1 if its spins are equal, else exp(-2 beta), so that nothing overflows.

use super::kaufman::Totals;

/// A strip with free ends. Across its width it is free, or closed to a cylinder.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strip {
    /// Number of sites in a row; at most 20, to limit the memory.
    pub(super) width: usize,
    /// Height in pixels.
    pub(super) length: usize,
    /// `true` if the last and the first site of a row are neighbours.
    pub(super) wraps: bool,
    /// The coupling.
    pub(super) beta: f64,
}

impl Strip {
    /// Weight of a bond between unlike spins.
    pub(super) fn unlike(&self) -> f64 {
        (-2.0 * self.beta).exp()
    }

    fn bonds(&self) -> usize {
        let across = if self.wraps { self.width } else { self.width - 1 };
        across * self.length + self.width * (self.length - 1)
    }

    /// The vector before the first site.
    pub(super) fn start(&self) -> Vec<f64> {
        let mut vector = vec![0.0; 1 << self.width];
        vector[0] = 1.0;
        vector
    }

    /// Weight and number of unlike bonds within the row that end at `column`, in `state`.
    fn across(&self, column: usize, state: usize) -> (f64, f64) {
        let spin = |column: usize| (state >> column) & 1;
        let mut unlike = 0;
        if column > 0 {
            unlike += spin(column) ^ spin(column - 1);
        }
        if self.wraps && column + 1 == self.width {
            unlike += spin(column) ^ spin(0);
        }
        ([1.0, self.unlike(), self.unlike() * self.unlike()][unlike], unlike as f64)
    }

    /// Replaces the spin at `column` by the one below it. `first` marks the first row, which has no row above.
    pub(super) fn add(&self, first: bool, column: usize, vector: &mut [f64]) {
        let bit = 1 << column;
        let down = if first { 1.0 } else { self.unlike() };
        let weights = self.row_weights(column);
        for (block, pairs) in vector.chunks_exact_mut(2 * bit).enumerate() {
            let (zeros, ones) = pairs.split_at_mut(bit);
            for (offset, (zero, one)) in zeros.iter_mut().zip(ones).enumerate() {
                let low = block * 2 * bit + offset;
                let sums = (*zero + down * *one, down * *zero + *one);
                *zero = sums.0 * weights.of(low).0;
                *one = sums.1 * weights.of(low | bit).0;
            }
        }
    }

    /// As [`Strip::add`]; also updates the sum of (weight x number of unlike bonds).
    fn add_counting(&self, first: bool, column: usize, vector: &mut [f64], counts: &mut [f64]) {
        let bit = 1 << column;
        let (down, step) = if first { (1.0, 0.0) } else { (self.unlike(), 1.0) };
        let weights = self.row_weights(column);
        let blocks = vector.chunks_exact_mut(2 * bit).zip(counts.chunks_exact_mut(2 * bit));
        for (block, (pairs, counts)) in blocks.enumerate() {
            for offset in 0..bit {
                let low = block * 2 * bit + offset;
                let (low_weight, low_unlike) = weights.of(low);
                let (high_weight, high_unlike) = weights.of(low | bit);
                let (zero, one) = (pairs[offset], pairs[offset + bit]);
                let (zero_count, one_count) = (counts[offset], counts[offset + bit]);
                let (low, high) = ((zero + down * one) * low_weight, (down * zero + one) * high_weight);
                pairs[offset] = low;
                pairs[offset + bit] = high;
                counts[offset] = (zero_count + down * (one_count + step * one)) * low_weight + low_unlike * low;
                counts[offset + bit] =
                    (down * (zero_count + step * zero) + one_count) * high_weight + high_unlike * high;
            }
        }
    }

    fn row_weights(&self, column: usize) -> RowWeights {
        // The bonds depend on three spins only: the first, the previous and the new one.
        let before = column.saturating_sub(1);
        let table = std::array::from_fn(|key| {
            let state = (key & 1) | ((key >> 1 & 1) << before) | ((key >> 2) << column);
            self.across(column, state)
        });
        RowWeights { table, before, column }
    }

    /// ln Z and the mean of E, without the bonds between the last and the first row.
    pub(super) fn totals(&self) -> Totals {
        let mut vector = self.start();
        let mut counts = vec![0.0; vector.len()];
        let mut log_scale = 0.0;
        for row in 0..self.length {
            for column in 0..self.width {
                self.add_counting(row == 0, column, &mut vector, &mut counts);
            }
            let scale = normalise(&mut vector);
            counts.iter_mut().for_each(|count| *count /= scale);
            log_scale += scale.ln();
        }
        let total: f64 = vector.iter().sum();
        let unlike = counts.iter().sum::<f64>() / total;
        let bonds = self.bonds() as f64;
        Totals { log_z: total.ln() + log_scale + self.beta * bonds, mean_energy: bonds - 2.0 * unlike }
    }

    /// The vector after each row, up to a factor.
    pub(super) fn rows(&self) -> Vec<Vec<f64>> {
        let mut vector = self.start();
        (0..self.length)
            .map(|row| {
                (0..self.width).for_each(|column| self.add(row == 0, column, &mut vector));
                normalise(&mut vector);
                vector.clone()
            })
            .collect()
    }
}

/// Weight and number of unlike bonds, indexed by the three spins.
struct RowWeights {
    table: [(f64, f64); 8],
    before: usize,
    column: usize,
}

impl RowWeights {
    fn of(&self, state: usize) -> (f64, f64) {
        self.table[(state & 1) | ((state >> self.before & 1) << 1) | ((state >> self.column & 1) << 2)]
    }
}

/// Divides the vector by its largest entry and returns that entry.
fn normalise(vector: &mut [f64]) -> f64 {
    let largest = vector.iter().copied().fold(0.0, f64::max);
    vector.iter_mut().for_each(|entry| *entry /= largest);
    largest
}
