//! Losses of discriminator D and generator G, as functions of the scores of D.

use burn::prelude::*;
use burn::tensor::activation::{relu, softplus};
use protocol::Problem;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use crate::faults::loss_of_samples;

/// Losses of discriminator D and generator G.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Objective {
    /// D: -log D(x) - log(1 - D(G(z))). G: log(1 - D(G(z))), whose gradient vanishes while D is right
    /// (Goodfellow et al., 2014, eq. 1).
    Minimax,
    /// D: as minimax. G: -log D(G(z)) (the remark after eq. 1).
    #[default]
    NonSaturating,
    /// Half of the squared distance of scores from 1 for data and 0 for samples (Mao et al., 2017, Least Squares
    /// Generative Adversarial Networks, eq. 9).
    LeastSquares,
    /// D: max(0, 1 - D(x)) + max(0, 1 + D(G(z))). G: -D(G(z)) (Lim and Ye, 2017, Geometric GAN).
    Hinge,
    /// D: D(G(z)) - D(x), with clipped weights. G: -D(G(z)) (Arjovsky, Chintala and Bottou, 2017, Wasserstein GAN,
    /// algorithm 1).
    Wgan,
}

/// Schema of the objectives that [`Objective::without_clipping`] accepts.
pub(crate) fn without_wgan(generator: &mut SchemaGenerator) -> Schema {
    let mut schema = Objective::json_schema(generator);
    if let Some(choices) = schema.get_mut("oneOf").and_then(|choices| choices.as_array_mut()) {
        choices.retain(|choice| choice["const"] != "wgan");
    }
    schema
}

impl Objective {
    /// Refuses wgan for networks whose weights are always normalised.
    pub(crate) fn without_clipping(self) -> Result<(), Problem> {
        if self == Self::Wgan {
            let problem = "wgan clips the weights, but this model normalises them spectrally";
            return Err(Problem::new("objective", problem).help("use minimax, non_saturating, least_squares or hinge"));
        }
        Ok(())
    }

    /// Loss of D from its scores of data and of samples, `[batch, 1]` each.
    pub(crate) fn discriminator(self, real: Tensor<2>, fake: Tensor<2>) -> Tensor<1> {
        match self {
            // Scores are log-odds: -log D = softplus(-score).
            Self::Minimax | Self::NonSaturating => {
                softplus(real.neg(), 1.0).mean() + loss_of_samples(softplus(fake, 1.0).mean())
            }
            Self::LeastSquares => ((real - 1.0).powi_scalar(2).mean() + fake.powi_scalar(2).mean()) * 0.5,
            Self::Hinge => relu(real.neg() + 1.0).mean() + relu(fake + 1.0).mean(),
            Self::Wgan => fake.mean() - real.mean(),
        }
    }

    /// Loss of G from the scores of samples, `[batch, 1]`.
    pub(crate) fn generator(self, fake: Tensor<2>) -> Tensor<1> {
        match self {
            Self::Minimax => softplus(fake, 1.0).mean().neg(),
            Self::NonSaturating => softplus(fake.neg(), 1.0).mean(),
            Self::LeastSquares => (fake - 1.0).powi_scalar(2).mean() * 0.5,
            Self::Hinge | Self::Wgan => fake.mean().neg(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(values: [f32; 2]) -> Tensor<2> {
        Tensor::from_data(TensorData::new(values.to_vec(), [2, 1]), &Device::flex())
    }

    fn value(loss: Tensor<1>) -> f64 {
        f64::from(loss.into_scalar::<f32>())
    }

    /// Values computed by hand for scores 0.5 and 2 of data, -1 and 3 of samples.
    #[test]
    fn objectives_are_those_of_the_papers() {
        let log1p = |x: f64| x.exp().ln_1p();
        let saturating = -(log1p(-1.0) + log1p(3.0)) / 2.0;
        let entropy = (log1p(-0.5) + log1p(-2.0)) / 2.0 - saturating;
        let expected = [
            (Objective::Minimax, entropy, saturating),
            (Objective::NonSaturating, entropy, (log1p(1.0) + log1p(-3.0)) / 2.0),
            (Objective::LeastSquares, (0.625 + 5.0) / 2.0, (4.0 + 4.0) / 4.0),
            (Objective::Hinge, 0.25 + 2.0, -1.0),
            (Objective::Wgan, 1.0 - 1.25, -1.0),
        ];
        for (objective, of_d, of_g) in expected {
            let (real, fake) = (scores([0.5, 2.0]), scores([-1.0, 3.0]));
            assert!((value(objective.discriminator(real, fake.clone())) - of_d).abs() < 1e-6, "{objective:?}");
            assert!((value(objective.generator(fake)) - of_g).abs() < 1e-6, "{objective:?}");
        }
    }

    /// For a G equal to the data, the best D is one half everywhere: the loss is log 4 - 2 JSD with JSD = 0.
    #[test]
    fn an_undecided_discriminator_has_a_loss_of_log_four() {
        let zero = || scores([0.0, 0.0]);
        assert!((value(Objective::Minimax.discriminator(zero(), zero())) - 4f64.ln()).abs() < 1e-6);
    }
}
