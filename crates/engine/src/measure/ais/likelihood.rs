//! Likelihood under which a model is measured: its own, or that of an added observation model.

use std::rc::Rc;

use super::observation::{Observation, Observed};
use super::{Ais, Run, Schedule, Subject, Target, repeated};
use crate::progress::mean_se;
use crate::{Pushforward, StochasticDecoder};

/// Prefix of the figures under the model's own likelihood.
const OWN: &str = "ais";
/// Prefix of the figures under an observation model that the measure adds to a generator.
const ADDED: &str = "ais_observed";
/// Prefixes of the names of figures, one for each source of the likelihood.
pub(super) const PREFIXES: [&str; 2] = [OWN, ADDED];

/// Likelihoods of a model among which validation images select: its own alone, or one for each observation model.
pub(super) struct Likelihood<'a>(Vec<Candidate<'a>>);

struct Candidate<'a> {
    decoder: Box<dyn StochasticDecoder + 'a>,
    /// Description for remarks.
    about: String,
}

/// Likelihood with the schedule of its pilot run.
pub(super) struct Chosen<'a> {
    pub(super) decoder: &'a dyn StochasticDecoder,
    pub(super) schedule: Schedule,
    /// Description for remarks.
    pub(super) about: &'a str,
}

impl<'a> Likelihood<'a> {
    /// Likelihood for the figures with this prefix; else the reason why they have no value.
    pub(super) fn of(subject: &Subject<'a>, prefix: &str) -> Result<Self, &'static str> {
        if subject.model.density().is_some() {
            return Err("the model has an exact density: see nll");
        }
        let likelihood = match (subject.model.stochastic_decoder(), subject.model.pushforward()) {
            (Some(decoder), _) if prefix == OWN => Self::own(decoder),
            (Some(_), _) => return Err("the model has a likelihood of its own: see ais"),
            (None, Some(_)) if prefix == OWN => {
                return Err("the model has no likelihood of its own: see ais_observed");
            }
            (None, Some(generator)) => Self::added(generator.into(), subject)?,
            (None, None) => return Err("the model is not a smooth function of Gaussian noise"),
        };
        if subject.data.validation.is_empty() {
            return Err("the data have no validation images for the pilot run");
        }
        Ok(likelihood)
    }

    fn own(decoder: Box<dyn StochasticDecoder + 'a>) -> Self {
        Self(vec![Candidate { decoder, about: "the model's own likelihood".to_owned() }])
    }

    fn added(generator: Rc<dyn Pushforward + 'a>, subject: &Subject<'_>) -> Result<Self, &'static str> {
        let support = subject.data.shape.support;
        let candidate = |observation: Observation| {
            let about = format!("observation model: {}, selected on validation images", observation.describe());
            Candidate { decoder: Box::new(Observed { generator: generator.clone(), observation, support }), about }
        };
        let candidates: Vec<_> = Observation::candidates(support).into_iter().map(candidate).collect();
        if candidates.is_empty() {
            return Err("no observation model for grey levels: binarize the images, or load them as real numbers");
        }
        Ok(Self(candidates))
    }
}

impl Run<'_> {
    /// The likelihood under which validation images are most likely, with the schedule of its pilot run.
    pub(super) fn chosen(&self) -> Chosen<'_> {
        // A fifth of the images and two chains are enough to select among a few candidates.
        let images = self.subject.data.validation.take((self.ais.images / 5).max(2));
        let chains = repeated(&images, 2);
        let piloted = self.likelihood.0.iter().map(|Candidate { decoder, about }| {
            let target = Target { decoder: &**decoder, code: 0, images: &chains };
            let schedule = target.pilot(2, self.ais.pilot, &mut self.noise("pilot"));
            Chosen { decoder: &**decoder, schedule, about }
        });
        let mut piloted: Vec<Chosen<'_>> = piloted.collect();
        if piloted.len() == 1 {
            return piloted.remove(0);
        }
        let short = Self { ais: Ais { chains: 2, ..self.ais.clone() }, ..*self };
        let score = |chosen: &Chosen<'_>| {
            mean_se(&short.lower(&images, chosen.decoder, &chosen.schedule, &mut self.noise("validation"))).0
        };
        let scored = piloted.into_iter().map(|chosen| (score(&chosen), chosen));
        scored.max_by(|a, b| a.0.total_cmp(&b.0)).expect("there is a candidate").1
    }
}
