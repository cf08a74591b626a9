//! A resumed trainer equals an uninterrupted one.

use std::fs;
use std::path::Path;

use engine::{RecordError, Trainer};
use protocol::{Algorithm, Optim};
use tempfile::TempDir;

use super::fingerprint::fingerprint;
use crate::defect::{Defect, DefectIn, Faulty};
use crate::law::{Law, Outcome};
use crate::subject::{Subject, flex};

pub(super) const RESUME: Law = Law {
    name: "resuming_equals_uninterrupted_training",
    statement: "A trainer that was saved and loaded continues with the losses and the model of an uninterrupted one, with \
                every optimiser that the model takes.",
    tolerance: "None: losses and models are compared bit for bit.",
    source: "Contract of `Trainer::save` and `Trainer::load`.",
    in_every_ordering: false,
    check,
    defects: &[
        Defect {
            name: "forgotten optimiser",
            statement: "the optimiser is reset: the moments of Adam are those of an untrained model",
            message: "after resuming",
            target: DefectIn::Trainer(forget_the_optimiser),
        },
        Defect {
            name: "nothing loaded",
            statement: "the saved state is not read",
            message: "right after loading",
            target: DefectIn::Trainer(|trainer| Box::new(Faulty::new(trainer).load(|_, _| Ok(())))),
        },
    ],
};

/// Optimiser settings with every algorithm, every kind of state, and the average of weights.
fn optimisers() -> [Optim; 5] {
    let of = |algorithm| Optim { algorithm, ..Optim::default() };
    [
        Optim::default(),
        Optim { ema: 0.9, weight_decay: 0.01, ..Optim::default() },
        Optim { weight_decay: 0.01, clip_norm: Some(1.0), ..of(Algorithm::Adamw) },
        Optim { momentum: 0.9, weight_decay: 0.01, ..of(Algorithm::Sgd) },
        Optim { momentum: 0.5, ema: 0.9, ..of(Algorithm::Rmsprop) },
    ]
}

fn check(subject: &Subject<'_>) -> Outcome {
    let taken = optimisers().into_iter().filter(|optim| subject.takes(optim));
    let each = taken.map(|optim| is_uninterrupted(subject, &optim).map_err(|how| format!("{how} ({optim:?})")));
    each.collect::<Result<(), String>>().into()
}

fn is_uninterrupted(subject: &Subject<'_>, optim: &Optim) -> Result<(), String> {
    let device = flex();
    let fresh = |seed| subject.optimised(seed, optim, &device).map_err(|problem| problem.to_string());
    let folder = tempfile::tempdir().map_err(|error| format!("no folder to save to: {error}"))?;
    let mut first = fresh(4)?;
    subject.advance(&mut *first, 4, 0..3, &device);
    first.save(folder.path()).map_err(|error| error.to_string())?;
    // With another seed, none of the initial weights may remain after loading.
    let mut second = fresh(5)?;
    second.load(folder.path()).map_err(|error| error.to_string())?;
    let same = |first: &dyn Trainer, second: &dyn Trainer| fingerprint(subject, first) == fingerprint(subject, second);
    if !same(&*first, &*second) {
        return Err("the model differs right after loading".to_owned());
    }
    let (a, b) = (subject.advance(&mut *first, 4, 3..8, &device), subject.advance(&mut *second, 4, 3..8, &device));
    let bits = |losses: &[f64]| losses.iter().map(|loss| loss.to_bits()).collect::<Vec<_>>();
    if bits(&a) != bits(&b) {
        return Err(format!("losses after resuming are {b:?}, not {a:?}"));
    }
    if same(&*first, &*second) { Ok(()) } else { Err("the model differs after resuming".to_owned()) }
}

/// Replaces every saved optimiser file with that of an untrained trainer.
fn forget_the_optimiser(mut trainer: Box<dyn Trainer>) -> Box<dyn Trainer> {
    let untrained = TempDir::new().map_err(|error| RecordError::new(Path::new("temporary folder"), error));
    let saved = untrained.and_then(|folder| trainer.save(folder.path()).map(|()| folder));
    Box::new(Faulty::new(trainer).save(move |inner, dir| {
        inner.borrow_mut().save(dir)?;
        let from = saved.as_ref().map_err(|error| RecordError::new(dir, error))?.path();
        let files = fs::read_dir(from).map_err(|error| RecordError::new(from, error))?;
        for file in files {
            let name = file.map_err(|error| RecordError::new(from, error))?.file_name();
            if name.to_string_lossy().starts_with("optimiser") {
                fs::copy(from.join(&name), dir.join(&name)).map_err(|error| RecordError::new(dir, error))?;
            }
        }
        Ok(())
    }))
}
