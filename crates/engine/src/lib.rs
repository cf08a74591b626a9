//! What a trained model can be asked, how it trains, and how it is measured.
//!
//! Knows no model by name: models live in `zoo`, which depends on this crate. Everything here asks
//! for a capability, and a model that lacks it yields a reason, never a failure.

pub mod capability;
mod checkpoint;
mod conditionals;
pub mod court;
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
pub use nn::threads as pool;
pub use part::{Part, Saved};
pub use protocol::RecordError;
pub use registry::{ModelConfig, ModelEntry, Models};
pub use session::{End, Session, SessionError, Wish};
pub use timing::Stopwatch;
pub use trainer::{Batch, Scalars, Step, Trainer, load_parts};
pub use windows::Windows;
