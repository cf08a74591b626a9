//! The capabilities of a trained PixelRNN.

use data::Split;
use engine::{Autoregressive, Conditionals, ExplicitDensity, GenerativeModel, ProductOfConditionals, Sampler};
use protocol::Support;

use super::host::Host;
use super::layer::{Direction, Layer};
use super::masked::Masked;
use super::network::{PixelRnn, family};

impl PixelRnn {
    /// Numbers in the order of the walk, put where the pixels are.
    fn in_place(&self, walked: &[f32]) -> Vec<f32> {
        let width = family(self.support).width();
        let mut placed = vec![0.0; walked.len()];
        let image = self.grid.order.len() * width;
        for (placed, walked) in placed.chunks_exact_mut(image).zip(walked.chunks_exact(image)) {
            for (pixel, numbers) in self.grid.order.iter().zip(walked.chunks_exact(width)) {
                placed[pixel * width..][..width].copy_from_slice(numbers);
            }
        }
        placed
    }
}

impl GenerativeModel for PixelRnn {
    fn parameters(&self) -> u64 {
        let masked = |layers: &[Masked]| layers.iter().map(Masked::free).sum::<u64>();
        let direction = |one: &Direction| one.input.free() + one.state.dims().iter().product::<usize>() as u64;
        let layer = |one: &Layer| one.up.free() + one.directions.iter().map(direction).sum::<u64>();
        self.first.free() + self.layers.iter().map(layer).sum::<u64>() + masked(&self.head) + self.output.free()
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }

    fn density(&self) -> Option<&dyn ExplicitDensity> {
        Some(self)
    }

    fn autoregressive(&self) -> Option<&dyn Autoregressive> {
        Some(self)
    }
}

impl Autoregressive for PixelRnn {
    fn ordering(&self) -> Vec<usize> {
        self.grid.order.clone()
    }

    fn conditionals(&self, images: &Split) -> Conditionals {
        let walked = if self.is_on_cpu() { Host::of(self).numbers(images) } else { self.numbers_of(images) };
        Conditionals { family: family(self.support), numbers: self.in_place(&walked), pixels: self.grid.order.len() }
    }

    /// One step of every LSTM per number: states are kept from place to place.
    fn sample_from(&self, uniforms: &[f32]) -> Split {
        Split::new(Host::of(self).sample(uniforms), self.grid.order.len())
    }
}

impl ProductOfConditionals for PixelRnn {
    fn support(&self) -> Support {
        self.support
    }
}
