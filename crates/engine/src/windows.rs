//! Timed or counted windows of work: training, evaluation, sampling, and fixed work for comparison.

use std::time::Instant;

use burn::prelude::{Device, Tensor};
use data::{Dataset, Noise};
use nalgebra::DMatrix;
use protocol::timing::{Counts, Reply, Window};

use crate::{Batch, GenerativeModel, Step, Trainer, counts, faults};

/// Number of images evaluated or sampled in one unit of work.
const IMAGES: usize = 100;
/// Rows and columns of the matrices in the fixed product.
const GEMM: usize = 256;
/// Numbers in the fixed chain of elementwise operations, 4 MiB.
const SWEPT: usize = 1 << 20;
/// Pairs of elementwise operations in the chain, which need no tuning, unlike products.
const SWEEPS: usize = 16;

/// Timed windows of a trained model. Training steps of a window do not change the files of the trial.
pub struct Windows<'a> {
    trainer: Box<dyn Trainer>,
    model: Box<dyn GenerativeModel>,
    data: &'a Dataset,
    device: &'a Device,
    images_per_step: usize,
    seed: u64,
    step: u64,
}

impl<'a> Windows<'a> {
    /// Windows of the trained model in `trainer`, with `images_per_step` images in a training step.
    #[must_use]
    pub fn new(
        trainer: Box<dyn Trainer>,
        data: &'a Dataset,
        device: &'a Device,
        images_per_step: usize,
        seed: u64,
    ) -> Self {
        let model = trainer.snapshot();
        Self { trainer, model, data, device, images_per_step, seed, step: 0 }
    }

    /// Runs whole units of work for at least `seconds`, and returns their number, images and duration, or the reason
    /// why the model cannot do this work.
    #[must_use]
    pub fn run(&mut self, window: Window, seconds: f64) -> Reply {
        let (began, mut units, mut images) = (Instant::now(), 0, 0);
        loop {
            match self.unit(window) {
                Ok(done) => images += done,
                Err(reason) => return Reply::Absent { reason: reason.to_owned() },
            }
            units += 1;
            if began.elapsed().as_secs_f64() >= seconds {
                return Reply::Timed { units, images, seconds: began.elapsed().as_secs_f64() };
            }
        }
    }

    /// Runs one unit of work, then counts `units` of them, and returns the medians, or the reason why the model cannot do this
    /// work.
    #[must_use]
    pub fn count(&mut self, window: Window, units: u64) -> Reply {
        match counts::counted(self.device, units, || self.unit(window).map(drop)) {
            Ok(all) => Reply::Counted { units, counts: Counts::median(&all) },
            Err(reason) => Reply::Absent { reason: reason.to_owned() },
        }
    }

    /// Runs one unit of work and returns the number of its images.
    fn unit(&mut self, window: Window) -> Result<u64, &'static str> {
        match window {
            Window::Train => Ok(self.train()),
            Window::Evaluate => faults::timed_evaluation(|| self.evaluate()),
            Window::Sample => self.sample(),
            Window::Gemm => Ok(gemm()),
            Window::Sweep => Ok(sweep(self.device)),
        }
    }

    fn train(&mut self) -> u64 {
        let indices: Vec<usize> = (0..self.images_per_step)
            .map(|offset| (self.step as usize * self.images_per_step + offset) % self.data.train.len())
            .collect();
        let batch = Batch::new(self.data.batch(&indices, self.step), self.device);
        let at = Step { index: self.step, lr_factor: 1.0, seed: self.seed };
        // Reading a result waits for the GPU.
        let _ = faults::timed_step(|| self.trainer.step(&batch, &at).read());
        self.step += 1;
        self.images_per_step as u64
    }

    fn evaluate(&self) -> Result<u64, &'static str> {
        let images = self.data.test.take(IMAGES);
        if let Some(density) = self.model.density() {
            std::hint::black_box(density.log_density(&images));
        } else if let Some(bound) = self.model.bound() {
            std::hint::black_box(bound.elbo(&images, &mut Noise::new(self.seed, "timing/elbo", 0)));
        } else {
            return Err("the model has no density and no lower bound");
        }
        Ok(images.len() as u64)
    }

    fn sample(&self) -> Result<u64, &'static str> {
        let sampler = self.model.sampler().ok_or("the model has no sampler")?;
        std::hint::black_box(sampler.sample(IMAGES, &mut Noise::new(self.seed, "timing/sample", 0)));
        Ok(IMAGES as u64)
    }
}

/// Computes a 256 x 256 matrix product in f32 on one thread, with a library that no model uses for training.
fn gemm() -> u64 {
    let (a, b) = (DMatrix::<f32>::repeat(GEMM, GEMM, 0.5), DMatrix::<f32>::repeat(GEMM, GEMM, 0.25));
    std::hint::black_box(std::hint::black_box(a) * std::hint::black_box(b));
    0
}

/// Computes 16 times `x / 2 + 1` of about a million numbers on a device, and waits for the result.
fn sweep(device: &Device) -> u64 {
    let mut numbers = Tensor::<1>::zeros([SWEPT], device);
    for _ in 0..SWEEPS {
        numbers = numbers * 0.5 + 1.0;
    }
    // Reading a number waits for the device.
    std::hint::black_box(numbers.narrow(0, 0, 1).into_data());
    0
}
