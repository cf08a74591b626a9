//! Backward steps in the autodiff graph.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex};
use burn_flex::FlexTensor;

use super::super::elementwise;
use super::{DenseOps, layer};

#[derive(Debug)]
struct DenseStep;

impl Backward<Flex, 3> for DenseStep {
    type State = layer::Kept;

    fn backward(self, ops: Ops<layer::Kept, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let ([to_x, to_weight, to_bias], kept) = (ops.parents, ops.state);
        let gradient = elementwise::before_activation(
            kept.output.as_ref(),
            &grads.consume::<Flex>(&ops.node),
            kept.negative_slope,
        );
        if let Some(node) = to_x {
            grads.register::<Flex>(node.id, layer::to_input(&kept, &gradient));
        }
        if let Some(node) = to_weight {
            grads.register::<Flex>(node.id, layer::to_weight(&kept, &gradient));
        }
        if let Some(node) = to_bias {
            grads.register::<Flex>(node.id, elementwise::row_sums(&gradient));
        }
    }
}

#[derive(Debug)]
struct LeakyReluStep;

impl Backward<Flex, 1> for LeakyReluStep {
    type State = (FlexTensor, f32);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let (gradient, (output, negative_slope)) = (grads.consume::<Flex>(&ops.node), ops.state);
        if let [Some(node)] = ops.parents {
            grads.register::<Flex>(node.id, elementwise::leaky_relu_backward(&output, &gradient, negative_slope));
        }
    }
}

#[derive(Debug)]
struct LogisticStep;

impl Backward<Flex, 1> for LogisticStep {
    type State = FlexTensor;

    fn backward(self, ops: Ops<FlexTensor, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let (gradient, output) = (grads.consume::<Flex>(&ops.node), ops.state);
        if let [Some(node)] = ops.parents {
            grads.register::<Flex>(node.id, elementwise::logistic_backward(&output, &gradient));
        }
    }
}

impl<C: CheckpointStrategy> DenseOps for Autodiff<Flex, C> {
    fn dense(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        negative_slope: f32,
    ) -> FloatTensor<Self> {
        let ((x, x_node), (weight, weight_node)) = (x.into_parts(), weight.into_parts());
        let (bias, bias_node) = bias.into_parts();
        let output = layer::forward(&x, &weight, &bias, negative_slope);
        match DenseStep.prepare::<C>([x_node, weight_node, bias_node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => {
                let kept = (negative_slope != 1.0).then(|| output.clone());
                step.finish(layer::Kept { x, weight, negative_slope, output: kept }, output)
            }
            OpsKind::UnTracked(step) => step.finish(output),
        }
    }

    fn leaky_relu(x: FloatTensor<Self>, negative_slope: f32) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        let output = elementwise::leaky_relu(&x, negative_slope);
        match LeakyReluStep.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => step.finish((output.clone(), negative_slope), output),
            OpsKind::UnTracked(step) => step.finish(output),
        }
    }

    fn logistic(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        let output = elementwise::logistic(&x);
        match LogisticStep.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => step.finish(output.clone(), output),
            OpsKind::UnTracked(step) => step.finish(output),
        }
    }
}
