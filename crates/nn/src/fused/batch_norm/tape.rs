//! Backward step in the autodiff graph.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend, Flex};

use super::{BatchNormOps, kernel};

#[derive(Debug)]
struct BatchNormStep;

impl Backward<Flex, 3> for BatchNormStep {
    type State = kernel::Kept;

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradients = kernel::backward(&ops.state, &grads.consume::<Flex>(&ops.node));
        for (node, gradient) in ops.parents.into_iter().zip([gradients.x, gradients.scale, gradients.shift]) {
            if let Some(node) = node {
                grads.register::<Flex>(node.id, gradient);
            }
        }
    }
}

impl<C: CheckpointStrategy> BatchNormOps for Autodiff<Flex, C> {
    fn batch_norm(
        x: FloatTensor<Self>,
        scale: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        epsilon: f32,
        negative_slope: f32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let ((x, x_node), (scale, scale_node)) = (x.into_parts(), scale.into_parts());
        let (shift, shift_node) = shift.into_parts();
        let normal = kernel::forward(&x, &scale, &shift, epsilon, negative_slope);
        let [mean, variance] = [&normal.mean, &normal.variance].map(|moment| Self::from_inner(moment.clone()));
        let output = match BatchNormStep.prepare::<C>([x_node, scale_node, shift_node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => {
                let output = (negative_slope != 1.0).then(|| normal.output.clone());
                let (mean, variance) = (normal.mean, normal.variance);
                step.finish(kernel::Kept { x, mean, variance, scale, epsilon, negative_slope, output }, normal.output)
            }
            OpsKind::UnTracked(step) => step.finish(normal.output),
        };
        (output, mean, variance)
    }
}
