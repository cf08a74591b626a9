//! The operations' places in the autodiff graph.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend, Flex};
use burn_flex::FlexTensor;

use super::{Fused, Windows, conv, normal, units};

/// What going back through a convolution and its unit needs.
#[derive(Clone, Debug)]
struct Convolved {
    x: FlexTensor,
    weight: FlexTensor,
    windows: Windows,
    slope: f32,
    /// Of the unit, if it is one.
    output: Option<FlexTensor>,
}

impl Convolved {
    /// The gradient before the unit.
    fn before_unit(&self, gradient: &FlexTensor) -> FlexTensor {
        units::before(self.output.as_ref(), gradient, self.slope)
    }

    /// A number per map of a tensor, none of which shifts anything.
    fn no_bias(maps: usize) -> FlexTensor {
        super::tensor(vec![0.0; maps], [maps])
    }
}

#[derive(Debug)]
struct ProductStep;

impl Backward<Flex, 3> for ProductStep {
    type State = Convolved;

    fn backward(self, ops: Ops<Convolved, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = ops.state.before_unit(&grads.consume::<Flex>(&ops.node));
        let ([to_x, to_weight, to_bias], Convolved { x, weight, windows, .. }) = (ops.parents, ops.state);
        if let Some(node) = to_x {
            let [_, height, width, maps]: [usize; 4] = x.layout().shape().dims();
            let (weight, bias) = (super::transposed(&weight), Convolved::no_bias(maps));
            grads.register::<Flex>(node.id, conv::sum(&gradient, &weight, &bias, windows, [height, width], 1.0));
        }
        if let Some(node) = to_weight {
            grads.register::<Flex>(node.id, conv::pair(&x, &gradient, windows));
        }
        if let Some(node) = to_bias {
            grads.register::<Flex>(node.id, units::row_sums(&gradient));
        }
    }
}

#[derive(Debug)]
struct SumStep;

impl Backward<Flex, 3> for SumStep {
    type State = Convolved;

    fn backward(self, ops: Ops<Convolved, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = ops.state.before_unit(&grads.consume::<Flex>(&ops.node));
        let ([to_x, to_weight, to_bias], Convolved { x, weight, windows, .. }) = (ops.parents, ops.state);
        if let Some(node) = to_x {
            let [_, _, _, maps]: [usize; 4] = x.layout().shape().dims();
            let (weight, bias) = (super::transposed(&weight), Convolved::no_bias(maps));
            grads.register::<Flex>(node.id, conv::product(&gradient, &weight, &bias, windows, 1.0));
        }
        if let Some(node) = to_weight {
            grads.register::<Flex>(node.id, super::transposed(&conv::pair(&gradient, &x, windows)));
        }
        if let Some(node) = to_bias {
            grads.register::<Flex>(node.id, units::row_sums(&gradient));
        }
    }
}

#[derive(Debug)]
struct NormalStep;

impl Backward<Flex, 3> for NormalStep {
    type State = normal::Kept;

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradients = normal::backward(&ops.state, &grads.consume::<Flex>(&ops.node));
        for (node, gradient) in ops.parents.into_iter().zip([gradients.x, gradients.scale, gradients.shift]) {
            if let Some(node) = node {
                grads.register::<Flex>(node.id, gradient);
            }
        }
    }
}

impl<C: CheckpointStrategy> Fused for Autodiff<Flex, C> {
    fn windows_product(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        windows: Windows,
        slope: f32,
    ) -> FloatTensor<Self> {
        let ((x, x_node), (weight, weight_node)) = (x.into_parts(), weight.into_parts());
        let (bias, bias_node) = bias.into_parts();
        let output = conv::product(&x, &weight, &bias, windows, slope);
        match ProductStep.prepare::<C>([x_node, weight_node, bias_node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => {
                let seen = (slope != 1.0).then(|| output.clone());
                step.finish(Convolved { x, weight, windows, slope, output: seen }, output)
            }
            OpsKind::UnTracked(step) => step.finish(output),
        }
    }

    fn windows_sum(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        windows: Windows,
        sides: [usize; 2],
        slope: f32,
    ) -> FloatTensor<Self> {
        let ((x, x_node), (weight, weight_node)) = (x.into_parts(), weight.into_parts());
        let (bias, bias_node) = bias.into_parts();
        let output = conv::sum(&x, &weight, &bias, windows, sides, slope);
        match SumStep.prepare::<C>([x_node, weight_node, bias_node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => {
                let seen = (slope != 1.0).then(|| output.clone());
                step.finish(Convolved { x, weight, windows, slope, output: seen }, output)
            }
            OpsKind::UnTracked(step) => step.finish(output),
        }
    }

    fn normalised(
        x: FloatTensor<Self>,
        scale: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        epsilon: f32,
        slope: f32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let ((x, x_node), (scale, scale_node)) = (x.into_parts(), scale.into_parts());
        let (shift, shift_node) = shift.into_parts();
        let normal = normal::forward(&x, &scale, &shift, epsilon, slope);
        let [mean, variance] = [&normal.mean, &normal.variance].map(|moment| Self::from_inner(moment.clone()));
        let output = match NormalStep.prepare::<C>([x_node, scale_node, shift_node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => {
                let seen = (slope != 1.0).then(|| normal.output.clone());
                let (mean, variance) = (normal.mean, normal.variance);
                step.finish(normal::Kept { x, mean, variance, scale, epsilon, slope, output: seen }, normal.output)
            }
            OpsKind::UnTracked(step) => step.finish(normal.output),
        };
        (output, mean, variance)
    }
}
