//! Settings of adversarial training that all pairs of networks share.

use data::DataShape;
use protocol::{Problem, Support, check};

use super::objective::Objective;

/// Refusal of real-valued data by a model whose generator ends in `[0, 1]`.
pub(crate) fn real_valued() -> Problem {
    Problem::new("", "the pixels of the generator lie in [0, 1], those of the data do not")
        .help("use binary data or grey levels, or a model of real values, such as `vae` or `rnade`")
}

/// Settings of the adversarial game.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Game {
    /// Loss of D and G.
    pub(crate) objective: Objective,
    /// Number of discriminator steps per generator step, each on its own batch.
    pub(crate) critic_steps: usize,
    /// Bound on the absolute weights of D with wgan.
    pub(crate) clip: f64,
    /// `true` if the layers of D are spectrally normalised.
    pub(crate) spectral: bool,
    /// Learning rate for the generator, above 0, at most 10.
    pub(crate) lr_generator: f64,
    /// Learning rate for the discriminator, above 0, at most 10.
    pub(crate) lr_discriminator: f64,
}

impl Game {
    /// Refuses settings that contradict each other, and data whose support no generator has.
    pub(crate) fn check(self, data: &DataShape) -> Result<(), Problem> {
        if data.support == Support::Real {
            return Err(real_valued());
        }
        check::at_most("critic_steps", self.critic_steps, 100)?;
        if !(self.clip > 0.0 && self.clip <= 1.0) {
            return Err(Problem::new("clip", format!("{} is out of range", self.clip))
                .help("above 0, at most 1; the paper uses 0.01"));
        }
        if self.objective == Objective::Wgan && self.spectral {
            let problem = "wgan clips the weights, which cannot be combined with spectral normalisation";
            return Err(Problem::new("spectral", problem).help("set `spectral: false`, or use another objective"));
        }
        check::learning_rate("lr_generator", self.lr_generator)?;
        check::learning_rate("lr_discriminator", self.lr_discriminator)
    }
}
