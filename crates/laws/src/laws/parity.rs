//! Backends: wgpu and the CPU agree on losses, and through them on gradients.

use std::sync::OnceLock;

use burn::prelude::Device;
use engine::device::{adapters, open};
use engine::{Step, Trainer};

use crate::defect::{Defect, DefectIn, Faulty};
use crate::law::{Law, Outcome};
use crate::subject::{Subject, flex};

/// Largest difference of a loss, relative to its size or to 1.
const TOLERANCE: f64 = 2e-4;
const STEPS: u64 = 10;

pub(super) const BACKENDS: Law = Law {
    name: "wgpu_trains_like_flex",
    statement: "The losses of ten training steps agree between wgpu and the CPU: the first compares the forward \
                pass, each later one the gradients before it. Where there is no graphics adapter the law does not \
                apply, unless the variable GENBENCH_REQUIRE_WGPU is set: then its absence breaks the law.",
    tolerance: "2e-4 of the loss (at least of 1): f32 sums in another order, over ten steps.",
    source: "One model has one loss, whatever computes it.",
    in_every_ordering: false,
    check,
    defects: &[Defect {
        name: "other gradients",
        statement: "on every device but the CPU the gradients are a half too large",
        says: "on wgpu and",
        place: DefectIn::Trainer(|trainer| {
            Box::new(Faulty::new(trainer).step(|inner, batch, at| {
                let lr_factor = if batch.images.device() == flex() { at.lr_factor } else { 1.5 * at.lr_factor };
                inner.borrow_mut().step(batch, &Step { lr_factor, ..*at })
            }))
        }),
    }],
};

fn check(subject: &Subject<'_>) -> Outcome {
    match wgpu() {
        Ok(device) => trains_alike(subject, &device).into(),
        Err(reason) if std::env::var_os("GENBENCH_REQUIRE_WGPU").is_some() => Outcome::Broken(reason.to_owned()),
        Err(reason) => Outcome::DoesNotApply(reason),
    }
}

/// The preferred adapter; prints which it is at the first call.
fn wgpu() -> Result<Device, &'static str> {
    static FOUND: OnceLock<bool> = OnceLock::new();
    let found = *FOUND.get_or_init(|| {
        let any = !adapters().is_empty();
        match any.then(|| open("wgpu")) {
            Some(Ok((_, used))) => eprintln!("wgpu: {} ({} {})", used.adapter, used.api, used.driver),
            _ => eprintln!("wgpu: there is no graphics adapter"),
        }
        any
    });
    let device = found.then(|| open("wgpu").ok()).flatten();
    device.map(|(device, _)| device).ok_or("there is no graphics adapter")
}

fn trains_alike(subject: &Subject<'_>, device: &Device) -> Result<(), String> {
    let (mut here, mut there) = (subject.fresh(0, &flex()), subject.fresh(0, device));
    let expected = losses(subject, &mut *here, &flex());
    let found = losses(subject, &mut *there, device);
    agree(&expected, &found)
}

fn losses(subject: &Subject<'_>, trainer: &mut dyn Trainer, device: &Device) -> Vec<f64> {
    subject.advance(trainer, 0, 0..STEPS, device)
}

fn agree(expected: &[f64], found: &[f64]) -> Result<(), String> {
    if expected.len() != found.len() {
        return Err(format!("{} losses on wgpu and {} on flex", found.len(), expected.len()));
    }
    for (step, (expected, found)) in expected.iter().zip(found).enumerate() {
        let close = (expected - found).abs() <= TOLERANCE * expected.abs().max(1.0);
        if !close {
            return Err(format!("loss {step} is {found} on wgpu and {expected} on flex"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use engine::ModelEntry;

    use super::*;
    use crate::models::Logistic;
    use crate::subject::subjects;

    /// Without an adapter: the CPU against the CPU with other gradients.
    #[test]
    fn other_gradients_are_told_from_rounding() {
        let entry = ModelEntry::of::<Logistic>();
        let subject = subjects(&entry).swap_remove(0);
        let expected = losses(&subject, &mut *subject.fresh(0, &flex()), &flex());
        let rounded: Vec<f64> = expected.iter().map(|loss| loss * (1.0 + 1e-5)).collect();
        assert_eq!(agree(&expected, &rounded), Ok(()));
        let larger = subject.with_defect(|trainer| {
            let step = |inner: &crate::defect::Inner, batch: &_, at: &Step| {
                inner.borrow_mut().step(batch, &Step { lr_factor: 1.5 * at.lr_factor, ..*at })
            };
            Box::new(Faulty::new(trainer).step(step))
        });
        let found = losses(&larger, &mut *larger.fresh(0, &flex()), &flex());
        let error = agree(&expected, &found).expect_err("other gradients");
        assert!(error.contains("on wgpu and"), "{error}");
    }
}
