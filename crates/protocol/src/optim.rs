//! Optimiser of a trial: the block `train.optim` of a grid.

use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::Problem;
use crate::check::{real, refused};

/// Update rule of the weights, with the definitions of PyTorch 2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Algorithm {
    /// Adam (Kingma and Ba, 2015); weight decay is an L2 penalty in the gradient.
    #[default]
    Adam,
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019).
    Adamw,
    /// Stochastic gradient descent, with momentum if that is above 0.
    Sgd,
    /// Division by a moving root mean square of the gradient (Hinton, 2012), with momentum if that is above 0.
    Rmsprop,
}

impl Algorithm {
    /// Name in a grid.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Adam => "adam",
            Self::Adamw => "adamw",
            Self::Sgd => "sgd",
            Self::Rmsprop => "rmsprop",
        }
    }
}

/// Optimiser settings that all models share. The defaults are Adam with the constants of its paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Optim {
    /// Update rule: adam, adamw, sgd or rmsprop.
    pub algorithm: Algorithm,
    /// Decay of the first moment of adam and adamw, 0 to below 1. If not set, that of the model: 0.9, or 0.5 for an
    /// adversarial loss.
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    pub beta_1: Option<f64>,
    /// Decay of the second moment of adam and adamw, 0 to below 1.
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    pub beta_2: f64,
    /// Momentum of sgd and rmsprop, 0 to below 1.
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    pub momentum: f64,
    /// Decay of the mean square of rmsprop, 0 to below 1.
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    pub smoothing: f64,
    /// Term added to the root of the second moment, above 0, at most 1. Not used by sgd.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1))]
    pub epsilon: f64,
    /// Weight decay, 0 to 1: decoupled from the gradient with adamw, an L2 penalty in the gradient otherwise.
    #[schemars(range(min = 0, max = 1))]
    pub weight_decay: f64,
    /// Largest norm of the gradients of one loss, above 0. Longer gradients are scaled down to it. No limit if not set.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub clip_norm: Option<f64>,
    /// Decay of an exponential moving average of the weights, 0 to below 1. The average is evaluated and measured.
    /// 0 = no average.
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    pub ema: f64,
}

impl Default for Optim {
    fn default() -> Self {
        Self {
            algorithm: Algorithm::Adam,
            beta_1: None,
            beta_2: 0.999,
            momentum: 0.0,
            smoothing: 0.99,
            epsilon: 1e-8,
            weight_decay: 0.0,
            clip_norm: None,
            ema: 0.0,
        }
    }
}

impl Optim {
    /// Returns whether every setting has its default.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The settings that differ from their defaults, by name.
    #[must_use]
    pub fn non_defaults(&self) -> Map<String, Value> {
        let (mut settings, defaults) = (object(self), object(&Self::default()));
        settings.retain(|key, value| defaults.get(key) != Some(value));
        settings
    }

    /// Checks the ranges, and that the algorithm has each setting that differs from its default.
    ///
    /// # Errors
    /// All mistakes, with paths relative to the block.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        const DECAY: &str = "0 to below 1";
        let decay = |path: &str, value: f64| real(path, value, 0.0..1.0, DECAY);
        let epsilon = (self.epsilon > 0.0 && self.epsilon <= 1.0).then_some(());
        let clip_norm = self.clip_norm.is_none_or(|norm| norm > 0.0 && norm.is_finite()).then_some(());
        let out = |path: &str, value: f64, allowed: &str| refused(path, format!("{value} is out of range"), allowed);
        let ranges = [
            self.beta_1.map_or(Ok(()), |beta| decay("beta_1", beta)),
            decay("beta_2", self.beta_2),
            decay("momentum", self.momentum),
            decay("smoothing", self.smoothing),
            epsilon.ok_or_else(|| out("epsilon", self.epsilon, "above 0, at most 1")),
            real("weight_decay", self.weight_decay, 0.0..=1.0, "0 to 1"),
            clip_norm.ok_or_else(|| out("clip_norm", self.clip_norm.unwrap_or_default(), "above 0")),
            decay("ema", self.ema),
        ];
        let set = self.non_defaults();
        let unused = USERS.iter().filter(|(key, users)| set.contains_key(*key) && !users.contains(&self.algorithm));
        let problems: Vec<Problem> = ranges
            .into_iter()
            .filter_map(Result::err)
            .chain(unused.map(|(key, users)| {
                let users: Vec<_> = users.iter().map(|algorithm| algorithm.name()).collect();
                let message = format!("the algorithm {} does not use this setting", self.algorithm.name());
                Problem::new(*key, message).help(format!("remove it, or set `algorithm` to {}", users.join(" or ")))
            }))
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// Settings that only some algorithms use, with those algorithms.
const USERS: [(&str, &[Algorithm]); 5] = [
    ("beta_1", &[Algorithm::Adam, Algorithm::Adamw]),
    ("beta_2", &[Algorithm::Adam, Algorithm::Adamw]),
    ("epsilon", &[Algorithm::Adam, Algorithm::Adamw, Algorithm::Rmsprop]),
    ("momentum", &[Algorithm::Sgd, Algorithm::Rmsprop]),
    ("smoothing", &[Algorithm::Rmsprop]),
];

fn object(optim: &Optim) -> Map<String, Value> {
    match json!(optim) {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Form in a record: the settings that differ from their defaults, so that a new setting changes no identity.
pub(crate) mod record {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(optim: &Optim, to: S) -> Result<S::Ok, S::Error> {
        optim.non_defaults().serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Optim, D::Error> {
        let settings = Value::deserialize(from)?;
        crate::params::parse(&settings).map_err(|problems| D::Error::custom(&problems[0]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(optim: &Optim) -> Vec<String> {
        optim.check().err().unwrap_or_default().into_iter().map(|problem| problem.path).collect()
    }

    #[test]
    fn values_outside_of_their_ranges_are_refused_by_name() {
        let wrong = Optim {
            beta_1: Some(1.0),
            beta_2: -0.1,
            epsilon: 0.0,
            weight_decay: 1.1,
            clip_norm: Some(0.0),
            ema: 1.0,
            ..Optim::default()
        };
        assert_eq!(paths(&wrong), ["beta_1", "beta_2", "epsilon", "weight_decay", "clip_norm", "ema"]);
        let edges = Optim {
            beta_1: Some(0.0),
            beta_2: 0.0,
            epsilon: 1.0,
            weight_decay: 1.0,
            clip_norm: Some(1e-9),
            ..Optim::default()
        };
        assert_eq!(paths(&edges), [""; 0]);
        assert_eq!(paths(&Optim { clip_norm: Some(f64::INFINITY), ..Optim::default() }), ["clip_norm"]);
    }

    #[test]
    fn a_setting_of_another_algorithm_is_refused_with_the_algorithms_that_have_it() {
        let of = |algorithm| Optim { algorithm, momentum: 0.9, ..Optim::default() };
        assert_eq!((paths(&of(Algorithm::Sgd)), paths(&of(Algorithm::Rmsprop))), (vec![], vec![]));
        let problem = of(Algorithm::Adam).check().expect_err("no momentum").swap_remove(0);
        assert_eq!(problem.message, "the algorithm adam does not use this setting");
        assert_eq!(problem.help.as_deref(), Some("remove it, or set `algorithm` to sgd or rmsprop"));
        let sgd = Optim {
            algorithm: Algorithm::Sgd,
            beta_1: Some(0.5),
            beta_2: 0.9,
            epsilon: 1e-5,
            smoothing: 0.9,
            ..Optim::default()
        };
        assert_eq!(paths(&sgd), ["beta_1", "beta_2", "epsilon", "smoothing"]);
    }

    #[test]
    fn names_are_those_of_a_grid() {
        for algorithm in [Algorithm::Adam, Algorithm::Adamw, Algorithm::Sgd, Algorithm::Rmsprop] {
            assert_eq!(json!(algorithm), algorithm.name());
        }
    }

    #[test]
    fn only_settings_that_differ_from_their_defaults_are_recorded() {
        assert!(Optim::default().is_default() && Optim::default().non_defaults().is_empty());
        let optim = Optim { algorithm: Algorithm::Adamw, weight_decay: 0.01, ..Optim::default() };
        assert_eq!(json!(optim.non_defaults()), json!({"algorithm": "adamw", "weight_decay": 0.01}));
    }
}
