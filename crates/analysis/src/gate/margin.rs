//! Margins: the largest loss that does not matter.

use std::collections::BTreeMap;
use std::fmt;

use protocol::Unit;
use serde::Serialize;

use super::baseline::BaselineFigure;

/// Default margin of a log-likelihood, as a share of the baseline's mean.
const LOG_LIKELIHOOD: f64 = 0.005;
/// Lowest default margin of a log-likelihood in nats, for means near 0.
const LEAST_NATS: f64 = 0.01;
/// Default margin of every other figure, as a share of the baseline's mean.
const SCORE: f64 = 0.05;

/// The largest loss that does not matter, in the unit of the figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Margin {
    /// The margin, at least 0.
    pub value: f64,
    /// Origin of the margin.
    pub source: MarginSource,
}

/// Origin of a margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MarginSource {
    /// `compare.margin` of the grid.
    Grid,
    /// The default: 0.5% of a log-likelihood (at least 0.01 nats), 5% of another figure.
    Default,
}

impl fmt::Display for MarginSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Grid => "grid",
            Self::Default => "default",
        })
    }
}

impl Margin {
    /// The margin of a figure: that of the grid, else the default for its unit and its mean.
    pub(super) fn of(figure: &BaselineFigure, stated: &BTreeMap<String, f64>) -> Self {
        if let Some(value) = stated.get(&figure.figure.name) {
            return Self { value: *value, source: MarginSource::Grid };
        }
        let mean = figure.mean().unwrap_or_default().abs();
        let value = match figure.figure.unit {
            Unit::Nats if figure.figure.support.is_some() => (LOG_LIKELIHOOD * mean).max(LEAST_NATS),
            Unit::BitsPerDim => LOG_LIKELIHOOD * mean,
            _ => SCORE * mean,
        };
        Self { value, source: MarginSource::Default }
    }
}
