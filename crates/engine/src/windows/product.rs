//! Fixed matrix product, which measures the speed of a device.

use burn::prelude::{Device, Tensor};
use nalgebra::DMatrix;

/// Rows and columns of the matrices on the CPU.
const ON_CPU: usize = 256;
/// Rows and columns of the matrices on another device, where smaller ones would take no longer than their launch.
const ON_DEVICE: usize = 1024;

/// A fixed matrix product in f32 on one device.
pub(super) enum Product {
    /// On one thread of the CPU, with a library that no model uses for training.
    Cpu,
    /// On another device, with the kernels of its backend: the factors.
    Device(Box<[Tensor<2>; 2]>),
}

impl Product {
    /// Product on `device`. On a device other than the CPU it is computed once, so that its kernel is compiled and tuned.
    pub(super) fn new(device: &Device) -> Self {
        if nn::is_cpu(device) {
            return Self::Cpu;
        }
        let factor = |value| Tensor::full([ON_DEVICE, ON_DEVICE], value, device);
        let product = Self::Device(Box::new([factor(0.5), factor(0.25)]));
        product.compute();
        product
    }

    /// Computes the product, and waits for it.
    pub(super) fn compute(&self) {
        match self {
            Self::Cpu => {
                let factor = |value| std::hint::black_box(DMatrix::<f32>::repeat(ON_CPU, ON_CPU, value));
                std::hint::black_box(factor(0.5) * factor(0.25));
            }
            // Reading a number of the result waits for the device.
            Self::Device(factors) => {
                let [a, b] = (**factors).clone();
                std::hint::black_box(a.matmul(b).slice([0..1, 0..1]).into_data());
            }
        }
    }
}
