//! Capabilities of a trained PixelRNN: density, conditionals, samples.

use data::Split;
use engine::{Autoregressive, Conditionals, ExplicitDensity, GenerativeModel, ProductOfConditionals, Sampler};
use protocol::Support;

use super::host::Host;
use super::layer::{Direction, Layer};
use super::masked::Masked;
use super::network::{PixelRnn, family};

impl PixelRnn {
    /// Reorders numbers from the order of generation to the order of the pixels.
    fn in_pixel_order(&self, generated: &[f32]) -> Vec<f32> {
        let width = family(self.support).width();
        let mut reordered = vec![0.0; generated.len()];
        let image = self.grid.order.len() * width;
        for (reordered, generated) in reordered.chunks_exact_mut(image).zip(generated.chunks_exact(image)) {
            for (pixel, numbers) in self.grid.order.iter().zip(generated.chunks_exact(width)) {
                reordered[pixel * width..][..width].copy_from_slice(numbers);
            }
        }
        reordered
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
        let generated = if self.is_on_cpu() { Host::of(self).numbers(images) } else { self.numbers_of(images) };
        Conditionals {
            family: family(self.support),
            numbers: self.in_pixel_order(&generated),
            pixels: self.grid.order.len(),
        }
    }

    /// Takes one step of every LSTM per pixel: the states are kept from position to position.
    fn sample_from(&self, uniforms: &[f32]) -> Split {
        Split::new(Host::of(self).sample(uniforms), self.grid.order.len())
    }
}

impl ProductOfConditionals for PixelRnn {
    fn support(&self) -> Support {
        self.support
    }
}
