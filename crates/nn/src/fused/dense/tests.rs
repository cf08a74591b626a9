//! Comparison of the layer with Burn's, for sizes with and without a remainder after whole vectors.

use burn::prelude::*;
use burn::tensor::Tolerance;
use burn::tensor::activation;
use data::Noise;
use proptest::prelude::*;

use super::dense;

fn draw<const D: usize>(shape: [usize; D], purpose: &str) -> Tensor<D> {
    let values = Noise::new(3, purpose, 0).normals(shape.iter().product());
    Tensor::<D>::from_data(TensorData::new(values, shape), &Device::flex().autodiff()).require_grad()
}

fn close<const D: usize>(a: Tensor<D>, b: Tensor<D>) {
    a.into_data().assert_approx_eq::<f32>(&b.into_data(), Tolerance::rel_abs(1e-4, 1e-3));
}

/// Output, and the gradients of x, weight and bias for a random weighted sum of it.
fn with_gradients(
    [rows, inputs, outputs]: [usize; 3],
    layer: impl Fn(Tensor<2>, Tensor<2>, Tensor<1>) -> Tensor<2>,
) -> (Tensor<2>, Tensor<2>, Tensor<2>, Tensor<1>) {
    let (x, weight, bias) = (draw([rows, inputs], "x"), draw([inputs, outputs], "weight"), draw([outputs], "bias"));
    let out = layer(x.clone(), weight.clone(), bias.clone());
    let gradients = (out.clone() * draw([rows, outputs], "weigh")).sum().backward();
    let grad = "of everything that goes in";
    (
        out.inner(),
        x.grad(&gradients).expect(grad),
        weight.grad(&gradients).expect(grad),
        bias.grad(&gradients).expect(grad),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_layer_equals_burns(rows in 1_usize..150, inputs in 1_usize..90, outputs in 1_usize..140, kind in 0..3) {
        let negative_slope = [1.0, 0.0, 0.2][kind as usize];
        let sizes = [rows, inputs, outputs];
        let ours = with_gradients(sizes, |x, weight, bias| dense(x, weight, bias, negative_slope));
        let theirs = with_gradients(sizes, |x, weight, bias| {
            let shifted = x.matmul(weight) + bias.unsqueeze();
            match kind {
                0 => shifted,
                1 => activation::relu(shifted),
                _ => activation::leaky_relu(shifted, f64::from(negative_slope)),
            }
        });
        close(ours.0, theirs.0);
        close(ours.1, theirs.1);
        close(ours.2, theirs.2);
        close(ours.3, theirs.3);
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let bits = || {
        let (out, x, weight, bias) = with_gradients([64, 300, 400], |x, weight, bias| dense(x, weight, bias, 0.2));
        let all = [out.into_data(), x.into_data(), weight.into_data(), bias.into_data()];
        all.iter().flat_map(|data| data.iter::<f32>().map(f32::to_bits)).collect::<Vec<_>>()
    };
    let with =
        |threads: usize| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool").install(bits);
    assert!(with(1) == with(3));
}

#[test]
fn a_row_does_not_depend_on_the_others() {
    let (x, weight, bias) = (draw([150, 70], "x"), draw([70, 90], "weight"), draw([90], "bias"));
    let all = dense(x.clone(), weight.clone(), bias.clone(), 1.0);
    for row in [0, 63, 64, 147, 149] {
        let alone = dense(x.clone().slice([row..row + 1, 0..70]), weight.clone(), bias.clone(), 1.0);
        assert_eq!(alone.into_data(), all.clone().slice([row..row + 1, 0..90]).into_data());
    }
}

#[test]
fn nan_stays_nan() {
    let x = Tensor::<2>::from_data([[f32::NAN, 1.0, 2.0, 3.0, 4.0]], &Device::flex());
    for outputs in [1, 5, 40] {
        let weight = Tensor::ones([5, outputs], &Device::flex());
        let out = dense(x.clone(), weight, Tensor::zeros([outputs], &Device::flex()), 0.0);
        assert!(out.into_data().iter::<f32>().all(f32::is_nan));
    }
}
