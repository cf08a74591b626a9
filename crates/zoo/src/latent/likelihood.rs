//! Settings of the distribution of pixels given a latent.

use data::DataShape;
use protocol::{Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::bernoulli;

/// Family of the distribution of pixels given a latent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Likelihood {
    /// Binary pixels.
    #[default]
    Bernoulli,
    /// Grey levels, with one probability per level.
    Categorical,
    /// Real values.
    Gaussian,
}

/// Standard deviation of a Gaussian decoder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Variance {
    /// Fixed at `sigma`, the same for all pixels.
    Fixed,
    /// Learned, the same for all pixels and images.
    #[default]
    Shared,
    /// Learned as a function of the latent, one for each pixel.
    PerPixel,
}

/// Settings that select a likelihood.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LikelihoodSettings {
    pub(crate) decoder: Likelihood,
    pub(crate) variance: Variance,
    pub(crate) sigma: f64,
}

impl LikelihoodSettings {
    /// Refuses a family whose support is not that of the data.
    pub(crate) fn check(self, data: &DataShape) -> Result<(), Problem> {
        if !(self.sigma > 1e-3 && self.sigma < 1e3) {
            return Err(
                Problem::new("sigma", format!("{} is out of range", self.sigma)).help("above 0.001, below 1000")
            );
        }
        let fits = match (self.decoder, data.support) {
            (Likelihood::Bernoulli, support) => return self.check_binary(support, data),
            (Likelihood::Categorical, support) => matches!(support, Support::Levels(_)),
            (Likelihood::Gaussian, support) => support == Support::Real,
        };
        if fits {
            return Ok(());
        }
        let (over, help) = match self.decoder {
            Likelihood::Gaussian => ("real values", "use `bernoulli` for binary pixels, `categorical` for grey levels"),
            _ => ("grey levels", "use `bernoulli` for binary pixels, `gaussian` for real values"),
        };
        let what = format!("the decoder needs {over}, the data have support {}", data.support);
        Err(Problem::new("decoder", what).help(help))
    }

    fn check_binary(self, support: Support, data: &DataShape) -> Result<(), Problem> {
        let family = match support {
            Support::Levels(_) => "categorical",
            _ => "gaussian",
        };
        bernoulli::check_binary(data).map_err(|problem| {
            let help = problem.help.clone().unwrap_or_default();
            problem.help(format!("set `decoder: {family}`, or {help}"))
        })
    }
}
