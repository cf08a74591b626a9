//! Declaration that a figure is a log-likelihood, a bound on it or an estimate of it.

use serde::{Deserialize, Serialize};

/// Role of a figure on the common scale of log-likelihood, in nats per image.
///
/// Only figures that declare a role are put on that scale. Its sign follows from the figure's direction, and its reading
/// from the figure's kind: an exact value, a bound or an estimate.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Likelihood {
    /// Mean log-likelihood of test images; its negative if lower is better.
    Value {
        /// Estimator, such as `iwae_50`. Two figures of one estimator with equal settings and versions have one budget.
        estimator: String,
    },
    /// Mean distance of a lower bound from an upper one, on images drawn from the model.
    Gap {
        /// Name of the figure with the lower bound on test images, of the same measure and settings.
        of: String,
    },
}

impl Likelihood {
    /// The log-likelihood by this estimator.
    #[must_use]
    pub fn value(estimator: impl Into<String>) -> Self {
        Self::Value { estimator: estimator.into() }
    }

    /// The gap of the bound that is named `of`.
    #[must_use]
    pub fn gap(of: impl Into<String>) -> Self {
        Self::Gap { of: of.into() }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Direction, Kind, Measurement, Unit};

    #[test]
    fn a_record_without_a_role_has_the_bytes_of_earlier_versions() {
        let plain = Measurement::new("ais", Kind::LowerBound, Unit::Nats, Direction::Higher, -90.0);
        assert!(!serde_json::to_string(&plain).unwrap().contains("likelihood"));
        let roles = [plain.clone().log_likelihood("ais"), plain.clone().log_likelihood_gap("ais")].map(|stated| {
            let text = serde_json::to_string(&stated).unwrap();
            assert_eq!(serde_json::from_str::<Measurement>(&text).unwrap(), stated);
            text.split_once(r#""likelihood":"#).unwrap().1.trim_end_matches('}').to_owned()
        });
        assert_eq!(roles, [r#"{"value":{"estimator":"ais""#, r#"{"gap":{"of":"ais""#]);
    }
}
