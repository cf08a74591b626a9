//! Hash of a model, for the comparison of two runs.

use burn::prelude::Device;
use data::Noise;
use engine::Trainer;
use engine::progress::progress;

use crate::subject::Subject;

/// Number of training steps of a run.
const STEPS: u64 = 8;

/// Hash of all bits of the progress quantity and of 20 pictures, which depend on every parameter.
pub(super) fn fingerprint(subject: &Subject<'_>, trainer: &dyn Trainer) -> u64 {
    let model = trainer.snapshot();
    let images = model.sampler().map(|sampler| sampler.picture(20, &mut Noise::new(9, "law", 0)).pixels);
    let value = progress(&*model, &subject.data.validation, 3).map_or(0, |progress| progress.value.to_bits());
    images.into_iter().flatten().fold(value, |hash, pixel| hash.rotate_left(5) ^ u64::from(pixel.to_bits()))
}

/// Fingerprint of the model after eight steps.
pub(super) fn run(subject: &Subject<'_>, seed: u64, device: &Device) -> u64 {
    let mut trainer = subject.fresh(seed, device);
    subject.advance(&mut *trainer, seed, 0..STEPS, device);
    fingerprint(subject, &*trainer)
}
