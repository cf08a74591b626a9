//! Checks of functions of Gaussian noise: gradients, and means of their images.

use data::Noise;
use engine::GenerativeModel;

/// Number of rows of noise in a check of gradients.
pub(super) const ROWS: usize = 6;
/// Largest difference between a row alone and in a batch.
pub(super) const ALONE: f32 = 1e-5;
/// Number of draws in a check of means.
pub(super) const DRAWS: usize = 4_000;
/// Half of the distance of the central difference.
const STEP: f32 = 1e-3;
/// Largest error of a derivative, relative to the largest entry of the gradient.
const DERIVATIVE: f64 = 0.05;

/// Compares `gradient` with differences of `value`, one number per row of `eps`. Entries of a gradient below `least` are
/// compared as if they were that large.
pub(super) fn is_gradient(
    value: &dyn Fn(&[f32]) -> Vec<f64>,
    eps: &[f32],
    gradient: &[f32],
    least: f32,
    noise: &mut Noise,
) -> Result<(), String> {
    let dims = eps.len() / ROWS;
    // Derivative along a random direction of each row. The kink of a ReLU on one side spoils the difference on that side
    // and the central one. In one row of six, there may be kinks on both sides.
    let mut wrong = Vec::new();
    for row in 0..ROWS {
        let direction = noise.normals(dims);
        let moved = |sign: f32| -> Vec<f32> {
            let mut moved = eps.to_vec();
            let own = &mut moved[row * dims..(row + 1) * dims];
            own.iter_mut().zip(&direction).for_each(|(eps, direction)| *eps += sign * STEP * direction);
            moved
        };
        let [before, here, after] = [moved(-1.0), eps.to_vec(), moved(1.0)].map(|eps| value(&eps)[row]);
        let step = f64::from(STEP);
        let differences = [(after - before) / (2.0 * step), (after - here) / step, (here - before) / step];
        let along = |(g, direction): (&f32, &f32)| f64::from(g * direction);
        let own = &gradient[row * dims..(row + 1) * dims];
        let stated: f64 = own.iter().zip(&direction).map(along).sum();
        let scale = own.iter().map(|g| g.abs()).fold(least, f32::max);
        let tolerance = DERIVATIVE * f64::from(scale) * (dims as f64).sqrt();
        if differences.iter().all(|difference| (difference - stated).abs() > tolerance) {
            let difference = differences[0];
            wrong.push(format!("row {row}: the difference quotient is {difference}, the gradient is {stated}"));
        }
    }
    if wrong.len() > 1 { Err(wrong.join("; ")) } else { Ok(()) }
}

/// Compares the mean of each pixel of `count` images with that of as many samples of the model.
pub(super) fn has_means_of_samples(model: &dyn GenerativeModel, images: &[f32], count: usize) -> Result<(), String> {
    let sampler = model.sampler().ok_or("the model is a function of noise but has no sampler")?;
    let mean = |images: &[f32], pixels: usize| -> Vec<f64> {
        let rows = images.len() / pixels;
        (0..pixels)
            .map(|p| images.iter().skip(p).step_by(pixels).map(|x| f64::from(*x)).sum::<f64>() / rows as f64)
            .collect()
    };
    let drawn = sampler.sample(count, &mut Noise::new(7, "law", 0));
    let (drawn_mean, mapped_mean) = (mean(&drawn.pixels, drawn.image_len), mean(images, drawn.image_len));
    let spread = drawn.pixels.iter().map(|x| x.abs()).fold(0.0, f32::max);
    let apart = drawn_mean.iter().zip(&mapped_mean).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    // Pixels are at most `spread`, which bounds the standard error of a difference of means; 2.5 of them are allowed.
    if apart > f64::from(spread) * 5.0 * (2.0 / DRAWS as f64).sqrt() * 0.5 {
        return Err(format!("the mean of a pixel differs from that of the sampler by {apart}"));
    }
    Ok(())
}
