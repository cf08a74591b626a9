//! The masked convolution: a place of the grid sees places before it alone.
//!
//! Only the live taps of a kernel have weights: a 3x3 kernel of mask B has five of nine. Where an
//! image has colours, a mask on the feature maps decides what the own place contributes.
//!
//! Van den Oord, Kalchbrenner and Kavukcuoglu, 2016, Pixel Recurrent Neural Networks, section 3.4.

use burn::module::{Module, Param};
use burn::prelude::*;
use data::Noise;
use engine::uniform;

/// A place that a kernel sees: `up` rows above its own and `right` columns to the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tap {
    /// Rows above the own one.
    pub(crate) up: usize,
    /// Columns to the right of the own one, never positive in the own row.
    pub(crate) right: isize,
}

/// The own place.
pub(crate) const OWN: Tap = Tap { up: 0, right: 0 };

/// What the own place contributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Own {
    /// The colours before a map's own: mask A.
    Before,
    /// Those and its own: mask B.
    UpTo,
    /// Everything: the maps read hold other places alone, or there is no tap at the own place.
    All,
}

/// What a masked convolution connects.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// Feature maps read.
    pub(crate) inputs: usize,
    /// Feature maps written.
    pub(crate) outputs: usize,
    /// Colours that the maps are divided among, in order and as evenly as possible.
    pub(crate) colours: usize,
    /// Equal parts of `outputs` that are each divided so: 2 where a gate follows.
    pub(crate) parts: usize,
    /// The places read.
    pub(crate) taps: Vec<Tap>,
    /// What the own place contributes.
    pub(crate) own: Own,
}

/// The taps of a `kernel` x `kernel` square before the own place in raster order.
pub(crate) fn square(kernel: usize) -> Vec<Tap> {
    [above(kernel), row(kernel)].concat()
}

/// The taps of a square in the rows above.
pub(crate) fn above(kernel: usize) -> Vec<Tap> {
    let reach = (kernel / 2) as isize;
    (1..=kernel / 2).rev().flat_map(|up| (-reach..=reach).map(move |right| Tap { up, right })).collect()
}

/// The taps to the left in the own row.
pub(crate) fn row(kernel: usize) -> Vec<Tap> {
    let reach = (kernel / 2) as isize;
    (-reach..0).map(|right| Tap { up: 0, right }).collect()
}

impl Shape {
    /// Weights per output map, those that the mask forbids included.
    pub(crate) fn rows(&self) -> usize {
        self.taps.len() * self.inputs
    }

    /// 1 for each weight that may be used and 0 for the others, `[tap][input][output]`; `None` if
    /// all may.
    pub(crate) fn mask(&self) -> Option<Vec<f32>> {
        let part = self.outputs / self.parts;
        let allowed = |tap: &Tap, input: usize, output: usize| {
            let (read, written) = (input * self.colours / self.inputs, output % part * self.colours / part);
            *tap != OWN
                || match self.own {
                    Own::Before => read < written,
                    Own::UpTo => read <= written,
                    Own::All => true,
                }
        };
        let mut mask = Vec::with_capacity(self.rows() * self.outputs);
        for tap in &self.taps {
            for input in 0..self.inputs {
                mask.extend((0..self.outputs).map(|output| f32::from(u8::from(allowed(tap, input, output)))));
            }
        }
        mask.contains(&0.0).then_some(mask)
    }

    /// Weights that may be used, and biases.
    pub(crate) fn parameters(&self) -> u64 {
        let weights = self.rows() * self.outputs;
        let live = self.mask().map_or(weights, |mask| mask.iter().filter(|allowed| **allowed > 0.0).count());
        (live + self.outputs) as u64
    }
}

/// A masked convolution with a bias, over `[batch, rows, columns, maps]`.
#[derive(Module, Debug)]
pub(crate) struct MaskedConv {
    /// `[tap x input, output]`.
    pub(crate) weight: Param<Tensor<2>>,
    /// `[output]`.
    pub(crate) bias: Param<Tensor<1>>,
    /// [`Shape::mask`], a constant.
    mask: Option<Tensor<2>>,
    #[module(skip)]
    pub(crate) shape: Shape,
}

impl MaskedConv {
    /// Weights from U(-a, a), a = sqrt(6 / (inputs + outputs)), with as many inputs as an output
    /// reads (Glorot and Bengio, 2010, eq. 16); bias 0.
    pub(crate) fn new(shape: Shape, noise: &mut Noise, device: &Device) -> Self {
        let size = [shape.rows(), shape.outputs];
        let bound = (6.0 / (size[0] + size[1]) as f32).sqrt();
        Self {
            weight: uniform(size, bound, noise, device),
            bias: Param::from_tensor(Tensor::zeros([shape.outputs], device)),
            mask: shape.mask().map(|mask| Tensor::from_data(TensorData::new(mask, size), device)),
            shape,
        }
    }

    /// `[batch, rows, columns, inputs]` to `[batch, rows, columns, outputs]`: the places read side
    /// by side, then one matrix product.
    pub(crate) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [batch, height, width, _] = x.dims();
        let weight = self.weight.val();
        let weight = match &self.mask {
            Some(mask) => weight * mask.clone(),
            None => weight,
        };
        let read = self.gather(x).reshape([batch * height * width, self.shape.rows()]);
        let written = read.matmul(weight) + self.bias.val().unsqueeze();
        written.reshape([batch, height, width, self.shape.outputs])
    }

    /// What each place reads, `[batch, rows, columns, tap x input]`.
    fn gather(&self, x: Tensor<4>) -> Tensor<4> {
        if self.shape.taps == [OWN] {
            return x;
        }
        let [batch, height, width, inputs] = x.dims();
        let furthest = |distance: fn(&Tap) -> isize| {
            self.shape.taps.iter().map(distance).max().unwrap_or_default().max(0) as usize
        };
        let (up, left, right) =
            (furthest(|tap| tap.up as isize), furthest(|tap| -tap.right), furthest(|tap| tap.right));
        let padded = x.pad([(0, 0), (up, 0), (left, right), (0, 0)], 0.0);
        let shifted = self.shape.taps.iter().map(|tap| {
            let (top, start) = (up - tap.up, left.saturating_add_signed(tap.right));
            padded.clone().slice([0..batch, top..top + height, start..start + width, 0..inputs])
        });
        Tensor::cat(shifted.collect(), 3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(kernel: usize, colours: usize, maps: usize, own: Own) -> Shape {
        let mut taps = square(kernel);
        if own != Own::Before || colours > 1 {
            taps.push(OWN);
        }
        Shape { inputs: maps, outputs: maps, colours, parts: 1, taps, own }
    }

    #[test]
    fn half_of_a_square_survives() {
        for kernel in [3, 5, 7] {
            let weights = |own| shape(kernel, 1, 1, own).parameters() - 1;
            assert_eq!(weights(Own::Before), (kernel as u64 * kernel as u64 - 1) / 2);
            assert_eq!(weights(Own::UpTo), (kernel as u64 * kernel as u64).div_ceil(2));
        }
    }

    #[test]
    fn at_the_own_place_colours_come_in_order() {
        let own = |own| {
            let shape = Shape { taps: vec![OWN], ..shape(3, 3, 3, own) };
            shape.mask().expect("some are forbidden")
        };
        // Rows: what is read; columns: what is written.
        assert_eq!(own(Own::Before), [0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
        assert_eq!(own(Own::UpTo), [1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0]);
        assert_eq!(Shape { taps: vec![OWN], ..shape(3, 3, 3, Own::All) }.mask(), None);
    }

    #[test]
    fn both_parts_of_a_gate_are_divided_alike() {
        let gate = Shape { outputs: 12, parts: 2, taps: vec![OWN], ..shape(3, 3, 6, Own::Before) };
        let mask = gate.mask().expect("some are forbidden");
        for row in mask.chunks_exact(12) {
            assert_eq!(row[..6], row[6..]);
        }
    }

    /// Against the definition, place by place.
    #[test]
    fn the_product_is_the_convolution() {
        let device = Device::flex();
        let mut noise = Noise::new(0, "conv", 0);
        let (batch, height, width) = (2, 4, 5);
        for (kernel, own) in [(3, Own::Before), (3, Own::UpTo), (7, Own::UpTo)] {
            let conv = MaskedConv::new(shape(kernel, 3, 3, own), &mut noise, &device);
            let values = noise.normals(batch * height * width * 3);
            let x = Tensor::from_data(TensorData::new(values.clone(), [batch, height, width, 3]), &device);
            let found: Vec<f32> = conv.forward(x).into_data().iter::<f32>().collect();
            let weight: Vec<f32> = conv.weight.val().into_data().iter::<f32>().collect();
            let mask = conv.shape.mask().expect("colours are masked");
            for (index, found) in found.iter().enumerate() {
                let (place, output) = (index / 3, index % 3);
                let (image, y, column) = (place / (height * width), place / width % height, place % width);
                let mut expected = 0.0;
                for (number, tap) in conv.shape.taps.iter().enumerate() {
                    let (Some(row), column) = (y.checked_sub(tap.up), column as isize + tap.right) else { continue };
                    if !(0..width as isize).contains(&column) {
                        continue;
                    }
                    for input in 0..3 {
                        let at = (number * 3 + input) * 3 + output;
                        let read = ((image * height + row) * width + column as usize) * 3 + input;
                        expected += weight[at] * mask[at] * values[read];
                    }
                }
                assert!((expected - found).abs() < 1e-5, "{expected} against {found}");
            }
        }
    }
}
