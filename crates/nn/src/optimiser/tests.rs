//! Every algorithm gives the weights of an independent computation, and resumes bit for bit.

use burn::module::Param;
use burn::prelude::*;
use data::Noise;

use super::*;

#[derive(Module, Debug)]
struct Weights {
    first: Param<Tensor<1>>,
    second: Param<Tensor<2>>,
}

const GRADIENTS: [[f32; 3]; 3] = [[0.3, -0.2, 1.0], [0.1, 0.4, -2.0], [0.0, -0.1, 0.5]];

/// Two parameters with the weights 0.5; -1, 2.
fn weights() -> Weights {
    let device = Device::flex().autodiff();
    Weights {
        first: Param::from_tensor(Tensor::from_floats([0.5], &device)),
        second: Param::from_tensor(Tensor::from_floats([[-1.0, 2.0]], &device)),
    }
}

fn step(optimiser: &mut Optimiser, module: Weights, [a, b, c]: [f32; 3]) -> Weights {
    let mut gradients = GradientsParams::new();
    gradients.register(module.first.id, Tensor::<1>::from_floats([a], &Device::flex()));
    gradients.register(module.second.id, Tensor::<2>::from_floats([[b, c]], &Device::flex()));
    optimiser.step(0.1, module, gradients)
}

fn numbers(module: &Weights) -> Vec<f32> {
    [crate::to_host(module.first.val()), crate::to_host(module.second.val())].concat()
}

fn configured(optim: &Optim) -> Optimiser {
    let mut optimiser = adam(0.9);
    optimiser.configure(optim);
    optimiser
}

/// Settings with all constants of each algorithm away from their defaults, and plain ones.
fn all() -> Vec<(Optim, [f32; 3])> {
    let of = |algorithm| Optim { algorithm, ..Optim::default() };
    let adamw = Optim { beta_1: Some(0.5), beta_2: 0.99, epsilon: 1e-3, weight_decay: 0.2, ..of(Algorithm::Adamw) };
    let rmsprop = Optim { smoothing: 0.9, epsilon: 1e-3, momentum: 0.5, weight_decay: 0.1, ..of(Algorithm::Rmsprop) };
    vec![
        (of(Algorithm::Adam), [0.245_560_1, -0.950_279_4, 1.950_279_4]),
        (Optim { weight_decay: 0.1, ..of(Algorithm::Adam) }, [0.235_673_8, -0.885_937_3, 1.924_022_3]),
        (adamw, [0.262_923_5, -0.918_088_6, 1.859_087]),
        (of(Algorithm::Sgd), [0.46, -1.01, 2.05]),
        (Optim { momentum: 0.9, weight_decay: 0.1, ..of(Algorithm::Sgd) }, [0.373_126_5, -0.956_537, 1.949_548]),
        (Optim { clip_norm: Some(0.5), ..of(Algorithm::Sgd) }, [0.483_440_7, -0.990_581, 1.952_905_2]),
        (of(Algorithm::Rmsprop), [-0.817_66, -0.675_849_8, 1.675_849_5]),
        (rmsprop, [-0.199_577_3, -0.686_303_5, 1.750_795_9]),
    ]
}

/// The constants of [`all`] come from this Python script, which follows the formulas in the documentation of PyTorch:
///
/// ```text
/// from math import sqrt, inf
/// W = [0.5, -1.0, 2.0]
/// G = [[0.3, -0.2, 1.0], [0.1, 0.4, -2.0], [0.0, -0.1, 0.5]]
/// LR = 0.1
/// def adam(b1, b2, eps, wd, decoupled):
///     out = []
///     for i, w in enumerate(W):
///         m = v = 0
///         for t in range(1, 4):
///             g = G[t - 1][i]
///             if decoupled: w -= LR * wd * w
///             else: g += wd * w
///             m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
///             w -= LR * (m / (1 - b1**t)) / (sqrt(v / (1 - b2**t)) + eps)
///         out.append(w)
///     return out
/// def sgd(mu, wd, clip=inf):
///     out = []
///     for i, w in enumerate(W):
///         b = None
///         for gs in G:
///             g = gs[i] * min(1, clip / (sqrt(sum(x * x for x in gs)) + 1e-6)) + wd * w
///             b = g if b is None else mu * b + g
///             w -= LR * b
///         out.append(w)
///     return out
/// def rmsprop(a, eps, mu, wd):
///     out = []
///     for i, w in enumerate(W):
///         v = b = 0
///         for gs in G:
///             g = gs[i] + wd * w
///             v = a * v + (1 - a) * g * g
///             b = mu * b + g / (sqrt(v) + eps)
///             w -= LR * b
///         out.append(w)
///     return out
/// print(adam(.9, .999, 1e-8, 0, False), adam(.9, .999, 1e-8, .1, False), adam(.5, .99, 1e-3, .2, True),
///       sgd(0, 0), sgd(.9, .1), sgd(0, 0, .5), rmsprop(.99, 1e-8, 0, 0), rmsprop(.9, 1e-3, .5, .1))
/// ```
#[test]
fn three_steps_give_the_weights_of_the_formulas() {
    for (optim, expected) in all() {
        let (mut optimiser, mut module) = (configured(&optim), weights());
        for gradients in GRADIENTS {
            module = step(&mut optimiser, module, gradients);
        }
        let found = numbers(&module);
        let near = found.iter().zip(expected).all(|(found, right)| (found - right).abs() < 2e-6);
        assert!(near, "{optim:?}: {found:?} instead of {expected:?}");
    }
}

#[test]
fn a_saved_and_loaded_state_continues_with_the_same_bits() {
    for (optim, _) in all() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut first, mut module) = (configured(&optim), weights());
        for gradients in &GRADIENTS[..2] {
            module = step(&mut first, module, *gradients);
        }
        first.save(folder.path(), "optimiser").expect("saved");
        let mut second = configured(&optim);
        second.load(folder.path(), "optimiser").expect("loaded");
        let [a, b] = [&mut first, &mut second].map(|optimiser| {
            let module = step(optimiser, module.clone(), GRADIENTS[2]);
            numbers(&step(optimiser, module, GRADIENTS[0])).into_iter().map(f32::to_bits).collect::<Vec<_>>()
        });
        assert_eq!(a, b, "{optim:?}");
    }
}

#[derive(Module, Debug)]
struct Matrix {
    weight: Param<Tensor<2>>,
}

/// Bits after ten steps on a matrix that is longer than one part of the fused pass.
fn bits(mut optimiser: Optimiser) -> Vec<u32> {
    let mut noise = Noise::new(0, "optimiser", 0);
    let mut module = Matrix { weight: crate::uniform([300, 200], 0.1, &mut noise, &Device::flex().autodiff()) };
    for index in 0..10 {
        let mut noise = Noise::new(1, "gradient", index);
        let mut gradients = GradientsParams::new();
        let device = Device::flex();
        let matrix = TensorData::new(noise.normals(300 * 200), [300, 200]);
        gradients.register(module.weight.id, Tensor::<2>::from_data(matrix, &device));
        module = optimiser.step(1e-3, module, gradients);
    }
    crate::to_host(module.weight.val()).into_iter().map(f32::to_bits).collect()
}

#[test]
fn settings_with_their_defaults_leave_the_optimiser_of_the_model() {
    for beta_1 in [0.9, 0.5] {
        let mut configured = adam(beta_1);
        configured.configure(&Optim { ema: 0.9, ..Optim::default() });
        assert!(bits(configured) == bits(adam(beta_1)));
        // The same constants, once as settings and once as those of the model.
        let mut set = adam(0.1);
        set.configure(&Optim { beta_1: Some(f64::from(beta_1)), ..Optim::default() });
        assert!(bits(set) == bits(adam(beta_1)));
        // Another setting keeps the first-moment decay of the model.
        let mut other = adam(beta_1);
        other.configure(&Optim { beta_2: 0.99, ..Optim::default() });
        let mut right = adam(0.1);
        right.configure(&Optim { beta_1: Some(f64::from(beta_1)), beta_2: 0.99, ..Optim::default() });
        assert!(bits(other.clone()) == bits(right) && bits(other) != bits(adam(beta_1)));
    }
    // An optimiser of Burn stays, unless an algorithm is set.
    let lion = || Optimiser::from(burn::optim::LionConfig::new().init());
    let mut clipped = lion();
    clipped.configure(&Optim { clip_norm: Some(1e9), ..Optim::default() });
    assert!(bits(clipped) == bits(lion()));
    let mut replaced = lion();
    replaced.configure(&Optim { algorithm: Algorithm::Sgd, ..Optim::default() });
    assert!(bits(replaced) == bits(configured(&Optim { algorithm: Algorithm::Sgd, ..Optim::default() })));
}
