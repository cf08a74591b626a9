//! Network in plain tensor operations, and the capabilities of a trained one.

use ::nn::ordering::{positions, to_raster};
use ::nn::{MaskedConv, Walk, upload};
use burn::module::Module;
use burn::prelude::*;
use burn::tensor::activation::{log_softmax, relu, sigmoid, tanh};
use data::{DataShape, Noise, Split};
use engine::{
    Autoregressive, Batch, Conditionals, ExplicitDensity, Family, GenerativeModel, Objective, ProductOfConditionals,
    Sampler, Scalars, Step,
};
use protocol::Support;

use super::PixelCnnConfig;
use super::host::Host;
use super::plan::{Op, Plan};
use crate::bernoulli::BernoulliLogits;

/// Number of images per chunk of an evaluation on a GPU.
const IMAGES: usize = 100;

/// Plain or gated PixelCNN.
#[derive(Module, Debug)]
pub(super) struct Network {
    pub(super) convs: Vec<MaskedConv>,
    #[module(skip)]
    plan: Plan,
    #[module(skip)]
    family: Family,
    #[module(skip)]
    walk: Walk,
    /// Pixel of an image for each number in the order of generation: the positions in order, each with its colours.
    #[module(skip)]
    ordering: Vec<usize>,
}

impl Network {
    pub(super) fn new(config: &PixelCnnConfig, data: &DataShape, seed: u64, device: &Device) -> Self {
        let mut noise = Noise::new(seed, "pixel_cnn/weights", 0);
        let plan = config.plan(data);
        let convs = plan.shapes.iter().map(|shape| MaskedConv::new(shape.clone(), &mut noise, device)).collect();
        let family = match data.support {
            Support::Levels(levels) => Family::Categorical(levels),
            _ => Family::Bernoulli,
        };
        let (walk, ordering) = (config.ordering.walk(data), config.ordering.pixels(data, 0));
        Self { convs, plan, family, walk, ordering }
    }

    pub(super) fn device(&self) -> Device {
        self.convs[0].bias.val().device()
    }

    pub(super) fn is_on_cpu(&self) -> bool {
        ::nn::is_cpu(&self.device())
    }

    /// Returns the network laid out for the CPU.
    pub(super) fn host(&self) -> Host<'_> {
        fn read<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
            ::nn::to_host(tensor)
        }
        let parameters = self.convs.iter().map(|conv| (read(conv.weight.val()), read(conv.bias.val())));
        Host::new(&self.plan, self.family, (self.walk.height, self.walk.width), parameters)
    }

    /// Returns the pixels of all images in the order of generation.
    pub(super) fn in_order(&self, images: &Split) -> Vec<f32> {
        images.images().flat_map(|image| self.ordering.iter().map(|&pixel| image[pixel])).collect()
    }

    /// Reorders pixels on the device to the order of generation, `[batch, pixels]`.
    fn reordered(&self, x: Tensor<2>) -> Tensor<2> {
        if self.ordering.is_sorted() {
            return x;
        }
        let indices: Vec<i32> = self.ordering.iter().map(|index| *index as i32).collect();
        let count = indices.len();
        let indices = Tensor::<1, Int>::from_data(TensorData::new(indices, [count]), &x.device());
        x.select(1, indices)
    }

    /// Parameters of each conditional, `[batch, pixels]` to `[batch, pixels, numbers]`, both in the order of
    /// generation.
    fn numbers(&self, x: Tensor<2>) -> Tensor<3> {
        let [batch, pixels] = x.dims();
        let Walk { height, width } = self.walk;
        let mut nodes = vec![x.reshape([batch, height, width, self.plan.channels[0]])];
        for op in &self.plan.ops {
            nodes.push(match *op {
                Op::Conv { from, layer } => self.convs[layer].forward(nodes[from].clone()),
                Op::Relu { from } => relu(nodes[from].clone()),
                Op::Add { a, b } => nodes[a].clone() + nodes[b].clone(),
                Op::Gate { from } => {
                    let mut halves = nodes[from].clone().chunk(2, 3);
                    let (open, value) = (sigmoid(halves.swap_remove(1)), tanh(halves.swap_remove(0)));
                    value * open
                }
            });
        }
        nodes.swap_remove(nodes.len() - 1).reshape([batch, pixels, self.family.width()])
    }

    /// log p(x) of each image in nats, `[batch]`.
    fn log_prob(&self, x: Tensor<2>) -> Tensor<1> {
        let x = self.reordered(x);
        let numbers = self.numbers(x.clone());
        match self.family {
            Family::Categorical(levels) => {
                let levels = (x * f32::from(levels - 1)).round().int().unsqueeze_dim::<3>(2);
                let log_p = log_softmax(numbers, 2).gather(2, levels);
                log_p.squeeze_dim::<2>(2).sum_dim(1).squeeze_dim(1)
            }
            _ => BernoulliLogits(numbers.squeeze_dim(2)).log_prob(x),
        }
    }
}

impl Objective for Network {
    fn loss(&self, batch: &Batch, _at: &Step) -> Scalars {
        Scalars(vec![("nll", self.log_prob(batch.images.clone()).mean().neg())])
    }
}

impl GenerativeModel for Network {
    /// Number of weights that the masks keep, plus the biases.
    fn parameters(&self) -> u64 {
        self.plan.shapes.iter().map(|shape| shape.parameters()).sum()
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }

    fn density(&self) -> Option<&dyn ExplicitDensity> {
        Some(self)
    }

    fn autoregressive(&self) -> Option<&dyn Autoregressive> {
        Some(self)
    }
}

impl Autoregressive for Network {
    fn ordering(&self) -> Vec<usize> {
        self.ordering.clone()
    }

    fn conditionals(&self, images: &Split) -> Conditionals {
        let (pixels, width) = (self.ordering.len(), self.family.width());
        let in_order: Vec<f32> = if self.is_on_cpu() {
            self.host().numbers(&self.in_order(images))
        } else {
            let (all, device): (Vec<usize>, _) = ((0..images.len()).collect(), self.device());
            let numbers = |chunk: &[usize]| -> Vec<f32> {
                let x = self.reordered(upload(&images.select(chunk), &device));
                ::nn::to_host(self.numbers(x))
            };
            all.chunks(IMAGES).flat_map(numbers).collect()
        };
        let positions = positions(&self.ordering);
        let image = |image: &[f32]| -> Vec<f32> {
            positions.iter().flat_map(|position| &image[position * width..(position + 1) * width]).copied().collect()
        };
        let numbers = in_order.chunks_exact(pixels * width).flat_map(image).collect();
        Conditionals { family: self.family, numbers, pixels }
    }

    /// Takes one pass over the positions per image, on the host for all devices.
    fn sample_from(&self, uniforms: &[f32]) -> Split {
        let pixels = to_raster(&self.host().sample(uniforms), &self.ordering);
        Split::new(pixels, self.ordering.len())
    }
}

impl ProductOfConditionals for Network {
    fn support(&self) -> Support {
        self.family.support()
    }
}
