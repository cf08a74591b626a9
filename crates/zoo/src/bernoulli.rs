//! Independent binary pixels given their log-odds. All models convert logits to probabilities here.

use ::nn::simd;
use burn::prelude::*;
use burn::tensor::activation::softplus;
use data::{DataShape, Noise, Split};
use engine::Family;
use protocol::{Problem, Support};
use rayon::prelude::*;

/// Log-odds of binary pixels, `[batch, pixels]`. The type keeps a probability from being passed as a logit.
#[derive(Clone, Debug)]
pub(crate) struct BernoulliLogits(pub(crate) Tensor<2>);

impl BernoulliLogits {
    /// log p(x) of each image in nats, `[batch]`: the sum of x l - log(1 + e^l).
    pub(crate) fn log_prob(self, x: Tensor<2>) -> Tensor<1> {
        if ::nn::is_cpu(&self.0.device()) { self.log_prob_on_host(x) } else { self.log_prob_plain(x) }
    }

    fn log_prob_plain(self, x: Tensor<2>) -> Tensor<1> {
        let logits = self.0;
        (x * logits.clone() - softplus(logits, 1.0)).sum_dim(1).squeeze_dim(1)
    }

    /// Computes [`Self::log_prob_plain`] in one pass over the numbers, with the derivative x - sigmoid(l). It saves a
    /// dozen passes and two libm calls per pixel. x is data and has no gradient.
    fn log_prob_on_host(self, x: Tensor<2>) -> Tensor<1> {
        let ([batch, pixels], device) = (self.0.dims(), self.0.device());
        let x = ::nn::to_host(x.detach());
        let mut gradient = ::nn::to_host(self.0.clone().detach());
        let mut values = vec![0.0; batch];
        let rows = gradient.par_chunks_mut(pixels).zip(x.par_chunks(pixels));
        rows.zip(&mut values).for_each(|((gradient, x), value)| *value = simd::dispatch(LogProb { gradient, x }));
        let value = Tensor::from_data(TensorData::new(values, [batch]), &device);
        if !device.is_autodiff() {
            return value;
        }
        // A term with the value 0 and the gradient computed above.
        let gradient = Tensor::from_data(TensorData::new(gradient, [batch, pixels]), &device);
        let tangent: Tensor<1> = (self.0 * gradient).sum_dim(1).squeeze_dim(1);
        value + (tangent.clone() - tangent.detach())
    }

    /// The log-odds on the host, image after image.
    pub(crate) fn read(self) -> Vec<f32> {
        ::nn::to_host(self.0)
    }
}

/// Kernel that returns log p(x) of one image and overwrites the log-odds with the gradient.
struct LogProb<'a> {
    gradient: &'a mut [f32],
    x: &'a [f32],
}

/// Number of products that are computed in parallel.
const LANES: usize = 16;
/// Number of factors per product: each is at most 2, so that 2^64 stays far from overflow.
const FACTORS: usize = 64;

impl pulp::WithSimd for LogProb<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _simd: S) -> f32 {
        let mut total = 0.0;
        for (gradients, xs) in self.gradient.chunks_mut(LANES * FACTORS).zip(self.x.chunks(LANES * FACTORS)) {
            let (mut sums, mut products) = ([0f32; LANES], [1f32; LANES]);
            let (whole, rest) = gradients.as_chunks_mut::<LANES>();
            let (whole_x, rest_x) = xs.as_chunks::<LANES>();
            for (gradients, xs) in whole.iter_mut().zip(whole_x) {
                for lane in 0..LANES {
                    one(&mut gradients[lane], xs[lane], &mut sums[lane], &mut products[lane]);
                }
            }
            for (lane, (gradient, x)) in rest.iter_mut().zip(rest_x).enumerate() {
                one(gradient, *x, &mut sums[lane], &mut products[lane]);
            }
            total += sums.iter().map(|sum| f64::from(*sum)).sum::<f64>();
            total -= products.iter().map(|product| f64::from(*product).ln()).sum::<f64>();
        }
        total as f32
    }
}

/// Adds one pixel: x l - log(1 + e^l) = (x l - max(l, 0)) - log(1 + e^-|l|), a term of the sum and a factor of the
/// product. Replaces the logit in `gradient` with the derivative.
#[inline(always)]
fn one(gradient: &mut f32, x: f32, sum: &mut f32, product: &mut f32) {
    let logit = *gradient;
    let e = simd::exp(-logit.abs());
    *sum += x * logit - logit.max(0.0);
    *product *= 1.0 + e;
    let p = if logit < 0.0 { e } else { 1.0 } / (1.0 + e);
    *gradient = x - p;
}

/// Draws images from log-odds on the host.
pub(crate) fn sample(logits: &[f32], image_len: usize, noise: &mut Noise) -> Split {
    let mut pixels = noise.uniforms(logits.len());
    pixels.par_chunks_mut(CHUNK).zip(logits.par_chunks(CHUNK)).for_each(|(pixels, logits)| draw(logits, pixels));
    Split::new(pixels, image_len)
}

/// Number of pixels per chunk: a chunk stays in the cache.
const CHUNK: usize = 4096;
/// Bound on the error of a probability in single precision.
const TOLERANCE: f32 = 1e-5;

/// Replaces uniforms with pixels that equal those of [`Family::draw`]. Single precision decides all draws outside of
/// its tolerance.
fn draw(logits: &[f32], pixels: &mut [f32]) {
    let mut above = pixels.to_vec();
    simd::dispatch_widest(Above { logits, uniforms: &mut above });
    for ((pixel, logit), above) in pixels.iter_mut().zip(logits).zip(above) {
        *pixel = if above.abs() > TOLERANCE {
            f32::from(u8::from(above < 0.0))
        } else {
            Family::Bernoulli.draw(&[*logit], *pixel)
        };
    }
}

/// Kernel that subtracts from each uniform the probability of its pixel.
struct Above<'a> {
    logits: &'a [f32],
    uniforms: &'a mut [f32],
}

impl pulp::WithSimd for Above<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _simd: S) {
        for (uniform, logit) in self.uniforms.iter_mut().zip(self.logits) {
            *uniform -= 1.0 / (1.0 + simd::exp(-logit));
        }
    }
}

/// Returns the probabilities of log-odds as grey images, for pictures.
pub(crate) fn means(logits: &[f32], image_len: usize) -> Split {
    let pixels = logits.iter().map(|logit| 1.0 / (1.0 + (-logit).exp())).collect();
    Split::new(pixels, image_len)
}

/// Returns advice for data that are not binary.
fn advice(support: Support) -> &'static str {
    match support {
        Support::Levels(_) => {
            "set `data.binarize` to threshold, static or dynamic if the data set has it, or use a model of grey levels"
        }
        _ => "use a model of real values, or binary data",
    }
}

/// Refuses data that are not binary.
pub(crate) fn check_binary(data: &DataShape) -> Result<(), Problem> {
    match data.support {
        Support::Binary => Ok(()),
        support => Err(Problem::new("", format!("the model needs binary pixels, the data have support {support}"))
            .help(advice(support))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunked_draws_equal_single_draws() {
        let mut noise = Noise::new(0, "draws", 0);
        let logits: Vec<f32> = noise.normals(10_000).iter().map(|l| 6.0 * l).collect();
        // Half of the uniforms are as close to the probability as single precision can be.
        let uniforms: Vec<f32> = noise.uniforms(10_000);
        let close = |(at, (logit, uniform)): (usize, (&f32, &f32))| {
            let p = (1.0 / (1.0 + f64::from(-logit).exp())) as f32;
            if at % 2 == 0 { *uniform } else { f32::from_bits(p.to_bits() + (at % 5) as u32 - 2) }
        };
        let uniforms: Vec<f32> = logits.iter().zip(&uniforms).enumerate().map(close).collect();
        let mut pixels = uniforms.clone();
        draw(&logits, &mut pixels);
        let alone = logits.iter().zip(&uniforms).map(|(logit, uniform)| Family::Bernoulli.draw(&[*logit], *uniform));
        assert!(alone.eq(pixels.iter().copied()));
        assert!(pixels.contains(&0.0) && pixels.contains(&1.0));
    }

    #[test]
    fn the_host_pass_agrees_with_the_plain_operations() {
        let device = Device::flex().autodiff();
        for pixels in [1, 16, 37, 784, 2_100] {
            let mut noise = Noise::new(0, "bernoulli", pixels as u64);
            let logits: Vec<f32> = noise.normals(3 * pixels).iter().map(|l| 8.0 * l).collect();
            let grey = noise.uniforms(3 * pixels);
            let tensor =
                |values: &[f32]| Tensor::<2>::from_data(TensorData::new(values.to_vec(), [3, pixels]), &device);
            let both = [BernoulliLogits::log_prob_on_host, BernoulliLogits::log_prob_plain].map(|log_prob| {
                let logits = tensor(&logits).require_grad();
                let weights = Tensor::<1>::from_floats([1.0, -2.0, 0.5], &device);
                let log_p = log_prob(BernoulliLogits(logits.clone()), tensor(&grey));
                let gradients = (log_p.clone() * weights).sum().backward();
                (::nn::to_host(log_p.inner()), ::nn::to_host(logits.grad(&gradients).expect("a gradient")))
            });
            let [(ours, ours_gradient), (plain, plain_gradient)] = both;
            assert!(ours.iter().zip(&plain).all(|(a, b)| (a - b).abs() < 2e-6 * (1.0 + b.abs())), "{ours:?} {plain:?}");
            assert!(ours_gradient.iter().zip(&plain_gradient).all(|(a, b)| (a - b).abs() < 2e-6));
        }
    }
}
