//! Defaults, unknown keys, and refused data.

use data::DataShape;
use engine::GenerativeModel;
use protocol::Support;
use serde_json::json;

use crate::defect::{Defect, DefectIn};
use crate::law::{Law, Outcome};
use crate::models::{NoAdvice, OtherDefaults, TakesGrey, UnknownKeys, entry};
use crate::subject::{Subject, flex};

/// Number of grey levels of the data that a model of binary images should refuse.
const LEVELS: u16 = 17;

pub(super) const SETTINGS: Law = Law {
    name: "settings_resolve_to_themselves",
    statement: "Empty settings resolve to the defaults, resolved settings resolve to themselves, and an unknown key is \
                refused by name.",
    tolerance: "None.",
    source: "Contract of `ModelConfig`: a trial's identity is its resolved settings.",
    in_every_ordering: false,
    check: resolves,
    defects: &[
        Defect {
            name: "other defaults",
            statement: "a missing key has a different value than in the default settings",
            message: "defaults",
            target: DefectIn::Model(entry::<OtherDefaults>),
        },
        Defect {
            name: "unknown keys",
            statement: "every key is accepted",
            message: "no_such_setting",
            target: DefectIn::Model(entry::<UnknownKeys>),
        },
    ],
};

pub(super) const GREY_DATA: Law = Law {
    name: "binary_densities_refuse_grey_data_with_advice",
    statement: "A model with a density or a bound over binary images either refuses grey images and names \
                `data.binarize`, or has a density or a bound over grey levels when it is built on them.",
    tolerance: "None.",
    source: "A probability of binary images is not comparable with one of grey levels.",
    in_every_ordering: false,
    check: refuses_grey,
    defects: &[
        Defect {
            name: "no advice",
            statement: "grey images are refused without advice",
            message: "without naming",
            target: DefectIn::Model(entry::<NoAdvice>),
        },
        Defect {
            name: "grey treated as binary",
            statement: "a model of binary images accepts grey images",
            message: "is over binary images",
            target: DefectIn::Model(entry::<TakesGrey>),
        },
    ],
};

fn resolves(subject: &Subject<'_>) -> Outcome {
    let entry = subject.entry;
    let defaults = (entry.defaults)();
    if (entry.resolve)(&json!({})).as_ref() != Ok(&defaults) {
        return Outcome::Broken(format!("empty settings do not resolve to the defaults, {defaults}"));
    }
    if (entry.resolve)(&subject.settings).as_ref() != Ok(&subject.settings) {
        return Outcome::Broken("the settings do not resolve to themselves".to_owned());
    }
    match (entry.resolve)(&json!({"no_such_setting": 1})) {
        Err(problems) if problems.iter().any(|problem| problem.path == "no_such_setting") => Outcome::Holds,
        Err(problems) => Outcome::Broken(format!("`no_such_setting` is refused as {problems:?}")),
        Ok(_) => Outcome::Broken("`no_such_setting` is accepted".to_owned()),
    }
}

/// Support of the density or of the bound of a model.
fn support(model: &dyn GenerativeModel) -> Option<Support> {
    let density = model.density().map(|density| density.support());
    density.or_else(|| model.bound().map(|bound| bound.support()))
}

fn refuses_grey(subject: &Subject<'_>) -> Outcome {
    if subject.data.shape.support != Support::Binary || support(subject.untrained()) != Some(Support::Binary) {
        return Outcome::DoesNotApply("the model has no density and no bound over binary images");
    }
    let grey = DataShape { support: Support::Levels(LEVELS), ..subject.data.shape };
    match (subject.entry.check)(&subject.settings, &grey) {
        Err(problem) if problem.help.as_ref().is_some_and(|help| help.contains("data.binarize")) => Outcome::Holds,
        Err(problem) => Outcome::Broken(format!("grey images are refused without naming `data.binarize`: {problem}")),
        Ok(()) => match (subject.entry.build)(&subject.settings, &grey, 0, &flex()) {
            Ok(trainer) => match support(&*trainer.snapshot()) {
                Some(Support::Levels(LEVELS)) => Outcome::Holds,
                Some(other) => Outcome::Broken(format!("a density on {LEVELS} grey levels is over {other} images")),
                None => Outcome::Broken("the model has no density on grey images".to_owned()),
            },
            Err(problem) => Outcome::Broken(format!("grey images pass the check and are refused later: {problem}")),
        },
    }
}
