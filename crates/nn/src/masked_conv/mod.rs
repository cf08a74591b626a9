//! Masked convolution: each position reads only preceding positions in raster order.
//!
//! Only the taps that the mask keeps have weights: a 3x3 kernel with mask B has five of nine. For colour images a mask
//! on the channels determines which channels the centre tap connects.
//!
//! Van den Oord, Kalchbrenner and Kavukcuoglu, 2016, Pixel Recurrent Neural Networks, section 3.4.

mod shape;

use burn::module::{Module, Param};
use burn::prelude::*;
use data::Noise;

pub use self::shape::{CENTRE, Mask, Shape, Tap, above, row, square};
use crate::uniform;

/// Masked convolution with a bias, over `[batch, rows, columns, channels]`.
///
/// ```
/// use burn::prelude::*;
/// use ::nn::masked_conv::{Mask, MaskedConv, Shape, square};
/// use ::nn::Noise;
///
/// let device = Device::flex();
/// // Mask A on one colour: a 3x3 kernel without its centre, four taps of nine.
/// let shape = Shape { inputs: 1, outputs: 8, colours: 1, parts: 1, taps: square(3), centre: Mask::A };
/// let conv = MaskedConv::new(shape, &mut Noise::new(0, "example", 0), &device);
/// let x = Tensor::<4>::ones([2, 5, 5, 1], &device);
/// let y = conv.forward(x);
/// assert_eq!(y.dims(), [2, 5, 5, 8]);
/// // The first position has no preceding position.
/// assert_eq!(::nn::to_host(y.slice([0..1, 0..1, 0..1, 0..8])), [0.0; 8]);
/// ```
#[derive(Module, Debug)]
pub struct MaskedConv {
    /// Weights, `[tap x input, output]`.
    pub weight: Param<Tensor<2>>,
    /// Bias, `[output]`.
    pub bias: Param<Tensor<1>>,
    /// Mask of the weights ([`Shape::mask`]), a constant.
    mask: Option<Tensor<2>>,
    /// The connections.
    #[module(skip)]
    pub shape: Shape,
}

impl MaskedConv {
    /// Layer with a bias of 0 and weights from U(-a, a) with a = sqrt(6 / (inputs + outputs)) (Glorot and Bengio, 2010,
    /// eq. 16), where `inputs` is the count of numbers that an output reads.
    #[must_use]
    pub fn new(shape: Shape, noise: &mut Noise, device: &Device) -> Self {
        let size = [shape.rows(), shape.outputs];
        let bound = (6.0 / (size[0] + size[1]) as f32).sqrt();
        Self {
            weight: uniform(size, bound, noise, device),
            bias: Param::from_tensor(Tensor::zeros([shape.outputs], device)),
            mask: shape.mask().map(|mask| Tensor::from_data(TensorData::new(mask, size), device)),
            shape,
        }
    }

    /// Applies the layer: `[batch, rows, columns, inputs]` to `[batch, rows, columns, outputs]`. It gathers the taps,
    /// then computes one matrix product.
    #[must_use]
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
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

    /// Gathers the inputs of each position, `[batch, rows, columns, tap x input]`.
    fn gather(&self, x: Tensor<4>) -> Tensor<4> {
        if self.shape.taps == [CENTRE] {
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

    fn shape(kernel: usize, colours: usize, channels: usize, centre: Mask) -> Shape {
        let mut taps = square(kernel);
        if centre != Mask::A || colours > 1 {
            taps.push(CENTRE);
        }
        Shape { inputs: channels, outputs: channels, colours, parts: 1, taps, centre }
    }

    #[test]
    fn the_mask_keeps_half_of_a_square() {
        for kernel in [3, 5, 7] {
            let weights = |mask| shape(kernel, 1, 1, mask).parameters() - 1;
            assert_eq!(weights(Mask::A), (kernel as u64 * kernel as u64 - 1) / 2);
            assert_eq!(weights(Mask::B), (kernel as u64 * kernel as u64).div_ceil(2));
        }
    }

    #[test]
    fn at_the_centre_colours_come_in_order() {
        let centre = |mask| {
            let shape = Shape { taps: vec![CENTRE], ..shape(3, 3, 3, mask) };
            shape.mask().expect("the mask removes connections")
        };
        // Rows: input channels; columns: output channels.
        assert_eq!(centre(Mask::A), [0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
        assert_eq!(centre(Mask::B), [1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0]);
        assert_eq!(Shape { taps: vec![CENTRE], ..shape(3, 3, 3, Mask::Open) }.mask(), None);
    }

    #[test]
    fn both_parts_of_a_gate_have_the_same_mask() {
        let gate = Shape { outputs: 12, parts: 2, taps: vec![CENTRE], ..shape(3, 3, 6, Mask::A) };
        let mask = gate.mask().expect("the mask removes connections");
        for row in mask.chunks_exact(12) {
            assert_eq!(row[..6], row[6..]);
        }
    }

    /// Comparison with the definition, position by position.
    #[test]
    fn the_product_is_the_convolution() {
        let device = Device::flex();
        let mut noise = Noise::new(0, "conv", 0);
        let (batch, height, width) = (2, 4, 5);
        for (kernel, mask) in [(3, Mask::A), (3, Mask::B), (7, Mask::B)] {
            let conv = MaskedConv::new(shape(kernel, 3, 3, mask), &mut noise, &device);
            let values = noise.normals(batch * height * width * 3);
            let x = Tensor::from_data(TensorData::new(values.clone(), [batch, height, width, 3]), &device);
            let found: Vec<f32> = conv.forward(x).into_data().iter::<f32>().collect();
            let weight: Vec<f32> = conv.weight.val().into_data().iter::<f32>().collect();
            let live = conv.shape.mask().expect("colours are masked");
            for (index, found) in found.iter().enumerate() {
                let (position, output) = (index / 3, index % 3);
                let (image, y, column) = (position / (height * width), position / width % height, position % width);
                let mut expected = 0.0;
                for (number, tap) in conv.shape.taps.iter().enumerate() {
                    let (Some(row), column) = (y.checked_sub(tap.up), column as isize + tap.right) else { continue };
                    if !(0..width as isize).contains(&column) {
                        continue;
                    }
                    for input in 0..3 {
                        let at = (number * 3 + input) * 3 + output;
                        let read = ((image * height + row) * width + column as usize) * 3 + input;
                        expected += weight[at] * live[at] * values[read];
                    }
                }
                assert!((expected - found).abs() < 1e-5, "{expected} against {found}");
            }
        }
    }
}
