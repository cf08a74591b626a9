//! What a model's file registers.

use std::ops::Deref;

use burn::prelude::Device;
use data::DataShape;
use protocol::registry::{Entry, read, to_value};
use protocol::{Problem, Registry};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Trainer;

/// The models that a grid can name.
pub type Models = Registry<ModelEntry>;

/// A model's hyper-parameters, and how to build it from them.
pub trait ModelConfig: Default + Serialize + DeserializeOwned + JsonSchema {
    /// The name in a grid.
    const NAME: &'static str;
    /// One line for the help.
    const ABOUT: &'static str;
    /// Raised when the same settings come to mean another model.
    const VERSION: u32 = 1;

    /// Whether this model with these settings can learn such data. Planning calls it: no device.
    ///
    /// # Errors
    /// A setting out of range (with its path), or data that does not suit (path empty).
    fn check(&self, data: &DataShape) -> Result<(), Problem>;

    /// Whether the model is estimated in closed form: by one pass over the training images in order, without gradients
    /// and without a seed. Such a model trains for one pass, whatever the trial's number of steps.
    fn closed_form(&self) -> bool {
        false
    }

    /// Settings of networks small enough for the laws to enumerate, one for each kind that the
    /// settings can ask for.
    fn tiny() -> Vec<Self>;

    /// Builds the trainer on `device`, which has autodiff on; initial weights from `seed`.
    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer>;
}

/// Builds a trainer from settings, the data's shape, the seed and the device.
pub(crate) type Build = fn(&Value, &DataShape, u64, &Device) -> Result<Box<dyn Trainer>, Problem>;

/// A [`ModelConfig`] with its type erased.
#[derive(Clone, Copy, Debug)]
pub struct ModelEntry {
    entry: Entry,
    /// [`ModelConfig::tiny`].
    pub tiny: fn() -> Vec<Value>,
    /// [`ModelConfig::check`] for resolved settings.
    pub check: fn(&Value, &DataShape) -> Result<(), Problem>,
    /// [`ModelConfig::closed_form`] for resolved settings.
    pub closed_form: fn(&Value) -> bool,
    /// [`ModelConfig::build`] for resolved settings that passed the check.
    pub build: Build,
}

impl ModelEntry {
    /// The entry of a settings type.
    #[must_use]
    pub const fn of<C: ModelConfig>() -> Self {
        Self {
            entry: Entry::of::<C>(C::NAME, C::ABOUT, C::VERSION),
            tiny: || C::tiny().iter().map(to_value).collect(),
            check: |value, data| read::<C>(value)?.check(data),
            closed_form: |value| read::<C>(value).is_ok_and(|config| config.closed_form()),
            build: |value, data, seed, device| {
                let config = read::<C>(value)?;
                config.check(data)?;
                Ok(config.build(data, seed, device))
            },
        }
    }
}

impl Deref for ModelEntry {
    type Target = Entry;

    fn deref(&self) -> &Entry {
        &self.entry
    }
}
