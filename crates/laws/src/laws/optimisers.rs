//! A model trains with the optimiser settings of the grid, or refuses them when planning.

use engine::Trainer;
use protocol::{Algorithm, Optim};

use super::fingerprint::fingerprint;
use crate::defect::{Defect, DefectIn};
use crate::law::{Law, Outcome};
use crate::models::{ClosedFormTakesOptim, IgnoresOptim, TakesOptim, entry};
use crate::subject::{Subject, flex};

/// Number of training steps.
const STEPS: u64 = 8;

pub(super) const OPTIMISERS: Law = Law {
    name: "optimisers_are_those_of_the_grid",
    statement: "A model that takes optimiser settings trains with them, and evaluates the moving average of its weights \
                without a change of training; a closed-form model refuses them.",
    tolerance: "None: losses are compared bit for bit.",
    source: "Contract of `ModelConfig::check_optim`: planning accepts what training applies.",
    in_every_ordering: false,
    check,
    defects: &[
        Defect {
            name: "no optimiser",
            statement: "planning accepts settings for a trainer without an optimiser",
            message: "refused when the model is built",
            target: DefectIn::Model(entry::<TakesOptim>),
        },
        Defect {
            name: "ignored optimiser",
            statement: "the trainer lists an optimiser and trains with another one",
            message: "another algorithm gives the same losses",
            target: DefectIn::Model(entry::<IgnoresOptim>),
        },
        Defect {
            name: "accepted in closed form",
            statement: "planning accepts settings for a closed-form model",
            message: "has no optimiser",
            target: DefectIn::Model(entry::<ClosedFormTakesOptim>),
        },
    ],
};

fn check(subject: &Subject<'_>) -> Outcome {
    let sgd = Optim { algorithm: Algorithm::Sgd, momentum: 0.9, ..Optim::default() };
    if subject.is_closed_form() {
        return match subject.takes(&sgd) {
            true => Outcome::Broken("settings are accepted for a closed-form model, which has no optimiser".to_owned()),
            false => Outcome::Holds,
        };
    }
    if !subject.takes(&sgd) {
        return Outcome::DoesNotApply("the model refuses optimiser settings");
    }
    applies(subject, &sgd).into()
}

fn applies(subject: &Subject<'_>, sgd: &Optim) -> Result<(), String> {
    let device = flex();
    let run = |optim: &Optim| -> Result<(Vec<u64>, Box<dyn Trainer>), String> {
        let refused = |problem| format!("accepted settings are refused when the model is built: {problem}");
        let mut trainer = subject.optimised(4, optim, &device).map_err(refused)?;
        let losses = subject.advance(&mut *trainer, 4, 0..STEPS, &device);
        Ok((losses.into_iter().map(f64::to_bits).collect(), trainer))
    };
    let (plain, trainer) = run(&Optim::default())?;
    if run(sgd)?.0 == plain {
        return Err("another algorithm gives the same losses".to_owned());
    }
    let ema = Optim { ema: 0.9, ..Optim::default() };
    if !subject.takes(&ema) {
        return Ok(());
    }
    let (losses, averaged) = run(&ema)?;
    if losses != plain {
        return Err("the average of the weights changes training".to_owned());
    }
    if fingerprint(subject, &*averaged) == fingerprint(subject, &*trainer) {
        return Err("the average of the weights is not evaluated".to_owned());
    }
    Ok(())
}
