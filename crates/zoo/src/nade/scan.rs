//! NADE on the CPU by the recursion of the paper: one pass over the pixels of an image, with its own backward pass.
//!
//! The hidden state changes only where a pixel is 1. Between two ones, a pixel costs one product with a row of V and
//! one update of the gradient of that row: O(n h) without a sigmoid. Tests compare the result with the plain operations
//! of [`super::Nade::logits`].

use nn::{faults, simd};
use rayon::prelude::*;

use crate::faults::nade_target;

/// Number of parts of a batch that are computed in parallel and added in order. It is a constant, so that the result
/// does not depend on the number of threads.
const PARTS: usize = 4;

/// Parameters on the host, with the rows of W and V in the order of generation.
pub(super) struct Weights {
    /// W, `[pixels][hidden]`.
    pub(super) input: Vec<f32>,
    /// c, `[hidden]`.
    pub(super) input_bias: Vec<f32>,
    /// V, `[pixels][hidden]`.
    pub(super) output: Vec<f32>,
    /// b, `[pixels]`.
    pub(super) output_bias: Vec<f32>,
}

/// Mean NLL of a batch and its gradients, laid out like [`Weights`].
pub(super) struct Descent {
    /// Mean NLL in nats per image.
    pub(super) nll: f64,
    /// Gradients of the mean NLL.
    pub(super) gradients: Weights,
}

impl Weights {
    fn zeros(pixels: usize, hidden: usize) -> Self {
        Self {
            input: vec![0.0; pixels * hidden],
            input_bias: vec![0.0; hidden],
            output: vec![0.0; pixels * hidden],
            output_bias: vec![0.0; pixels],
        }
    }

    fn pixels(&self) -> usize {
        self.output_bias.len()
    }

    fn hidden(&self) -> usize {
        self.input_bias.len()
    }

    fn add(&mut self, other: &Self) {
        let pairs = [
            (&mut self.input, &other.input),
            (&mut self.input_bias, &other.input_bias),
            (&mut self.output, &other.output),
            (&mut self.output_bias, &other.output_bias),
        ];
        for (sum, term) in pairs {
            sum.iter_mut().zip(term).for_each(|(sum, term)| *sum += term);
        }
    }

    /// Log-odds of all pixels of images in the order of generation.
    pub(super) fn logits(&self, images: &[f32]) -> Vec<f32> {
        let mut logits = vec![0.0; images.len()];
        let pixels = self.pixels();
        logits.par_chunks_exact_mut(pixels).zip(images.par_chunks_exact(pixels)).for_each(|(logits, image)| {
            simd::dispatch(|| self.forward(image, logits));
        });
        logits
    }

    #[inline(always)]
    fn forward(&self, image: &[f32], logits: &mut [f32]) {
        let hidden = self.hidden();
        let (mut before, mut state) = (self.input_bias.clone(), vec![0.0; hidden]);
        sigmoid(&before, &mut state);
        faults::dropped_on_host(&mut state, 0);
        for (position, value) in image.iter().enumerate() {
            let row = position * hidden..(position + 1) * hidden;
            logits[position] = self.output_bias[position] + dot(&self.output[row.clone()], &state);
            if *value > 0.5 {
                axpy(1.0, &self.input[row], &mut before);
                sigmoid(&before, &mut state);
                faults::dropped_on_host(&mut state, position + 1);
            }
        }
    }

    /// Draws images in the order of generation. A pixel is 1 if its uniform is below its probability.
    pub(super) fn sample(&self, uniforms: &[f32]) -> Vec<f32> {
        let (pixels, hidden) = (self.pixels(), self.hidden());
        let mut images = vec![0.0; uniforms.len()];
        images.par_chunks_exact_mut(pixels).zip(uniforms.par_chunks_exact(pixels)).for_each(|(image, draws)| {
            simd::dispatch(|| {
                let (mut before, mut state) = (self.input_bias.clone(), vec![0.0; hidden]);
                sigmoid(&before, &mut state);
                faults::dropped_on_host(&mut state, 0);
                for (position, uniform) in draws.iter().enumerate() {
                    let row = position * hidden..(position + 1) * hidden;
                    let logit = self.output_bias[position] + dot(&self.output[row.clone()], &state);
                    image[position] = engine::Family::Bernoulli.draw(&[logit], *uniform);
                    if image[position] > 0.5 {
                        axpy(1.0, &self.input[row], &mut before);
                        sigmoid(&before, &mut state);
                        faults::dropped_on_host(&mut state, position + 1);
                    }
                }
            });
        });
        images
    }

    /// Computes the mean NLL of images in the order of generation, and its gradients.
    pub(super) fn descend(&self, images: &[f32]) -> Descent {
        let (pixels, hidden) = (self.pixels(), self.hidden());
        let count = images.len() / pixels;
        let part = count.div_ceil(PARTS).max(1) * pixels;
        let parts: Vec<(f64, Self)> = images
            .par_chunks(part)
            .map(|images| {
                let mut sums = Self::zeros(pixels, hidden);
                let nll = simd::dispatch(|| {
                    let mut scratch = Scratch::default();
                    images
                        .chunks_exact(pixels)
                        .map(|image| self.accumulate(image, count, &mut scratch, &mut sums))
                        .sum()
                });
                (nll, sums)
            })
            .collect();
        let mut total = (0.0, Self::zeros(pixels, hidden));
        for (nll, gradients) in &parts {
            total.0 += nll;
            total.1.add(gradients);
        }
        Descent { nll: total.0 / count as f64, gradients: total.1 }
    }

    /// Adds the gradients of one image to `sums` and returns its NLL.
    #[inline(always)]
    fn accumulate(&self, image: &[f32], count: usize, scratch: &mut Scratch, sums: &mut Self) -> f64 {
        let hidden = self.hidden();
        let weight = 1.0 / count as f32;
        scratch.reset(&self.input_bias);
        let mut nll = 0.0;
        sigmoid(&scratch.before, &mut scratch.state);
        for (position, value) in image.iter().enumerate() {
            let row = position * hidden..(position + 1) * hidden;
            let logit = self.output_bias[position] + dot(&self.output[row.clone()], &scratch.state);
            // log(1 + e^l) - x l, and its derivative with respect to l.
            let target = nade_target(*value);
            nll += f64::from(logit.max(0.0)) + f64::from((-logit.abs()).exp()).ln_1p() - f64::from(target * logit);
            let delta = weight * (1.0 / (1.0 + (-logit).exp()) - target);
            sums.output_bias[position] += delta;
            axpy(delta, &scratch.state, &mut sums.output[row.clone()]);
            axpy(delta, &self.output[row.clone()], &mut scratch.on_state);
            if *value > 0.5 {
                scratch.end_run(position);
                axpy(1.0, &self.input[row], &mut scratch.before);
                sigmoid(&scratch.before, &mut scratch.state);
            }
        }
        scratch.end_run(image.len());
        // Backward pass: the pre-activation of a run is c plus the rows of W of all ones before it.
        let mut after = vec![0.0; hidden];
        for (run, position) in scratch.ends.iter().enumerate().rev() {
            if *position < image.len() {
                axpy(1.0, &after, &mut sums.input[position * hidden..(position + 1) * hidden]);
            }
            axpy(1.0, &scratch.on_before[run * hidden..(run + 1) * hidden], &mut after);
        }
        axpy(1.0, &after, &mut sums.input_bias);
        nll
    }
}

/// Buffers for one image, reused between images.
#[derive(Default)]
struct Scratch {
    /// a, the pre-activation of the current run.
    before: Vec<f32>,
    /// h = sigmoid(a).
    state: Vec<f32>,
    /// Gradient of the loss with respect to h, summed over the current run.
    on_state: Vec<f32>,
    /// Gradient with respect to a of every finished run.
    on_before: Vec<f32>,
    /// End of each run: the position of a pixel that is 1, or the number of pixels.
    ends: Vec<usize>,
}

impl Scratch {
    fn reset(&mut self, bias: &[f32]) {
        self.before.clear();
        self.before.extend_from_slice(bias);
        self.state.resize(bias.len(), 0.0);
        self.on_state.clear();
        self.on_state.resize(bias.len(), 0.0);
        self.on_before.clear();
        self.ends.clear();
    }

    #[inline(always)]
    fn end_run(&mut self, position: usize) {
        self.ends.push(position);
        self.on_before.extend(self.on_state.iter().zip(&self.state).map(|(on, h)| on * h * (1.0 - h)));
        self.on_state.iter_mut().for_each(|on| *on = 0.0);
    }
}

/// Dot product with sixteen parallel sums, which fit the registers of every instruction set.
#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 16;
    let mut sums = [0f32; LANES];
    let (a_whole, a_rest) = a.as_chunks::<LANES>();
    let (b_whole, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a_whole.iter().zip(b_whole) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

#[inline(always)]
fn axpy(factor: f32, x: &[f32], y: &mut [f32]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y += factor * x);
}

#[inline(always)]
fn sigmoid(x: &[f32], y: &mut [f32]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y = 1.0 / (1.0 + simd::exp(-x)));
    faults::unused(y);
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::Noise;

    #[test]
    fn the_number_of_threads_does_not_change_the_result() {
        let (pixels, hidden, images) = (20, 7, 9);
        let mut noise = Noise::new(0, "scan", 0);
        let weights = Weights {
            input: noise.normals(pixels * hidden),
            input_bias: noise.normals(hidden),
            output: noise.normals(pixels * hidden),
            output_bias: noise.normals(pixels),
        };
        let images: Vec<f32> = noise.uniforms(images * pixels).iter().map(|u| f32::from(u8::from(*u < 0.3))).collect();
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| weights.descend(&images))
        };
        let (one, four) = (on(1), on(4));
        assert_eq!(one.nll.to_bits(), four.nll.to_bits());
        assert_eq!(one.gradients.input, four.gradients.input);
        assert_eq!(one.gradients.output, four.gradients.output);
    }
}
