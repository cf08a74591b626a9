//! Training improves a model and does not change its capabilities.

use burn::prelude::Tensor;
use engine::progress::{Progress, progress};
use engine::{GenerativeModel, Scalars, Trainer};

use crate::defect::{Defect, DefectIn, Faulty};
use crate::law::{Law, Outcome};
use crate::subject::{Subject, flex};

/// Smallest gain of a likelihood or a bound, in nats.
const NATS: f64 = 0.5;
/// Smallest gain of any other progress quantity.
const OTHER: f64 = 0.05;

pub(super) const CAPABILITIES: Law = Law {
    name: "capabilities_do_not_change_in_training",
    statement: "A model has the same capabilities before and after training.",
    tolerance: "None.",
    source: "Contract of `GenerativeModel`: planning and progress rely on it.",
    in_every_ordering: false,
    check: keeps_its_capabilities,
    defects: &[Defect {
        name: "late capabilities",
        statement: "the model has no capability until the first step",
        message: "untrained",
        target: DefectIn::Trainer(|trainer| {
            let ready = std::rc::Rc::new(std::cell::Cell::new(false));
            let stepped = ready.clone();
            let faulty = Faulty::new(trainer).step(move |inner, batch, at| {
                stepped.set(true);
                inner.borrow_mut().step(batch, at)
            });
            Box::new(
                faulty.snapshot(move |inner| if ready.get() { inner.borrow().snapshot() } else { Box::new(Incapable) }),
            )
        }),
    }],
};

pub(super) const TRAINING: Law = Law {
    name: "training_helps",
    statement: "The progress quantity on the validation split is lower after training than before.",
    tolerance: "By 0.5 nats of a likelihood or a bound, by 0.05 of other quantities: an energy distance, an error, or \
                the loss of a discriminator, which starts near log 4 and cannot fall far.",
    source: "Purpose of training; the common violation is a gradient of the wrong sign or of no effect.",
    in_every_ordering: false,
    check: helps,
    defects: &[Defect {
        name: "no step",
        statement: "training steps do nothing",
        message: "training gains",
        target: DefectIn::Trainer(idle),
    }],
};

/// Returns a trainer that never takes a step.
pub(super) fn idle(trainer: Box<dyn Trainer>) -> Box<dyn Trainer> {
    Box::new(
        Faulty::new(trainer)
            .step(|_, batch, _| Scalars(vec![("loss", Tensor::from_floats([0.0], &batch.images.device()))])),
    )
}

/// Model without capabilities.
struct Incapable;

impl GenerativeModel for Incapable {
    fn parameters(&self) -> u64 {
        0
    }
}

/// Returns the names of all capabilities of a model.
fn capabilities(model: &dyn GenerativeModel) -> Vec<&'static str> {
    let all = [
        ("sampler", model.sampler().is_some()),
        ("density", model.density().is_some()),
        ("autoregressive", model.autoregressive().is_some()),
        ("bound", model.bound().is_some()),
        ("encoder", model.encoder().is_some()),
        ("conditional", model.conditional().is_some()),
        ("restorer", model.restorer().is_some()),
        ("translator", model.translator().is_some()),
        ("latent_prior", model.latent_prior().is_some()),
        ("critic", model.critic().is_some()),
        ("coded", model.coded().is_some()),
        ("latent_variable", model.latent_variable().is_some()),
        ("pushforward", model.pushforward().is_some()),
    ];
    all.into_iter().filter_map(|(name, has)| has.then_some(name)).collect()
}

fn keeps_its_capabilities(subject: &Subject<'_>) -> Outcome {
    let (before, after) = (capabilities(subject.untrained()), capabilities(subject.trained()));
    if before == after {
        return Outcome::Holds;
    }
    Outcome::Broken(format!("the untrained model has {before:?}, the trained one {after:?}"))
}

fn helps(subject: &Subject<'_>) -> Outcome {
    let device = flex();
    let mut trainer = subject.fresh(0, &device);
    let quantity = |trainer: &dyn Trainer| progress(&*trainer.snapshot(), &subject.data.validation, 3);
    let before = quantity(&*trainer);
    subject.advance(&mut *trainer, 0, 0..subject.steps(), &device);
    trainer.finish(&subject.data.validation);
    match (before, quantity(&*trainer)) {
        (Some(before), Some(after)) => gains(&before, &after).into(),
        _ => Outcome::Broken("the model has no progress quantity".to_owned()),
    }
}

fn gains(before: &Progress, after: &Progress) -> Result<(), String> {
    let is_likelihood = after.unit == "nats" && after.quantity != "discriminator_loss";
    let (gain, least) = (before.value - after.value, if is_likelihood { NATS } else { OTHER });
    if gain > least {
        Ok(())
    } else {
        Err(format!("training gains {gain}, less than {least}: {before:?} to {after:?}"))
    }
}
