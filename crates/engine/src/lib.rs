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
//!
//! ```
//! use data::Split;
//! use engine::progress::progress;
//! use engine::{ExplicitDensity, GenerativeModel};
//! use protocol::Support;
//!
//! /// A model for which each pixel is a fair coin.
//! struct FairCoins;
//!
//! impl ExplicitDensity for FairCoins {
//!     fn support(&self) -> Support {
//!         Support::Binary
//!     }
//!
//!     fn log_density(&self, images: &Split) -> Vec<f64> {
//!         vec![-(images.image_len as f64) * std::f64::consts::LN_2; images.len()]
//!     }
//! }
//!
//! impl GenerativeModel for FairCoins {
//!     fn parameters(&self) -> u64 {
//!         0
//!     }
//!
//!     fn density(&self) -> Option<&dyn ExplicitDensity> {
//!         Some(self)
//!     }
//! }
//!
//! let images = Split::new(vec![0.0, 1.0, 1.0, 0.0], 2);
//! let validation = progress(&FairCoins, &images, 0).expect("a model with a density");
//! assert_eq!((validation.quantity, validation.n), ("nll", 2));
//! assert!((validation.value - 2.0 * std::f64::consts::LN_2).abs() < 1e-12);
//! assert!(FairCoins.sampler().is_none());
//! ```

pub mod audit;
mod averaged;
pub mod capability;
mod checkpoint;
mod conditionals;
mod counts;
mod descents;
pub mod device;
mod faults;
pub mod features;
mod host_trainer;
mod loss_gradient;
pub mod measure;
mod minimise;
mod optim;
mod part;
pub mod progress;
mod registry;
mod run_scalars;
mod session;
pub mod sheet;
mod timing;
pub mod trace;
mod trainer;
mod windows;

pub use capability::{
    Autoregressive, CodePosteriors, CodeShape, Coded, Codes, ConditionalSampler, Critic, DensityBound, Elbo, Encoder,
    ExplicitDensity, Features, GenerativeModel, LatentPrior, LatentVariable, Posteriors, ProductOfConditionals,
    Pushforward, Restored, Restorer, Sampler, StochasticDecoder, Translator,
};
pub use checkpoint::{Checkpoint, load_kept};
pub use conditionals::{Conditionals, Family, log_sum_exp};
pub use data::{DataShape, Dataset, Noise, Split};
pub use host_trainer::{HostGradients, HostTrainer};
pub use loss_gradient::{LossGradient, ParameterGradient};
pub use minimise::{Minimise, Objective, descend};
pub use optim::with_optim;
pub use part::{Element, Part, Saved, Weights};
pub use protocol::RecordError;
pub use registry::{ModelConfig, ModelEntry, Models, without_optimiser};
pub use session::{End, Session, SessionError, TerminationRequest};
pub use timing::Stopwatch;
pub use trainer::{Batch, Scalars, Step, Trainer, load_parts};
pub use windows::Windows;

/// Hash of the sources of this crate, without comments and tests: a part of the build record of a trial.
pub const CODE_HASH: &str = env!("GENBENCH_CODE_HASH");
