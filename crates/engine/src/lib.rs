//! Training and measurement of generative image models.
//!
//! | to do this | implement or use |
//! |---|---|
//! | define a model with settings | [`ModelConfig`], [`GenerativeModel`] |
//! | train it by one loss | [`Objective`] and [`Minimise`] |
//! | train it with gradients computed on the CPU | [`HostGradients`] and [`HostTrainer`] |
//! | train it in another way | [`Trainer`] |
//! | define a measure | [`measure::MeasureConfig`] |
//! | run a training loop with checkpoints | [`Session`] |
//! | audit sample scores | [`audit`] |
//!
//! This crate knows no model by name. A measure asks a model for a [capability]; a model without that capability gets
//! a figure without a value and the reason.

pub mod audit;
pub mod capability;
mod checkpoint;
mod conditionals;
pub mod device;
pub mod features;
mod host_trainer;
mod loss_gradient;
pub mod measure;
mod minimise;
mod part;
pub mod progress;
mod registry;
mod session;
pub mod sheet;
mod timing;
pub mod trace;
mod trainer;
mod windows;

pub use capability::{
    Autoregressive, CodePosteriors, CodeShape, Coded, Codes, ConditionalSampler, Critic, DensityBound, Elbo, Encoder,
    ExplicitDensity, Features, GenerativeModel, LatentPrior, LatentVariable, Posteriors, ProductOfConditionals,
    Pushforward, Restored, Restorer, Sampler, Translator,
};
pub use checkpoint::{Checkpoint, load_kept};
pub use conditionals::{Conditionals, Family, log_sum_exp};
pub use data::{DataShape, Dataset, Noise, Split};
pub use host_trainer::{HostGradients, HostTrainer};
pub use loss_gradient::{LossGradient, ParameterGradient};
pub use minimise::{Minimise, Objective, descend};
pub use part::{Part, Saved};
pub use protocol::RecordError;
pub use registry::{ModelConfig, ModelEntry, Models};
pub use session::{End, Session, SessionError, TerminationRequest};
pub use timing::Stopwatch;
pub use trainer::{Batch, Scalars, Step, Trainer, load_parts};
pub use windows::Windows;
