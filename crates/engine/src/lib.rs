//! What a trained model can be asked, how it trains, and how it is measured.
//!
//! Knows no model by name: models live in `zoo`, which depends on this crate. Everything here asks
//! for a capability, and a model that lacks it yields a reason, never a failure.

mod adam;
pub mod capability;
mod checkpoint;
mod conditionals;
pub mod court;
mod dense;
pub mod device;
pub mod features;
pub mod fused;
pub mod measure;
mod minimise;
pub mod pool;
pub mod progress;
mod registry;
mod session;
pub mod sheet;
mod timing;
pub mod trace;
mod trainer;
pub mod vector;
mod weights;
mod windows;

pub use adam::adam;
pub use capability::{
    Autoregressive, CodePosteriors, CodeShape, Coded, Codes, ConditionalSampler, Critic, DensityBound, Elbo, Encoder,
    ExplicitDensity, Features, GenerativeModel, LatentPrior, LatentVariable, Posteriors, Pushforward, Restored,
    Restorer, Sampler, Translator,
};
pub use checkpoint::{Checkpoint, load_kept};
pub use conditionals::{Conditionals, Family, log_sum_exp};
pub use data::{DataShape, Dataset, Noise, Split};
pub use dense::{Dense, linear, uniform};
pub use fused::Activation;
pub use minimise::{Minimise, Objective, descend};
pub use registry::{ModelConfig, ModelEntry, Models};
pub use session::{End, Session, SessionError, Wish};
pub use timing::Stopwatch;
pub use trainer::{Batch, Budget, RecordError, Scalars, Step, Trainer};
pub use weights::{load_module, load_optimiser, parameter_count, save_module, save_optimiser, to_host, upload};
pub use windows::Windows;
