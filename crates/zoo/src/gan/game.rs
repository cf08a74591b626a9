//! The rules that D and G play by, whatever their networks are.

use data::DataShape;
use protocol::{Problem, Support, check};

use super::objective::Objective;

/// What every adversarial pair is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Game {
    /// What D and G minimise.
    pub(crate) objective: Objective,
    /// Steps of D for each step of G.
    pub(crate) critic_steps: usize,
    /// With wgan, where D's weights are clipped.
    pub(crate) clip: f64,
    /// Whether D's layers are spectrally normalised.
    pub(crate) spectral: bool,
    /// Learning rate of G's Adam.
    pub(crate) lr_generator: f64,
    /// Learning rate of D's Adam.
    pub(crate) lr_discriminator: f64,
}

impl Game {
    /// Refuses settings that contradict each other, and data that no generator draws.
    pub(crate) fn check(self, data: &DataShape) -> Result<(), Problem> {
        if data.support == Support::Real {
            return Err(Problem::new("", "the generator's pixels lie in [0, 1], the data's do not"));
        }
        check::at_most("critic_steps", self.critic_steps, 100)?;
        if !(self.clip > 0.0 && self.clip <= 1.0) {
            return Err(Problem::new("clip", format!("{} is no bound on weights", self.clip))
                .help("above 0, at most 1; 0.01 in the paper"));
        }
        if self.objective == Objective::Wgan && self.spectral {
            let problem = "weights are either clipped or normalised, not both";
            return Err(Problem::new("spectral", problem).help("leave `spectral` out, or take another objective"));
        }
        check::learning_rate("lr_generator", self.lr_generator)?;
        check::learning_rate("lr_discriminator", self.lr_discriminator)
    }
}
