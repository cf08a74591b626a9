//! Test on the linear-Gaussian VAE, whose log p, ELBO and posterior have closed forms. All three are computed in f64,
//! so that log p(x) = ELBO + KL(q || posterior) is checked up to rounding.
//!
//! Tipping and Bishop, 1999, Probabilistic principal component analysis, eq. 3, 4 and 7.

use std::f64::consts::TAU;

use burn::prelude::*;
use data::{DataConfig, Dataset, Noise, Split};
use engine::{Batch, DensityBound, LatentVariable, ModelConfig, Objective, Step, descend};
use nalgebra::{DMatrix, DVector};

use super::config::VaeConfig;
use super::network::Vae;
use crate::ais_test::ais;
use crate::latent::{Likelihood, Pixels, Variance};

/// p(x|z) = N(W z + c, sigma^2 I), q(z|x) = N(m, diag(s^2)).
struct Linear {
    weights: DMatrix<f64>,
    centre: DVector<f64>,
    variance: f64,
}

/// q(z|x) of one image.
struct Gaussian {
    mean: DVector<f64>,
    variance: DVector<f64>,
}

impl Linear {
    /// Reads the decoder of a VAE without hidden layers from its values at z = 0 and at the unit vectors.
    fn of(model: &Vae) -> Self {
        let z: Vec<f32> = (0..(model.latent + 1) * model.latent)
            .map(|index| f32::from(u8::from(index / model.latent == index % model.latent + 1)))
            .collect();
        let z = Tensor::from_data(TensorData::new(z, [model.latent + 1, model.latent]), &model.device);
        let Pixels::Gaussian { mean, log_sd } = model.decode(z) else { panic!("the decoder is Gaussian") };
        let host = |values: Tensor<2>| values.into_data().iter::<f32>().map(f64::from).collect::<Vec<_>>();
        let (means, log_sd) = (host(mean), host(log_sd)[0]);
        let centre = DVector::from_column_slice(&means[..model.image_len]);
        let columns = means[model.image_len..].chunks(model.image_len);
        let columns: Vec<_> = columns.map(|column| DVector::from_column_slice(column) - &centre).collect();
        Self { weights: DMatrix::from_columns(&columns), centre, variance: (2.0 * log_sd).exp() }
    }

    fn off(&self, image: &[f32]) -> DVector<f64> {
        DVector::from_iterator(image.len(), image.iter().map(|pixel| f64::from(*pixel))) - &self.centre
    }

    /// log p(x) from the covariance W W' + sigma^2 I of x, without the latent.
    fn log_p(&self, image: &[f32]) -> f64 {
        let (off, n) = (self.off(image), image.len());
        let covariance = &self.weights * self.weights.transpose() + DMatrix::identity(n, n) * self.variance;
        let cholesky = covariance.cholesky().expect("a covariance");
        let log_det = 2.0 * cholesky.l().diagonal().iter().map(|pivot| pivot.ln()).sum::<f64>();
        -0.5 * (n as f64 * TAU.ln() + log_det + off.dot(&cholesky.solve(&off)))
    }

    fn elbo(&self, image: &[f32], q: &Gaussian) -> f64 {
        let residual = self.off(image) - &self.weights * &q.mean;
        let spread: f64 = self.weights.column_iter().zip(q.variance.iter()).map(|(w, s)| w.norm_squared() * s).sum();
        let volume = image.len() as f64 * (TAU * self.variance).ln();
        let reconstruction = -0.5 * (volume + (residual.norm_squared() + spread) / self.variance);
        let kl: f64 = q.mean.iter().zip(q.variance.iter()).map(|(m, s)| 0.5 * (m * m + s - s.ln() - 1.0)).sum();
        reconstruction - kl
    }

    /// KL(q || p(z|x)) with the posterior N(M^-1 W' off, sigma^2 M^-1), M = W' W + sigma^2 I.
    fn kl_to_posterior(&self, image: &[f32], q: &Gaussian) -> f64 {
        let k = q.mean.len();
        let m = self.weights.transpose() * &self.weights + DMatrix::identity(k, k) * self.variance;
        let precision = &m / self.variance;
        let mean = m.clone().cholesky().expect("a covariance").solve(&(self.weights.transpose() * self.off(image)));
        let off = &mean - &q.mean;
        let trace: f64 = precision.diagonal().iter().zip(q.variance.iter()).map(|(p, s)| p * s).sum();
        let log_det_q: f64 = q.variance.iter().map(|s| s.ln()).sum();
        0.5 * (trace + off.dot(&(&precision * &off)) - k as f64 - precision.determinant().ln() - log_det_q)
    }
}

fn posteriors(model: &Vae, images: &Split) -> Vec<Gaussian> {
    let posteriors = model.posteriors(images);
    let rows = posteriors.means.rows().zip(posteriors.log_variances.rows());
    rows.map(|(mean, log_variance)| Gaussian {
        mean: DVector::from_column_slice(mean),
        variance: DVector::from_iterator(log_variance.len(), log_variance.iter().map(|value| value.exp())),
    })
    .collect()
}

/// Trains a VAE on linear-Gaussian data with noise `sigma`, which the VAE learns or knows. Returns it with the data.
fn trained(sigma: f64, variance: Variance, steps: u64) -> (Vae, Dataset) {
    let data = data::LinearGaussian { height: 3, width: 3, latent: 2, sigma, ..data::LinearGaussian::default() };
    let data = data.load().expect("settings in range");
    let device = Device::flex().autodiff();
    let start = if variance == Variance::Fixed { sigma } else { 1.0 };
    let decoder = Likelihood::Gaussian;
    let config = VaeConfig { layers: 0, latent: 2, decoder, variance, sigma: start, ..VaeConfig::default() };
    config.check(&data.shape).expect("the settings support the data");
    let mut model = Vae::new(&config, &data.shape, 0, &device);
    let mut adam = ::nn::adam(0.9);
    for index in 0..steps {
        let indices: Vec<usize> = (0..100).map(|image| (index as usize * 100 + image) % data.train.len()).collect();
        let batch = Batch::new(data.batch(&indices, index), &device);
        let loss = model.loss(&batch, &Step { index, lr_factor: 1.0, seed: 0 }).0.swap_remove(0).1;
        let lr = 1e-2 * (1.0 - index as f64 / steps as f64);
        model = descend(&mut adam, lr, model, loss);
    }
    (burn::module::Module::valid(&model), data)
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    values.iter().sum::<f64>() / values.len() as f64
}

/// log p(x) = ELBO + KL(q || p(z|x)) on every image, each term from its own formula.
#[test]
fn log_p_is_elbo_plus_kl_to_the_posterior() {
    let (model, data) = trained(0.5, Variance::Shared, 1_500);
    let (images, truth) = (data.test.take(100), data.truth.expect("exact"));
    let truth: Vec<f64> = images.images().map(|image| truth.log_density(image)).collect();
    let (linear, posteriors) = (Linear::of(&model), posteriors(&model, &images));
    for (image, q) in images.images().zip(&posteriors) {
        let (log_p, elbo, kl) = (linear.log_p(image), linear.elbo(image, q), linear.kl_to_posterior(image, q));
        assert!((log_p - elbo - kl).abs() < 1e-4, "{log_p} - {elbo} - {kl}");
        assert!(kl > 0.0, "{kl}");
        // The test can fail: with a q that is half as wide, the identity does not hold.
        let narrow = Gaussian { mean: q.mean.clone(), variance: &q.variance * 0.25 };
        assert!((log_p - linear.elbo(image, &narrow) - kl).abs() > 1e-2);
    }
    // The reported bound agrees with the closed form, up to the draws.
    let exact = mean(images.images().zip(&posteriors).map(|(image, q)| linear.elbo(image, q)));
    let draws: Vec<f64> = (0..100)
        .map(|draw| mean(model.elbo(&images, &mut Noise::new(draw, "test", 0)).into_iter().map(engine::Elbo::nats)))
        .collect();
    let (reported, se) = engine::progress::mean_se(&draws);
    assert!((reported - exact).abs() < 5.0 * se.expect("several draws") + 1e-3, "{reported} {exact}");
    // The trained model is close to the true density, up to the error of 100 images.
    let (found, truth) = (mean(images.images().map(|image| linear.log_p(image))), mean(truth.into_iter()));
    assert!((found - truth).abs() < 0.3, "{found} {truth}");
}

/// Annealed importance sampling against log p from the weights, image by image, within its stated error: the gap on
/// simulated images and the errors over images. The ELBO is not above either.
#[test]
fn ais_is_log_p_of_the_weights_at_any_noise() {
    for sigma in [3.0, 1.0, 0.4, 0.1, 0.01] {
        let (model, data) = trained(sigma, Variance::Fixed, 300);
        let [figure, gap] = ais(&model, &data);
        let linear = Linear::of(&model);
        let images = data.test.take(figure.per_image.len());
        let exact: Vec<f64> = images.images().map(|image| linear.log_p(image)).collect();
        let off: Vec<f64> = figure.per_image.iter().zip(&exact).map(|(ais, exact)| ais - exact).collect();
        let ((off, se), (gap, gap_se)) = (engine::progress::mean_se(&off), (gap.value.unwrap(), gap.se.unwrap()));
        let se = se.unwrap();
        assert!(gap < 1.0 && se < 0.25, "{sigma}: gap {gap}, se {se}");
        assert!(
            off < 4.0 * se + 1e-3 && off > -gap - 4.0 * (se + gap_se),
            "{sigma}: {off} ± {se}, gap {gap} ± {gap_se}"
        );
        let elbo = mean(model.elbo(&images, &mut Noise::new(0, "test", 0)).into_iter().map(engine::Elbo::nats));
        assert!(elbo < figure.value.unwrap() + 1.0, "{sigma}: ELBO {elbo}, {figure:?}");
    }
}
