//! Laws of the sets with real-valued pixels.

use super::*;

/// Mean of each pixel and covariances (divided by n) of `split`.
pub(crate) fn moments(split: &Split) -> (Vec<f64>, Vec<Vec<f64>>) {
    let (n, len) = (split.len() as f64, split.image_len);
    let mean: Vec<_> = (0..len).map(|i| split.images().map(|image| f64::from(image[i])).sum::<f64>() / n).collect();
    let mut second = vec![vec![0.0; len]; len];
    for image in split.images() {
        let off: Vec<_> = image.iter().zip(&mean).map(|(pixel, mean)| f64::from(*pixel) - mean).collect();
        for (row, a) in second.iter_mut().zip(&off) {
            row.iter_mut().zip(&off).for_each(|(cell, b)| *cell += a * b / n);
        }
    }
    (mean, second)
}

/// Quadrature over images of one or two pixels.
struct Grid {
    axes: Vec<Vec<f32>>,
    step: f64,
}

impl Grid {
    /// A grid of ten standard deviations around the mean of the images of `split`. The step is a power of two and at most
    /// half of `sigma`, the smallest standard deviation of a component. Every point is an exact `f32`, and the error of the
    /// trapezoid rule on normal densities is below exp(-78).
    fn around(split: &Split, sigma: f64) -> Self {
        let step = (sigma / 2.0).log2().floor().exp2();
        let (mean, second) = moments(split);
        let axis = |pixel: usize| {
            let reach = 10.0 * second[pixel][pixel].sqrt();
            let [first, last] = [mean[pixel] - reach, mean[pixel] + reach].map(|edge| (edge / step) as i64);
            (first..=last).map(|at| (at as f64 * step) as f32).collect()
        };
        Self { axes: (0..split.image_len).map(axis).collect(), step }
    }

    /// Integral of f(log p) times p.
    fn integral(&self, density: &dyn ExactDensity, f: impl Fn(f64) -> f64) -> f64 {
        let term = |image: &[f32]| {
            let log_p = density.log_density(image);
            if log_p < -700.0 { 0.0 } else { f(log_p) * log_p.exp() }
        };
        let sum = match self.axes.as_slice() {
            [only] => only.iter().map(|x| term(&[*x])).sum::<f64>(),
            [first, second] => first.iter().flat_map(|x| second.iter().map(|y| term(&[*x, *y]))).sum(),
            axes => panic!("no quadrature over {} pixels", axes.len()),
        };
        sum * self.step.powi(self.axes.len() as i32)
    }
}

fn grid(name: &str, settings: &Value, height: usize, width: usize) -> (Grid, Dataset) {
    let data = load(name, &sized(settings, height, width, 5_000)).unwrap();
    let defaults = (crate::built_in().find(name).unwrap().defaults)();
    let sigma = settings.get("sigma").or(defaults.get("sigma")).and_then(Value::as_f64).unwrap();
    (Grid::around(&data.train, sigma), data)
}

#[test]
fn p_integrates_to_one_and_the_entropy_equals_quadrature() {
    for (name, settings) in over(Support::Real) {
        for (height, width) in [(1, 1), (1, 2), (2, 1)] {
            let (grid, data) = grid(name, &settings, height, width);
            let truth = data.truth.unwrap();
            let excess = grid.integral(&*truth, |_| 1.0) - 1.0;
            assert!(excess.abs() < 1e-10, "{name} {settings} {height}x{width}: {excess}");
            let Entropy { nats, se } = truth.entropy();
            let (off, allowed) = (nats - grid.integral(&*truth, |log_p| -log_p), se.map_or(1e-8, |se| 4.0 * se));
            assert!(off.abs() < allowed, "{name} {settings} {height}x{width}: off by {off}, {allowed} allowed");
        }
    }
}

#[test]
fn quadrature_detects_wrong_densities() {
    for (name, settings) in over(Support::Real) {
        let (grid, data) = grid(name, &settings, 1, 2);
        let truth = data.truth.unwrap();
        let stretched = Broken(move |image: &[f32]| truth.log_density(&[image[0] * 1.001, image[1]]));
        let excess = grid.integral(&stretched, |_| 1.0) - 1.0;
        assert!((excess + 0.001).abs() < 1e-4, "{name} {settings}: {excess}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn p_integrates_to_one_at_any_setting(
        linear in any::<bool>(),
        width in 1usize..3,
        sigma in 0.1f64..3.0,
        number in 1usize..12,
        seed in 0u64..1_000,
    ) {
        let (name, settings) = if linear {
            ("linear_gaussian", json!({"latent": number, "sigma": sigma, "weight_seed": seed}))
        } else {
            ("gaussian_mixture", json!({"components": number, "sigma": sigma, "mean_seed": seed}))
        };
        let (grid, data) = grid(name, &settings, 1, width);
        let excess = grid.integral(&*data.truth.unwrap(), |_| 1.0) - 1.0;
        prop_assert!(excess.abs() < 1e-10, "{}", excess);
    }
}
