//! Deliberate faults of the training loop, for the calibration of the regression gate: see [`nn::faults`].

use std::time::{Duration, Instant};

use ::nn::faults::{Fault, begin_step, is_active};
use data::Split;

use crate::Trainer;

/// Epoch whose order of images is used.
#[inline]
pub(crate) fn epoch(epoch: u64) -> u64 {
    if is_active(Fault::SameOrder) { 0 } else { epoch }
}

/// Order of the images in a batch.
#[inline]
pub(crate) fn order(indices: &mut [usize]) {
    if is_active(Fault::SumOrder) {
        indices.reverse();
    }
}

/// Images of a batch. The fault replaces the first tenth with validation images.
#[inline]
pub(crate) fn batch(batch: &mut Split, validation: &Split, step: u64) {
    if !is_active(Fault::ValidationInTraining) || validation.is_empty() {
        return;
    }
    let replaced = batch.len().div_ceil(10);
    for image in 0..replaced {
        let from = (step as usize * replaced + image) % validation.len();
        let to = image * batch.image_len..(image + 1) * batch.image_len;
        batch.pixels[to].copy_from_slice(validation.image(from));
        if let (Some(labels), Some(known)) = (&mut batch.labels, &validation.labels) {
            labels[image] = known[from];
        }
    }
}

/// Number of steps of a closed-form model.
#[inline]
pub(crate) fn closed_form_steps(images: usize, batch_size: usize) -> usize {
    if is_active(Fault::LastBatch) { (images / batch_size).max(1) } else { images.div_ceil(batch_size) }
}

/// Prepares a step; an epoch has `steps_per_epoch` of them.
#[inline]
pub(crate) fn before_step(trainer: &mut dyn Trainer, index: u64, steps_per_epoch: u64) {
    begin_step(index);
    #[cfg(feature = "faults")]
    if is_active(Fault::OptimiserReset) && index.is_multiple_of(steps_per_epoch.max(1)) {
        crate::trainer::visit_elements(trainer, &mut |element| {
            if let crate::Element::Optimiser(optimiser) = element {
                optimiser.reset();
            }
        });
    }
    #[cfg(not(feature = "faults"))]
    let _ = (trainer, steps_per_epoch);
}

/// Runs a training step.
#[inline]
pub(crate) fn timed_step<T>(step: impl FnOnce() -> T) -> T {
    if is_active(Fault::ExtraAllocation) {
        drop(std::hint::black_box(vec![0_u8; 64]));
    }
    if is_active(Fault::SlowStep3) {
        return slowed(0.03, step);
    }
    if is_active(Fault::SlowStep10) { slowed(0.1, step) } else { step() }
}

/// Runs an evaluation.
#[inline]
pub(crate) fn timed_evaluation<T>(evaluation: impl FnOnce() -> T) -> T {
    if is_active(Fault::SlowEvaluation10) { slowed(0.1, evaluation) } else { evaluation() }
}

/// Runs `work`, then computes for `share` of its time.
fn slowed<T>(share: f64, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let result = work();
    let end = began + Duration::from_secs_f64(began.elapsed().as_secs_f64() * (1.0 + share));
    while Instant::now() < end {
        std::hint::spin_loop();
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slowed_work_takes_longer_by_its_share() {
        let began = Instant::now();
        slowed(0.5, || std::thread::sleep(Duration::from_millis(20)));
        assert!(began.elapsed() >= Duration::from_millis(30));
    }
}
