//! Tiny models on the host, on which the laws and their defects are tested.
//!
//! | model | support | capabilities |
//! |---|---|---|
//! | [`Counts`] | binary images | density, sampler; estimated in closed form |
//! | [`Logistic`] | binary images | density, sampler, autoregressive, in two orderings |
//! | [`Latent`] | binary images | bound, sampler, encoder, latent variable, pushforward |
//! | [`Prototypes`] | binary images | code, sampler |
//! | [`PairCritic`] | binary images | critic |

mod broken;
mod counts;
mod descent;
mod ignored_optimiser;
mod latent;
mod logistic;
mod pair_critic;
mod prototypes;

use data::DataShape;
use engine::{ModelConfig, ModelEntry};
use protocol::{Optim, Problem, Support};

pub(crate) use self::broken::{
    ClosedFormTakesOptim, NoAdvice, OtherDefaults, SeedBlind, TakesGrey, TakesOptim, UnknownKeys,
};
pub use self::counts::Counts;
pub(crate) use self::ignored_optimiser::IgnoresOptim;
pub use self::latent::Latent;
pub use self::logistic::{Logistic, Order};
pub use self::pair_critic::PairCritic;
pub use self::prototypes::Prototypes;

/// Returns the registry entry of a model.
pub(crate) fn entry<M: ModelConfig>() -> ModelEntry {
    ModelEntry::of::<M>()
}

/// Refuses data that are not bare binary images.
fn check_binary(data: &DataShape) -> Result<(), Problem> {
    if data.support == Support::Binary {
        return Ok(());
    }
    let problem = format!("the model needs binary images, the data have support {}", data.support);
    Err(Problem::new("", problem).help("set `data.binarize` to threshold, static or dynamic"))
}

/// Refuses a learning rate that is not between 0 and 1.
fn check_lr(lr: f64) -> Result<(), Problem> {
    if lr > 0.0 && lr <= 1.0 {
        return Ok(());
    }
    Err(Problem::new("lr", format!("{lr} is out of range")).help("above 0, at most 1"))
}

/// Refuses optimiser settings of a grid: the models compute their own Adam in f64.
fn own_adam(optim: &Optim) -> Result<(), Problem> {
    engine::without_optimiser(optim, "the trainer of the model has no optimiser that a grid can set")
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Computes log(1 + e^x) without overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// Computes log p of a binary pixel given its log-odds.
fn log_bernoulli(log_odds: f64, pixel: f32) -> f64 {
    -softplus(if pixel > 0.5 { -log_odds } else { log_odds })
}
