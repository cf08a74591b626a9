//! One affine coupling.

use genbench::burn;
use genbench::burn::module::{Module, Param};
use genbench::burn::prelude::*;
use genbench::data::Noise;
use genbench::nn::{Activation, Dense};

/// b' = b exp(s(a)) + t(a), with s = scale tanh(..).
#[derive(Module, Debug)]
pub(super) struct Coupling {
    first: Dense,
    second: Dense,
    /// From hidden units to the raw s and t of every moved pixel.
    output: Dense,
    /// Bound of |s| for each moved pixel, `[1, moved]`.
    scale: Param<Tensor<2>>,
    /// Sizes of the two halves.
    #[module(skip)]
    halves: [usize; 2],
    /// Index of the half that moves.
    #[module(skip)]
    moved: usize,
}

impl Coupling {
    pub(super) fn new(halves: [usize; 2], moved: usize, hidden: usize, noise: &mut Noise, device: &Device) -> Self {
        let (kept, count) = (halves[1 - moved], halves[moved]);
        Self {
            first: Dense::new(kept, hidden, noise, device),
            second: Dense::new(hidden, hidden, noise, device),
            output: Dense::new(hidden, 2 * count, noise, device),
            scale: Param::from_tensor(Tensor::ones([1, count], device)),
            halves,
            moved,
        }
    }

    pub(super) fn device(&self) -> Device {
        self.first.device()
    }

    /// Splits `[batch, pixels]` into the kept and the moved half.
    fn split(&self, x: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let [left, right] = self.halves;
        let (a, b) = (x.clone().narrow(1, 0, left), x.narrow(1, left, right));
        if self.moved == 1 { (a, b) } else { (b, a) }
    }

    fn join(&self, kept: Tensor<2>, moved: Tensor<2>) -> Tensor<2> {
        Tensor::cat(if self.moved == 1 { vec![kept, moved] } else { vec![moved, kept] }, 1)
    }

    /// s and t, each `[batch, moved]`.
    fn scale_and_shift(&self, kept: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let hidden = self.first.forward_then(kept, Activation::Relu);
        let numbers = self.output.forward(self.second.forward_then(hidden, Activation::Relu));
        let count = self.halves[self.moved];
        (numbers.clone().narrow(1, 0, count).tanh() * self.scale.val(), numbers.narrow(1, count, count))
    }

    /// From the data towards the noise. Returns the images and log |det| of each, `[batch, 1]`.
    pub(super) fn forward(&self, x: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let (kept, moved) = self.split(x);
        let (s, t) = self.scale_and_shift(kept.clone());
        (self.join(kept, moved * s.clone().exp() + t), s.sum_dim(1))
    }

    /// From the noise towards the data.
    pub(super) fn inverse(&self, z: Tensor<2>) -> Tensor<2> {
        let (kept, moved) = self.split(z);
        let (s, t) = self.scale_and_shift(kept.clone());
        self.join(kept, (moved - t) * s.neg().exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use genbench::nn::to_host;

    #[test]
    fn the_inverse_undoes_a_coupling() {
        let device = Device::flex();
        let mut noise = Noise::new(0, "test", 0);
        for moved in [0, 1] {
            let coupling = Coupling::new([3, 2], moved, 8, &mut noise, &device);
            let x = Tensor::<2>::from_data(TensorData::new(noise.normals(4 * 5), [4, 5]), &device);
            let back = coupling.inverse(coupling.forward(x.clone()).0);
            let difference = to_host((back - x).abs()).into_iter().fold(0.0, f32::max);
            assert!(difference < 1e-5, "{difference}");
        }
    }
}
