//! Network on the CPU, with its own backward pass: images in blocks, every activation computed once.
//!
//! Training, evaluation and sampling share one forward step. Training and evaluation compute a row at a time, since the
//! pixels are known. Sampling computes a position at a time, draws a pixel and continues from the stored states. The
//! activations of a block are laid out `[position][image][number]`, so that a convolution is one matrix product per tap
//! over consecutive positions. Tests compare the results with [`super::network`].

mod backward;
mod cell;
mod forward;
mod product;
mod weights;

use burn::optim::GradientsParams;
use data::Split;
use engine::Family;
use rayon::prelude::*;

use super::grid::{Grid, Tap};
use super::network::{PixelRnn, family};
use forward::Trace;
use weights::Weights;

use engine::HostGradients;

/// Number of images per block. It is a constant, so that the result does not depend on the number of threads.
const BLOCK: usize = 8;

/// Weights of the network on the host, with its grid and support.
pub(super) struct Host {
    grid: Grid,
    family: Family,
    /// Result of [`Grid::patches`].
    patches: Vec<usize>,
    weights: Weights,
}

/// Mean NLL of a batch in nats per image, and its gradients.
pub(super) struct Descent {
    pub(super) nll: f64,
    gradients: Weights,
}

impl Descent {
    /// Returns the gradients by parameter of `model`.
    pub(super) fn register(&self, model: &PixelRnn) -> GradientsParams {
        self.gradients.register(model)
    }
}

impl HostGradients for PixelRnn {
    fn gradients(&self, images: &Split) -> (f64, GradientsParams) {
        let descent = Host::of(self).descend(images);
        (descent.nll, descent.register(self))
    }
}

impl Host {
    pub(super) fn of(model: &PixelRnn) -> Self {
        Self {
            grid: model.grid.clone(),
            family: family(model.support),
            patches: model.grid.patches(model.window),
            weights: Weights::of(model),
        }
    }

    /// Parameters of the conditionals in the order of generation, `[image][position][channel][number]`.
    pub(super) fn numbers(&self, images: &Split) -> Vec<f32> {
        let block = |images: &[f32]| {
            let mut trace = Trace::new(self, images);
            (0..self.grid.height).for_each(|row| self.forward(&mut trace, row, 0..self.grid.width));
            self.by_image(&trace)
        };
        let blocks: Vec<Vec<f32>> = images.pixels.par_chunks(BLOCK * self.grid.order.len()).map(block).collect();
        blocks.concat()
    }

    fn by_image(&self, trace: &Trace) -> Vec<f32> {
        let width = self.weights.output.outputs;
        let image = |image| {
            (0..self.grid.positions())
                .flat_map(move |position| &trace.numbers[(position * trace.images + image) * width..][..width])
        };
        (0..trace.images).flat_map(image).copied().collect()
    }

    /// Draws images from uniforms in the order of generation.
    pub(super) fn sample(&self, uniforms: &[f32]) -> Vec<f32> {
        let numbers = self.grid.order.len();
        let mut images = vec![0.0; uniforms.len()];
        images
            .par_chunks_mut(BLOCK * numbers)
            .zip(uniforms.par_chunks(BLOCK * numbers))
            .for_each(|(images, uniforms)| self.sample_block(images, uniforms));
        images
    }

    fn sample_block(&self, images: &mut [f32], uniforms: &[f32]) {
        let (channels, pixels, width) = (self.grid.channels, self.grid.order.len(), self.family.width());
        let mut trace = Trace::new(self, images);
        for position in 0..self.grid.positions() {
            let (row, column) = (position / self.grid.width, position % self.grid.width);
            for channel in 0..channels {
                // The activations that depend on earlier channels of the position are computed again.
                self.forward(&mut trace, row, column..column + 1);
                let generated = position * channels + channel;
                for (image, draws) in uniforms.chunks_exact(pixels).enumerate() {
                    let at = ((position * trace.images + image) * channels + channel) * width;
                    let value = self.family.draw(&trace.numbers[at..][..width], draws[generated]);
                    trace.set(image, self.grid.order[generated], value);
                    images[image * pixels + self.grid.order[generated]] = value;
                }
            }
        }
    }

    /// Computes the mean NLL of a batch and its gradients.
    pub(super) fn descend(&self, images: &Split) -> Descent {
        let count = images.len();
        let block = |images: &[f32]| {
            let mut trace = Trace::new(self, images);
            (0..self.grid.height).for_each(|row| self.forward(&mut trace, row, 0..self.grid.width));
            let mut gradients = self.weights.zeros();
            let nll = self.loss(&mut trace, images, 1.0 / count as f32);
            self.backward(&mut trace, &mut gradients);
            (nll, gradients)
        };
        let blocks: Vec<_> = images.pixels.par_chunks(BLOCK * self.grid.order.len()).map(block).collect();
        let mut total = Descent { nll: 0.0, gradients: self.weights.zeros() };
        for (nll, gradients) in &blocks {
            total.nll += nll / count as f64;
            total.gradients.sum(gradients);
        }
        total
    }

    /// Returns the positions of a row whose neighbour at `tap` exists, and these neighbours.
    fn neighbours(
        &self,
        tap: Tap,
        row: usize,
        columns: &std::ops::Range<usize>,
    ) -> Option<[std::ops::Range<usize>; 2]> {
        let Grid { height, width, .. } = self.grid;
        let from = row.checked_add_signed(tap.down).filter(|row| *row < height)?;
        let first = columns.start.max(0usize.saturating_add_signed(-tap.right));
        let last = columns.end.min(width.saturating_add_signed(-tap.right));
        if first >= last {
            return None;
        }
        let seen = |column: usize| from * width + column.saturating_add_signed(tap.right);
        Some([row * width + first..row * width + last, seen(first)..seen(first) + last - first])
    }
}
