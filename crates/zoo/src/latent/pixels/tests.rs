use super::*;

fn tensor<const D: usize>(values: &[f32], shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), &Device::flex())
}

/// Compares all pairs of two latents and two images of two pixels with single computations.
#[test]
fn pairs_are_the_log_probabilities_one_by_one() {
    let x = tensor(&[0.0, 1.0, 1.0, 0.5], [2, 2]);
    let numbers = tensor(&[0.3, -1.0, 2.0, 0.5, 0.1, -0.4, 1.2, 0.8, -0.6, 0.9, -0.2, 0.7], [2, 6]);
    let log_p = log_softmax(numbers.clone().reshape([2, 3, 2]), 1);
    let half = |from: usize| numbers.clone().slice([0..2, from..from + 2]);
    for pixels in [
        Pixels::Bernoulli(BernoulliLogits(half(0))),
        Pixels::Categorical { log_p, levels: 3 },
        Pixels::Gaussian { mean: half(0), log_sd: half(2) },
    ] {
        let x = if matches!(pixels, Pixels::Bernoulli(_)) { x.clone().round() } else { x.clone() };
        let pairs = host(pixels.clone().log_prob_pairs(x.clone()));
        for image in 0..2 {
            let alone = host(pixels.clone().log_prob(x.clone().narrow(0, image, 1).expand([2, 2])));
            assert!(pairs[2 * image..][..2].iter().zip(alone).all(|(a, b)| (a - b).abs() < 1e-5), "{pixels:?}");
        }
    }
}

#[test]
fn a_gaussian_has_its_constant() {
    let zero = tensor(&[0.0], [1, 1]);
    let log_prob = Pixels::Gaussian { mean: zero.clone(), log_sd: zero.clone() }.log_prob(zero);
    assert!((f64::from(host(log_prob)[0]) + 0.5 * (2.0 * std::f64::consts::PI).ln()).abs() < 1e-6);
}
