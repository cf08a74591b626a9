//! Tiny data and tiny models for the laws.

use burn::prelude::Device;
use data::{Binarize, DataShape, Dataset, Noise, Split};
use engine::{Batch, Budget, GenerativeModel, ModelEntry, Step, Trainer};
use protocol::Support;
use zoo::MODELS;

pub(crate) const HEIGHT: usize = 2;
pub(crate) const WIDTH: usize = 3;
pub(crate) const PIXELS: usize = HEIGHT * WIDTH;
const IMAGES: usize = 256;
const BATCH: usize = 32;
const STEPS: u64 = 400;

/// Every model of the registry.
pub(crate) fn entries() -> impl Iterator<Item = &'static ModelEntry> {
    MODELS.iter()
}

pub(crate) fn flex() -> Device {
    Device::flex().autodiff()
}

/// Skewed binary images: mostly two patterns, with rare flips.
pub(crate) fn data() -> Dataset {
    const PATTERNS: [[f32; PIXELS]; 2] = [[1.0, 0.0, 1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0, 1.0, 1.0]];
    let split = |name: &str| {
        let mut noise = Noise::new(1, name, 0);
        let pixels = (0..IMAGES)
            .flat_map(|_| {
                let pattern = PATTERNS[usize::from(noise.bernoulli(0.3))];
                pattern.map(|pixel| if noise.bernoulli(0.1) { 1.0 - pixel } else { pixel })
            })
            .collect();
        Split { pixels, labels: None, image_len: PIXELS }
    };
    let shape = DataShape {
        channels: 1,
        height: HEIGHT,
        width: WIDTH,
        support: Support::Binary,
        classes: None,
        train: IMAGES,
        validation: IMAGES,
        test: IMAGES,
        exact: false,
    };
    Dataset {
        shape,
        train: split("train"),
        validation: split("validation"),
        test: split("test"),
        truth: None,
        binarize: Binarize::NONE,
    }
}

/// The model in its tiny size, untrained.
pub(crate) fn fresh(entry: &ModelEntry, seed: u64, device: &Device) -> Box<dyn Trainer> {
    (entry.build)(&(entry.tiny)(), &data().shape, seed, device).expect("tiny models fit tiny data")
}

/// Takes steps `from..to`; the batches and the noise depend on (seed, step) alone.
pub(crate) fn advance(trainer: &mut dyn Trainer, seed: u64, from: u64, to: u64, device: &Device) -> Vec<f64> {
    let data = data();
    let mut losses = Vec::new();
    for index in from..to {
        let indices: Vec<usize> = (0..BATCH).map(|place| (index as usize * BATCH + place) % IMAGES).collect();
        let batch = Batch::new(data.batch(&indices, index), device);
        let scalars = trainer.step(&batch, &Step { index, lr_factor: 1.0, seed });
        losses.extend(scalars.read().into_iter().map(|(_, value)| value));
    }
    losses
}

/// How many steps the laws train a model for.
pub(crate) fn steps(trainer: &dyn Trainer) -> u64 {
    match trainer.budget() {
        Budget::Given => STEPS,
        Budget::OnePass => (IMAGES / BATCH) as u64,
    }
}

/// The model in its tiny size, trained.
pub(crate) fn trained(entry: &ModelEntry) -> Box<dyn GenerativeModel> {
    let device = flex();
    let mut trainer = fresh(entry, 0, &device);
    let steps = steps(&*trainer);
    advance(&mut *trainer, 0, 0, steps, &device);
    trainer.finish(&data().validation);
    trainer.snapshot()
}

/// All binary images of the laws' size.
pub(crate) fn all_images() -> Split {
    let pixels =
        (0..1u32 << PIXELS).flat_map(|bits| (0..PIXELS).map(move |pixel| (bits >> pixel & 1) as f32)).collect();
    Split { pixels, labels: None, image_len: PIXELS }
}

/// Which of [`all_images`] an image is.
pub(crate) fn index(image: &[f32]) -> usize {
    image.iter().enumerate().map(|(pixel, value)| usize::from(*value > 0.5) << pixel).sum()
}
