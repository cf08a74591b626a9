//! Adam, on the CPU in one pass over each parameter.
//!
//! Kingma and Ba, 2015, Adam: a method for stochastic optimization, algorithm 1, with both bias corrections in one
//! factor as in their section 2. Burn's implementation takes a dozen passes over memory per step. This one applies the
//! same operations in the same order to each number, so that both give the same bits (a test). Other devices use Burn's
//! implementation.

use burn::optim::{AdamConfig, AdamState, AdaptiveMomentumState, LearningRate, Optimizer};
use burn::prelude::*;
use burn::tensor::DType;
use rayon::prelude::*;

use crate::{is_cpu, simd};

/// Numbers per task; smaller tasks cost more time than they save.
const PART: usize = 32_768;

/// Constants of Adam: the decay of both moments, and the term added to the root of the second one.
#[derive(Clone, Copy)]
pub(crate) struct Constants {
    pub(crate) beta_1: f32,
    pub(crate) beta_2: f32,
    pub(crate) epsilon: f32,
}

/// Adam without weight decay.
#[derive(Clone)]
pub(crate) struct Adam {
    constants: Constants,
    plain: burn::optim::Adam,
}

impl Adam {
    pub(crate) fn new(constants: Constants) -> Self {
        let Constants { beta_1, beta_2, epsilon } = constants;
        let plain = AdamConfig::new().with_beta_1(beta_1).with_beta_2(beta_2).with_epsilon(epsilon).build();
        Self { constants, plain }
    }
}

impl Optimizer for Adam {
    type State<const D: usize> = AdamState<D>;

    fn step<const D: usize>(
        &self,
        lr: LearningRate,
        tensor: Tensor<D>,
        grad: Tensor<D>,
        state: Option<AdamState<D>>,
    ) -> (Tensor<D>, Option<AdamState<D>>) {
        let device = tensor.device();
        if !is_cpu(&device) || tensor.dtype() != DType::F32 {
            return self.plain.step(lr, tensor, grad, state);
        }
        let (shape, time) = (tensor.shape(), state.as_ref().map_or(0, |state| state.momentum.time) + 1);
        let (moment_1, moment_2) = match state {
            Some(AdamState { momentum }) => (momentum.moment_1, momentum.moment_2),
            None => (tensor.zeros_like(), tensor.zeros_like()),
        };
        let mut values = [tensor, moment_1, moment_2].map(Tensor::into_data);
        {
            let [weights, first, second] = values.each_mut().map(numbers);
            let gradient = grad.into_data();
            Pass::new(self.constants, lr, time).over(weights, gradient.as_slice().expect(F32), first, second);
        }
        let [weights, moment_1, moment_2] = values.map(|data| {
            debug_assert_eq!(data.num_elements(), shape.num_elements());
            Tensor::from_data(data, &device)
        });
        let momentum = AdaptiveMomentumState { time, moment_1, moment_2, max_moment_2: None };
        (weights, Some(AdamState { momentum }))
    }

    fn to_device<const D: usize>(state: AdamState<D>, device: &Device) -> AdamState<D> {
        <burn::optim::Adam as Optimizer>::to_device(state, device)
    }
}

const F32: &str = "the parameters are f32";

fn numbers(data: &mut TensorData) -> &mut [f32] {
    data.as_mut_slice().expect(F32)
}

/// Factors of one step.
#[derive(Clone, Copy)]
struct Pass {
    beta_1: f32,
    beta_2: f32,
    lr: f32,
    /// Factor on the first moment with both bias corrections.
    corrected: f32,
    epsilon: f32,
}

impl Pass {
    fn new(Constants { beta_1, beta_2, epsilon }: Constants, lr: f64, time: usize) -> Self {
        let correction_2 = (1.0 - beta_2.powi(time as i32)).sqrt();
        let corrected = correction_2 / (1.0 - beta_1.powi(time as i32));
        Self { beta_1, beta_2, lr: lr as f32, corrected, epsilon: epsilon * correction_2 }
    }

    fn over(self, weights: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32]) {
        let parts = weights.par_chunks_mut(PART).zip(gradient.par_chunks(PART));
        let moments = first.par_chunks_mut(PART).zip(second.par_chunks_mut(PART));
        parts.zip(moments).for_each(|((weights, gradient), (first, second))| {
            simd::dispatch(Part { pass: self, weights, gradient, first, second });
        });
    }
}

struct Part<'a> {
    pass: Pass,
    weights: &'a mut [f32],
    gradient: &'a [f32],
    first: &'a mut [f32],
    second: &'a mut [f32],
}

impl pulp::WithSimd for Part<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _simd: S) {
        let Pass { beta_1, beta_2, lr, corrected, epsilon } = self.pass;
        let (fresh_1, fresh_2) = (1.0 - beta_1, 1.0 - beta_2);
        let moments = self.first.iter_mut().zip(self.second);
        for ((weight, gradient), (first, second)) in self.weights.iter_mut().zip(self.gradient).zip(moments) {
            *first = *first * beta_1 + gradient * fresh_1;
            *second = *second * beta_2 + gradient * gradient * fresh_2;
            *weight -= *first * corrected / (second.sqrt() + epsilon) * lr;
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::module::{Module, Param};
    use burn::optim::{GradientsParams, ModuleOptimizer};
    use data::Noise;

    use super::*;

    #[derive(Module, Debug)]
    struct Weights {
        matrix: Param<Tensor<2>>,
        bias: Param<Tensor<1>>,
    }

    const SIDES: [usize; 2] = [300, 401];

    fn weights(device: &Device) -> Weights {
        let mut noise = Noise::new(0, "adam", 0);
        let bias = TensorData::new(noise.normals(SIDES[1]), [SIDES[1]]);
        Weights {
            matrix: crate::uniform(SIDES, 0.1, &mut noise, device),
            bias: Param::from_tensor(Tensor::from_data(bias, device)),
        }
    }

    /// `steps` steps on gradients that differ from step to step, some of them 0.
    fn descended(mut optimiser: ModuleOptimizer, steps: u64) -> (Weights, ModuleOptimizer) {
        let device = Device::flex().autodiff();
        let mut module = weights(&device);
        for step in 0..steps {
            let mut noise = Noise::new(1, "gradient", step);
            let mut gradients = GradientsParams::new();
            let mut draw = |count: usize| -> Vec<f32> { noise.normals(count).iter().map(|x| x.max(0.0)).collect() };
            let matrix = TensorData::new(draw(SIDES[0] * SIDES[1]), SIDES);
            gradients.register(module.matrix.id, Tensor::<2>::from_data(matrix, &Device::flex()));
            let bias = TensorData::new(draw(SIDES[1]), [SIDES[1]]);
            gradients.register(module.bias.id, Tensor::<1>::from_data(bias, &Device::flex()));
            module = optimiser.step(2e-3 / (step + 1) as f64, module, gradients);
        }
        (module, optimiser)
    }

    fn bits(module: &Weights) -> Vec<u32> {
        let matrix = module.matrix.val().into_data();
        let bias = module.bias.val().into_data();
        matrix.iter::<f32>().chain(bias.iter::<f32>()).map(f32::to_bits).collect()
    }

    const PAPER: Constants = Constants { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8 };

    fn burns(Constants { beta_1, beta_2, epsilon }: Constants) -> ModuleOptimizer {
        AdamConfig::new().with_beta_1(beta_1).with_beta_2(beta_2).with_epsilon(epsilon).init()
    }

    #[test]
    fn it_has_the_same_bits_as_burns_adam() {
        let others = [Constants { beta_1: 0.5, ..PAPER }, Constants { beta_1: 0.0, beta_2: 0.99, epsilon: 1e-4 }];
        for constants in [PAPER].into_iter().chain(others) {
            let ours = bits(&descended(Adam::new(constants).into(), 7).0);
            assert!(ours == bits(&descended(burns(constants), 7).0));
            assert!(ours != bits(&weights(&Device::flex())));
        }
    }

    #[test]
    fn burn_reads_its_state() {
        let (_, ours) = descended(Adam::new(PAPER).into(), 3);
        assert!(burns(PAPER).from_bytes(ours.into_bytes().expect("a record")).is_ok());
    }
}
