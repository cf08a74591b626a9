//! The fused operations against Burn's, for sizes with and without a rest after whole vectors, tiles and parts.

use burn::prelude::*;
use burn::tensor::Tolerance;
use burn::tensor::activation;
use data::Noise;
use proptest::prelude::*;

use super::{Activation, dense};

fn draw<const D: usize>(shape: [usize; D], purpose: &str) -> Tensor<D> {
    let values = Noise::new(3, purpose, 0).normals(shape.iter().product());
    Tensor::<D>::from_data(TensorData::new(values, shape), &Device::flex().autodiff()).require_grad()
}

fn close<const D: usize>(a: Tensor<D>, b: Tensor<D>) {
    a.into_data().assert_approx_eq::<f32>(&b.into_data(), Tolerance::rel_abs(1e-4, 1e-3));
}

/// An output and the gradients of x, the weight and the bias, the output weighed at random.
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
    fn a_layer_is_burns_product(rows in 1_usize..150, inputs in 1_usize..90, outputs in 1_usize..140, kind in 0..3) {
        let activation = [Activation::Identity, Activation::Relu, Activation::Leaky(0.2)][kind as usize];
        let sizes = [rows, inputs, outputs];
        let ours = with_gradients(sizes, |x, weight, bias| dense(x, weight, bias, activation.slope()));
        let theirs = with_gradients(sizes, |x, weight, bias| {
            let shifted = x.matmul(weight) + bias.unsqueeze();
            match activation {
                Activation::Identity => shifted,
                Activation::Relu => activation::relu(shifted),
                Activation::Leaky(slope) => activation::leaky_relu(shifted, f64::from(slope)),
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
fn a_row_does_not_depend_on_those_beside_it() {
    let (x, weight, bias) = (draw([150, 70], "x"), draw([70, 90], "weight"), draw([90], "bias"));
    let all = dense(x.clone(), weight.clone(), bias.clone(), 1.0);
    for row in [0, 63, 64, 147, 149] {
        let alone = dense(x.clone().slice([row..row + 1, 0..70]), weight.clone(), bias.clone(), 1.0);
        assert_eq!(alone.into_data(), all.clone().slice([row..row + 1, 0..90]).into_data());
    }
}

#[test]
fn an_activation_alone_is_burns() {
    // At 0 as well.
    let x = draw([1000], "x").detach().clamp_max(1.0).clamp_min(0.0) - draw([1000], "y").detach().clamp_min(0.0);
    let x = x.detach().require_grad();
    type Unit = fn(Tensor<1>) -> Tensor<1>;
    let cases: [(Activation, Unit); 2] =
        [(Activation::Leaky(0.2), |x| activation::leaky_relu(x, 0.2)), (Activation::Relu, activation::relu)];
    for (ours, theirs) in cases {
        let (ours, theirs) = (ours.of(x.clone()), theirs(x.clone()));
        assert_eq!(ours.clone().abs().into_data(), theirs.clone().abs().into_data());
        let [a, b] =
            [ours, theirs].map(|out| x.grad(&(out * draw([1000], "weigh")).sum().backward()).expect("a gradient"));
        assert_eq!(a.into_data(), b.into_data());
    }
}

#[test]
fn a_sigmoid_is_burns() {
    let x = (draw([1000], "x") * 20.0).detach().require_grad();
    let (ours, theirs) = (super::sigmoid(x.clone()), activation::sigmoid(x.clone()));
    ours.clone().into_data().assert_approx_eq::<f32>(&theirs.clone().into_data(), Tolerance::absolute(1e-6));
    let [a, b] = [ours, theirs].map(|out| x.grad(&(out * draw([1000], "weigh")).sum().backward()).expect("a gradient"));
    a.into_data().assert_approx_eq::<f32>(&b.into_data(), Tolerance::absolute(1e-6));
    assert!(super::sigmoid(Tensor::<1>::from_floats([f32::NAN], &Device::flex())).into_scalar::<f32>().is_nan());
}

#[test]
fn what_is_no_number_stays_none() {
    let x = Tensor::<2>::from_data([[f32::NAN, 1.0, 2.0, 3.0, 4.0]], &Device::flex());
    for outputs in [1, 5, 40] {
        let weight = Tensor::ones([5, outputs], &Device::flex());
        let out = dense(x.clone(), weight, Tensor::zeros([outputs], &Device::flex()), 0.0);
        assert!(out.into_data().iter::<f32>().all(f32::is_nan));
    }
}
