//! Agreement of wgpu and the CPU on losses, and thereby on gradients.

use std::sync::OnceLock;

use burn::prelude::Device;
use engine::device::{HAS_WGPU, adapters, open};
use engine::{Step, Trainer};

use crate::defect::{Defect, DefectIn, Faulty};
use crate::law::{Law, Outcome};
use crate::subject::{Subject, flex};

/// Largest difference of a loss, relative to the larger of its absolute value and 1.
const TOLERANCE: f64 = 2e-4;
const STEPS: u64 = 10;
/// Why the law is not checked.
const NOT_CHECKED: &str = if HAS_WGPU { "there is no graphics adapter" } else { "this build has no wgpu" };

pub(super) const BACKENDS: Law = Law {
    name: "wgpu_trains_like_flex",
    statement: "The losses of ten training steps agree between wgpu and the CPU: the first compares the forward \
                pass, each later one the gradients before it. Without a graphics adapter the law does not apply; if \
                the variable GENBENCH_REQUIRE_WGPU is set, it is broken.",
    tolerance: "2e-4 of the loss or of 1, whichever is larger: f32 sums in another order, over ten steps.",
    source: "The loss of a model does not depend on the device.",
    in_every_ordering: false,
    check,
    defects: &[Defect {
        name: "other gradients",
        statement: "on every device except the CPU the gradients are a half too large",
        message: "on wgpu and",
        target: DefectIn::Trainer(|trainer| {
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

/// Returns the preferred adapter.
fn wgpu() -> Result<Device, &'static str> {
    static FOUND: OnceLock<bool> = OnceLock::new();
    let found = *FOUND.get_or_init(|| !adapters().is_empty());
    let device = found.then(|| open("wgpu").ok()).flatten();
    device.map(|(device, _)| device).ok_or(NOT_CHECKED)
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

    /// Compares, without an adapter, the CPU with the CPU with other gradients.
    #[test]
    fn other_gradients_are_distinguished_from_rounding() {
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
