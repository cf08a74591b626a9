//! All randomness depends on the seed, and on nothing else.

use std::sync::atomic::{AtomicU64, Ordering};

use engine::Step;

use super::fingerprint::run;
use crate::defect::{Defect, DefectIn, Faulty};
use crate::law::{Law, Outcome};
use crate::models::{SeedBlind, entry};
use crate::subject::{Subject, flex};

pub(super) const SEEDS: Law = Law {
    name: "the_seed_determines_the_result",
    statement: "Two runs with one seed agree bit for bit; runs with two seeds differ, except for closed-form models.",
    tolerance: "None.",
    source: "Reproducibility: all randomness is keyed by seed, purpose and step.",
    in_every_ordering: false,
    check,
    defects: &[
        Defect {
            name: "own randomness",
            statement: "the noise of training comes from a counter of the process",
            message: "one seed",
            target: DefectIn::Trainer(|trainer| {
                static CALLS: AtomicU64 = AtomicU64::new(0);
                Box::new(Faulty::new(trainer).step(|inner, batch, at| {
                    let seed = CALLS.fetch_add(1, Ordering::Relaxed);
                    inner.borrow_mut().step(batch, &Step { seed, ..*at })
                }))
            }),
        },
        Defect {
            name: "ignored seed",
            statement: "every seed gives the same weights",
            message: "two seeds",
            target: DefectIn::Model(entry::<SeedBlind>),
        },
    ],
};

fn check(subject: &Subject<'_>) -> Outcome {
    let device = flex();
    let first = run(subject, 4, &device);
    if first != run(subject, 4, &device) {
        return Outcome::Broken("two runs with one seed differ".to_owned());
    }
    let differs = first != run(subject, 5, &device);
    match (differs, subject.is_closed_form()) {
        (true, false) | (false, true) => Outcome::Holds,
        (false, false) => Outcome::Broken("two seeds give the same numbers".to_owned()),
        (true, true) => Outcome::Broken("a closed-form model depends on the seed".to_owned()),
    }
}
