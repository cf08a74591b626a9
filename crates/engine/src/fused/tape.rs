//! The operations' places in the autodiff graph.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex};
use burn_flex::FlexTensor;

use super::{Fused, dense, units};

#[derive(Debug)]
struct DenseStep;

impl Backward<Flex, 3> for DenseStep {
    type State = dense::Kept;

    fn backward(self, ops: Ops<dense::Kept, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let ([to_x, to_weight, to_bias], kept) = (ops.parents, ops.state);
        let gradient = units::before(kept.output.as_ref(), &grads.consume::<Flex>(&ops.node), kept.slope);
        if let Some(node) = to_x {
            grads.register::<Flex>(node.id, dense::to_input(&kept, &gradient));
        }
        if let Some(node) = to_weight {
            grads.register::<Flex>(node.id, dense::to_weight(&kept, &gradient));
        }
        if let Some(node) = to_bias {
            grads.register::<Flex>(node.id, units::row_sums(&gradient));
        }
    }
}

#[derive(Debug)]
struct LeakyStep;

impl Backward<Flex, 1> for LeakyStep {
    type State = (FlexTensor, f32);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let (gradient, (output, slope)) = (grads.consume::<Flex>(&ops.node), ops.state);
        if let [Some(node)] = ops.parents {
            grads.register::<Flex>(node.id, units::backward(&output, &gradient, slope));
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
            grads.register::<Flex>(node.id, units::logistic_backward(&output, &gradient));
        }
    }
}

impl<C: CheckpointStrategy> Fused for Autodiff<Flex, C> {
    fn dense(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        slope: f32,
    ) -> FloatTensor<Self> {
        let ((x, x_node), (weight, weight_node)) = (x.into_parts(), weight.into_parts());
        let (bias, bias_node) = bias.into_parts();
        let output = dense::forward(&x, &weight, &bias, slope);
        match DenseStep.prepare::<C>([x_node, weight_node, bias_node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => {
                let seen = (slope != 1.0).then(|| output.clone());
                step.finish(dense::Kept { x, weight, slope, output: seen }, output)
            }
            OpsKind::UnTracked(step) => step.finish(output),
        }
    }

    fn leaky(x: FloatTensor<Self>, slope: f32) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        let output = units::forward(&x, slope);
        match LeakyStep.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => step.finish((output.clone(), slope), output),
            OpsKind::UnTracked(step) => step.finish(output),
        }
    }

    fn logistic(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        let output = units::logistic(&x);
        match LogisticStep.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => step.finish(output.clone(), output),
            OpsKind::UnTracked(step) => step.finish(output),
        }
    }
}
