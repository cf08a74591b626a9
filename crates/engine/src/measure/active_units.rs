//! Active units: latent dimensions whose posterior mean depends on the image.

use protocol::{Direction, Kind, Measurement, Problem, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};
use crate::{Features, LatentVariable};

const FIGURES: [&str; 2] = ["active_units", "active_share"];

/// Number of active latent dimensions.
///
/// - `active_units`: number of latent dimensions whose posterior mean has a variance above `threshold` over the test
///   images (Burda, Grosse and Salakhutdinov, 2016, section 5.2). 0 means posterior collapse.
/// - `active_share`: their share of all latent dimensions, 0 to 1.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct ActiveUnits {
    /// Variance of the posterior mean over test images above which a latent dimension is active, above 0. 0.01 is
    /// usual.
    #[schemars(extend("exclusiveMinimum" = 0))]
    threshold: f64,
}

impl Default for ActiveUnits {
    fn default() -> Self {
        Self { threshold: 1e-2 }
    }
}

impl MeasureConfig for ActiveUnits {
    const NAME: &'static str = "active_units";
    const ABOUT: &'static str =
        "number of latent dimensions whose posterior mean depends on the image; 0 means posterior collapse";

    fn check(&self, _data: &data::DataShape) -> Result<(), Problem> {
        if self.threshold > 0.0 && self.threshold.is_finite() {
            return Ok(());
        }
        Err(Problem::new("threshold", format!("{} is not a variance", self.threshold)).help("above 0; 0.01 is usual"))
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let units = [Unit::Count, Unit::One];
        let absent = |reason: &str| {
            let absent = |(name, unit)| Measurement::absent(name, Kind::Exact, unit, Direction::Neither, reason);
            FIGURES.into_iter().zip(units).map(absent).collect()
        };
        let Some(model) = subject.model.latent_variable() else {
            return Ok(absent("the model has no posterior over latents"));
        };
        if subject.data.test.len() < 2 {
            return Ok(absent("a variance over test images needs two of them"));
        }
        let means = model.posteriors(&subject.data.test).means;
        if !means.are_sound() {
            return Ok(absent("a posterior mean is not finite"));
        }
        let active = active(&means, self.threshold) as f64;
        let values = [active, active / LatentVariable::latent(model) as f64];
        let figure = |((name, unit), value)| {
            Measurement::new(name, Kind::Exact, unit, Direction::Neither, value).with_n(subject.data.test.len())
        };
        Ok(FIGURES.into_iter().zip(units).zip(values).map(figure).collect())
    }
}

/// Number of columns whose variance is above `threshold`.
fn active(means: &Features, threshold: f64) -> usize {
    let n = means.rows().len() as f64;
    (0..means.width)
        .filter(|column| {
            let mean = means.rows().map(|row| row[*column]).sum::<f64>() / n;
            let variance = means.rows().map(|row| (row[*column] - mean).powi(2)).sum::<f64>() / (n - 1.0);
            variance > threshold
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_dimension_is_not_active() {
        // Variances 1, 0 and 0.0025.
        let values = vec![-1.0, 3.0, 0.05, 0.0, 3.0, 0.0, 1.0, 3.0, -0.05];
        let means = Features { values, width: 3 };
        assert_eq!(active(&means, 1e-2), 1);
        assert_eq!(active(&means, 1e-3), 2);
    }
}
