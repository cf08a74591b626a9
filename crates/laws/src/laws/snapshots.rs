//! Evaluation changes nothing, and a snapshot does not learn.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use data::Split;
use engine::progress::progress;
use engine::{ExplicitDensity, GenerativeModel, Step};
use protocol::Support;

use super::fingerprint::{fingerprint, run};
use super::training::idle;
use crate::defect::{Defect, DefectIn, Faulty, Inner};
use crate::law::{Law, Outcome};
use crate::subject::{Subject, flex};

pub(super) const EVALUATION: Law = Law {
    name: "evaluation_has_no_side_effects",
    statement: "Evaluating twice between training steps gives the same figures and the same model at the end as not \
                evaluating.",
    tolerance: "None: figures and samples are compared bit for bit.",
    source: "A measurement must not change the measured model.",
    in_every_ordering: false,
    check: changes_nothing,
    defects: &[
        Defect {
            name: "shared randomness",
            statement: "each snapshot shifts the noise of the steps after it",
            message: "training that follows",
            target: DefectIn::Trainer(|trainer| {
                let snapshots = Rc::new(Cell::new(0));
                let taken = snapshots.clone();
                let faulty = Faulty::new(trainer).step(move |inner, batch, at| {
                    inner.borrow_mut().step(batch, &Step { seed: at.seed + taken.get(), ..*at })
                });
                Box::new(faulty.snapshot(move |inner| {
                    snapshots.set(snapshots.get() + 1);
                    inner.borrow().snapshot()
                }))
            }),
        },
        Defect {
            name: "learning snapshot",
            statement: "each snapshot takes a training step first",
            message: "two evaluations",
            target: DefectIn::Trainer(|trainer| {
                let last: Rc<RefCell<Option<(Split, Step)>>> = Rc::default();
                let kept = last.clone();
                let faulty = Faulty::new(trainer).step(move |inner, batch, at| {
                    *kept.borrow_mut() = Some((batch.host.clone(), *at));
                    inner.borrow_mut().step(batch, at)
                });
                Box::new(faulty.snapshot(move |inner| {
                    if let Some((images, at)) = &*last.borrow() {
                        inner.borrow_mut().step(&engine::Batch::new(images.clone(), &flex()), at);
                    }
                    inner.borrow().snapshot()
                }))
            }),
        },
    ],
};

pub(super) const SNAPSHOTS: Law = Law {
    name: "snapshots_do_not_change",
    statement: "Training steps change the trainer's model and leave earlier snapshots as they are.",
    tolerance: "None: the progress quantity is compared bit for bit.",
    source: "Contract of `Trainer::snapshot`; the best step is kept as a snapshot.",
    in_every_ordering: false,
    check: stays,
    defects: &[
        Defect {
            name: "live snapshot",
            statement: "the snapshot is a view of the model in training",
            message: "the snapshot changed",
            target: DefectIn::Trainer(|trainer| {
                Box::new(Faulty::new(trainer).snapshot(|inner| Box::new(Live(inner.clone()))))
            }),
        },
        Defect {
            name: "no step",
            statement: "training steps do nothing",
            message: "changed nothing",
            target: DefectIn::Trainer(idle),
        },
    ],
};

fn changes_nothing(subject: &Subject<'_>) -> Outcome {
    let device = flex();
    let mut trainer = subject.fresh(4, &device);
    for step in 0..8 {
        let before = fingerprint(subject, &*trainer);
        if before != fingerprint(subject, &*trainer) {
            return Outcome::Broken(format!("two evaluations after {step} steps differ"));
        }
        subject.advance(&mut *trainer, 4, step..step + 1, &device);
    }
    if fingerprint(subject, &*trainer) == run(subject, 4, &device) {
        return Outcome::Holds;
    }
    Outcome::Broken("evaluation changes the training that follows".to_owned())
}

fn stays(subject: &Subject<'_>) -> Outcome {
    let device = flex();
    let mut trainer = subject.fresh(4, &device);
    subject.advance(&mut *trainer, 4, 0..4, &device);
    let snapshot = trainer.snapshot();
    let value =
        |model: &dyn GenerativeModel| progress(model, &subject.data.validation, 3).map(|progress| progress.value);
    let before = value(&*snapshot);
    subject.advance(&mut *trainer, 4, 4..8, &device);
    if before != value(&*snapshot) {
        return Outcome::Broken("the snapshot changed with the steps after it".to_owned());
    }
    if before == value(&*trainer.snapshot()) {
        return Outcome::Broken("four steps changed nothing".to_owned());
    }
    Outcome::Holds
}

/// Model that reads the density of the current state of the trainer.
struct Live(Inner);

impl GenerativeModel for Live {
    fn parameters(&self) -> u64 {
        0
    }

    fn density(&self) -> Option<&dyn ExplicitDensity> {
        self.0.borrow().snapshot().density().is_some().then_some(self)
    }
}

impl ExplicitDensity for Live {
    fn support(&self) -> Support {
        self.0.borrow().snapshot().density().expect("it has one").support()
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        self.0.borrow().snapshot().density().expect("it has one").log_density(images)
    }
}
