//! The operations' places in the autodiff graph.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend, Flex};
use burn_flex::FlexTensor;

use super::{Fused, Windows, conv, leaky, normal};

#[derive(Debug)]
struct ProductStep;

/// The input, the weight and the windows.
type Convolved = (FlexTensor, FlexTensor, Windows);

impl Backward<Flex, 2> for ProductStep {
    type State = Convolved;

    fn backward(self, ops: Ops<Convolved, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let (gradient, (x, weight, windows)) = (grads.consume::<Flex>(&ops.node), ops.state);
        let [to_x, to_weight] = ops.parents;
        if let Some(node) = to_x {
            grads.register::<Flex>(node.id, conv::product_back(&x, &weight, &gradient, windows));
        }
        if let Some(node) = to_weight {
            grads.register::<Flex>(node.id, conv::pair(&x, &gradient, windows));
        }
    }
}

#[derive(Debug)]
struct SumStep;

impl Backward<Flex, 2> for SumStep {
    type State = Convolved;

    fn backward(self, ops: Ops<Convolved, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let (gradient, (x, weight, windows)) = (grads.consume::<Flex>(&ops.node), ops.state);
        let [to_x, to_weight] = ops.parents;
        if let Some(node) = to_x {
            grads.register::<Flex>(node.id, conv::product(&gradient, &conv::transposed(weight), windows));
        }
        if let Some(node) = to_weight {
            grads.register::<Flex>(node.id, conv::transposed(conv::pair(&gradient, &x, windows)));
        }
    }
}

#[derive(Debug)]
struct LeakyStep;

impl Backward<Flex, 1> for LeakyStep {
    type State = (FlexTensor, f32);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let (gradient, (x, slope)) = (grads.consume::<Flex>(&ops.node), ops.state);
        if let [Some(node)] = ops.parents {
            grads.register::<Flex>(node.id, leaky::backward(&x, &gradient, slope));
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
    fn windows_product(x: FloatTensor<Self>, weight: FloatTensor<Self>, windows: Windows) -> FloatTensor<Self> {
        let ((x, x_node), (weight, weight_node)) = (x.into_parts(), weight.into_parts());
        let output = conv::product(&x, &weight, windows);
        match ProductStep.prepare::<C>([x_node, weight_node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => step.finish((x, weight, windows), output),
            OpsKind::UnTracked(step) => step.finish(output),
        }
    }

    fn windows_sum(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        windows: Windows,
        sides: [usize; 2],
    ) -> FloatTensor<Self> {
        let ((x, x_node), (weight, weight_node)) = (x.into_parts(), weight.into_parts());
        let output = conv::sum(&x, &weight, windows, sides);
        match SumStep.prepare::<C>([x_node, weight_node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => step.finish((x, weight, windows), output),
            OpsKind::UnTracked(step) => step.finish(output),
        }
    }

    fn leaky(x: FloatTensor<Self>, slope: f32) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        let output = leaky::forward(x.clone(), slope);
        match LeakyStep.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => step.finish((x, slope), output),
            OpsKind::UnTracked(step) => step.finish(output),
        }
    }

    fn normalised(
        x: FloatTensor<Self>,
        scale: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        epsilon: f32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let ((x, x_node), (scale, scale_node)) = (x.into_parts(), scale.into_parts());
        let (shift, shift_node) = shift.into_parts();
        let normal = normal::forward(&x, &scale, &shift, epsilon);
        let [mean, variance] = [&normal.mean, &normal.variance].map(|moment| Self::from_inner(moment.clone()));
        let kept = normal::Kept { x, mean: normal.mean, variance: normal.variance, scale, epsilon };
        let output = match NormalStep.prepare::<C>([x_node, scale_node, shift_node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => step.finish(kept, normal.output),
            OpsKind::UnTracked(step) => step.finish(normal.output),
        };
        (output, mean, variance)
    }
}
