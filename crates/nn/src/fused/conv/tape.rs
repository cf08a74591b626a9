//! Backward steps in the autodiff graph.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex};
use burn_flex::FlexTensor;

use super::super::{arrays, elementwise};
use super::{ConvOps, convolution};
use crate::Windows;

/// State for the backward pass of a convolution and its activation.
#[derive(Clone, Debug)]
struct Convolved {
    x: FlexTensor,
    weight: FlexTensor,
    windows: Windows,
    negative_slope: f32,
    /// Output, if the activation is not the identity.
    output: Option<FlexTensor>,
}

impl Convolved {
    /// Gradient before the activation.
    fn before_activation(&self, gradient: &FlexTensor) -> FlexTensor {
        elementwise::before_activation(self.output.as_ref(), gradient, self.negative_slope)
    }

    /// A bias of zeros, one per channel.
    fn no_bias(channels: usize) -> FlexTensor {
        arrays::tensor(vec![0.0; channels], [channels])
    }
}

#[derive(Debug)]
struct ProductStep;

impl Backward<Flex, 3> for ProductStep {
    type State = Convolved;

    fn backward(self, ops: Ops<Convolved, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = ops.state.before_activation(&grads.consume::<Flex>(&ops.node));
        let ([to_x, to_weight, to_bias], Convolved { x, weight, windows, .. }) = (ops.parents, ops.state);
        if let Some(node) = to_x {
            let [_, height, width, channels]: [usize; 4] = x.layout().shape().dims();
            let (weight, bias) = (arrays::transposed(&weight), Convolved::no_bias(channels));
            grads.register::<Flex>(node.id, convolution::sum(&gradient, &weight, &bias, windows, [height, width], 1.0));
        }
        if let Some(node) = to_weight {
            grads.register::<Flex>(node.id, convolution::weight_gradient(&x, &gradient, windows));
        }
        if let Some(node) = to_bias {
            grads.register::<Flex>(node.id, elementwise::row_sums(&gradient));
        }
    }
}

#[derive(Debug)]
struct SumStep;

impl Backward<Flex, 3> for SumStep {
    type State = Convolved;

    fn backward(self, ops: Ops<Convolved, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = ops.state.before_activation(&grads.consume::<Flex>(&ops.node));
        let ([to_x, to_weight, to_bias], Convolved { x, weight, windows, .. }) = (ops.parents, ops.state);
        if let Some(node) = to_x {
            let [_, _, _, channels]: [usize; 4] = x.layout().shape().dims();
            let (weight, bias) = (arrays::transposed(&weight), Convolved::no_bias(channels));
            grads.register::<Flex>(node.id, convolution::product(&gradient, &weight, &bias, windows, 1.0));
        }
        if let Some(node) = to_weight {
            grads.register::<Flex>(node.id, arrays::transposed(&convolution::weight_gradient(&gradient, &x, windows)));
        }
        if let Some(node) = to_bias {
            grads.register::<Flex>(node.id, elementwise::row_sums(&gradient));
        }
    }
}

impl<C: CheckpointStrategy> ConvOps for Autodiff<Flex, C> {
    fn windows_product(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        windows: Windows,
        negative_slope: f32,
    ) -> FloatTensor<Self> {
        let ((x, x_node), (weight, weight_node)) = (x.into_parts(), weight.into_parts());
        let (bias, bias_node) = bias.into_parts();
        let output = convolution::product(&x, &weight, &bias, windows, negative_slope);
        match ProductStep.prepare::<C>([x_node, weight_node, bias_node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => {
                let kept = (negative_slope != 1.0).then(|| output.clone());
                step.finish(Convolved { x, weight, windows, negative_slope, output: kept }, output)
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
        negative_slope: f32,
    ) -> FloatTensor<Self> {
        let ((x, x_node), (weight, weight_node)) = (x.into_parts(), weight.into_parts());
        let (bias, bias_node) = bias.into_parts();
        let output = convolution::sum(&x, &weight, &bias, windows, sides, negative_slope);
        match SumStep.prepare::<C>([x_node, weight_node, bias_node]).compute_bound().stateful() {
            OpsKind::Tracked(step) => {
                let kept = (negative_slope != 1.0).then(|| output.clone());
                step.finish(Convolved { x, weight, windows, negative_slope, output: kept }, output)
            }
            OpsKind::UnTracked(step) => step.finish(output),
        }
    }
}
