//! Settings of a model, and the registry of models.

use std::ops::Deref;

use burn::prelude::Device;
use data::DataShape;
use protocol::registry::{Entry, read, to_value};
use protocol::{Optim, Problem, Registry, SettingChange};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Trainer;

/// Registry of the models that a grid can name.
pub type Models = Registry<ModelEntry>;

/// Settings of a model, and the construction of its trainer.
///
/// The fields of the type are the keys of the model in a grid. Their doc comments are the descriptions that editors
/// show, and `Default` has the default of each key.
///
/// ```
/// use burn::prelude::*;
/// use engine::{DataShape, HostGradients, HostTrainer, ModelConfig, Trainer};
/// # use burn::module::Module;
/// # use burn::optim::GradientsParams;
/// # use engine::{GenerativeModel, Split};
/// use protocol::{Problem, Support};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// /// Independent pixels.
/// #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
/// #[serde(default)]
/// struct Independent {
///     /// Learning rate of Adam, above 0.
///     lr: f64,
/// }
///
/// impl Default for Independent {
///     fn default() -> Self {
///         Self { lr: 1e-3 }
///     }
/// }
///
/// # #[derive(Module, Debug)]
/// # struct Pixels { logits: ::nn::Dense }
/// # impl GenerativeModel for Pixels {
/// #     fn parameters(&self) -> u64 { self.num_params() as u64 }
/// # }
/// # impl HostGradients for Pixels {
/// #     fn gradients(&self, _: &Split) -> (f64, GradientsParams) { (0.0, GradientsParams::new()) }
/// # }
/// impl ModelConfig for Independent {
///     const NAME: &'static str = "independent_example";
///     const ABOUT: &'static str = "independent pixels, trained by gradient descent";
///
///     fn check(&self, data: &DataShape) -> Result<(), Problem> {
///         if data.support != Support::Binary {
///             return Err(Problem::new("", "the model needs binary pixels"));
///         }
///         if !(self.lr > 0.0) {
///             return Err(Problem::new("lr", format!("{} is out of range", self.lr)).help("above 0"));
///         }
///         Ok(())
///     }
///
///     fn tiny() -> Vec<Self> {
///         vec![Self::default()]
///     }
///
///     fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer> {
///         let mut noise = ::nn::Noise::new(seed, "independent_example/weights", 0);
///         let model = Pixels { logits: ::nn::Dense::new(1, data.pixels(), &mut noise, device) };
///         Box::new(HostTrainer::new(model, ::nn::adam(0.9), self.lr))
///     }
/// }
///
/// assert_eq!(engine::ModelEntry::of::<Independent>().name, "independent_example");
/// ```
pub trait ModelConfig: Default + Serialize + DeserializeOwned + JsonSchema {
    /// Name of the model in a grid.
    const NAME: &'static str;
    /// Description in one line, for `genbench list` and the schema.
    const ABOUT: &'static str;
    /// Version of the definition. Increase it when the same settings mean a different model: it is part of the trial
    /// id.
    const VERSION: u32 = 1;
    /// Settings that were renamed or added since the first release. A grid may use an old name, with a warning.
    const HISTORY: &'static [SettingChange] = &[];

    /// Checks the settings and whether the model can be trained on data of this shape. Planning calls it, without a
    /// device.
    ///
    /// # Errors
    /// A setting is out of range: the problem's path names the setting. The data do not suit the model: the path is
    /// empty.
    fn check(&self, data: &DataShape) -> Result<(), Problem>;

    /// Returns whether it is fitted in closed form: by one pass over the training images in order, without gradients
    /// and without a seed. Training then takes one pass and ignores the trial's number of steps.
    fn closed_form(&self) -> bool {
        false
    }

    /// Number of batches that one training step takes, 1 or more. An adversarial model with several discriminator steps
    /// per generator step trains the discriminator on each of them; the step ends with the generator. The images of all
    /// batches are in the one [`Batch`](crate::Batch) of the step.
    fn batches_per_step(&self) -> usize {
        1
    }

    /// Checks the block `train.optim`. Paths of problems are relative to the block. Planning calls it, without a device.
    ///
    /// The default refuses every setting for a model that is fitted in closed form. Override it for a model whose trainer
    /// has no [`Optimiser`](::nn::Optimiser) among its parts, or averages its weights itself.
    ///
    /// # Errors
    /// The model cannot take a setting that differs from its default.
    fn check_optim(&self, optim: &Optim) -> Result<(), Problem> {
        if self.closed_form() { without_optimiser(optim, "the model is fitted in closed form") } else { Ok(()) }
    }

    /// Settings of very small networks for the laws, one for each kind of network that the settings can select. The
    /// laws enumerate all images of a few pixels.
    fn tiny() -> Vec<Self>;

    /// Builds the trainer on `device`, which has autodiff enabled. The initial weights depend only on the settings,
    /// `data` and `seed`.
    fn build(&self, data: &DataShape, seed: u64, device: &Device) -> Box<dyn Trainer>;
}

/// Refuses every setting of `train.optim` that differs from its default; `reason` states why the model has no optimiser.
///
/// # Errors
/// A setting differs from its default.
pub fn without_optimiser(optim: &Optim, reason: &str) -> Result<(), Problem> {
    let Some((key, _)) = optim.non_defaults().into_iter().next() else { return Ok(()) };
    Err(Problem::new(key, reason).help("set `optim` only for models that are trained by gradient descent"))
}

/// Function that builds a trainer from settings, the shape of the data, the seed and the device.
pub(crate) type Build = fn(&Value, &DataShape, u64, &Device) -> Result<Box<dyn Trainer>, Problem>;

/// Entry of a model in the registry: a [`ModelConfig`] with its type erased.
#[derive(Clone, Copy, Debug)]
pub struct ModelEntry {
    entry: Entry,
    /// Settings of [`ModelConfig::tiny`].
    pub tiny: fn() -> Vec<Value>,
    /// [`ModelConfig::check`] for resolved settings.
    pub check: fn(&Value, &DataShape) -> Result<(), Problem>,
    /// [`ModelConfig::closed_form`] for resolved settings.
    pub closed_form: fn(&Value) -> bool,
    /// [`ModelConfig::batches_per_step`] for resolved settings.
    pub batches_per_step: fn(&Value) -> usize,
    /// [`ModelConfig::check_optim`] for resolved settings.
    pub check_optim: fn(&Value, &Optim) -> Result<(), Problem>,
    /// [`ModelConfig::build`] for resolved settings that passed the check.
    pub build: Build,
}

impl ModelEntry {
    /// Entry of the model with settings `C`.
    #[must_use]
    pub const fn of<C: ModelConfig>() -> Self {
        Self {
            entry: Entry::of::<C>(C::NAME, C::ABOUT, C::VERSION).with_history(C::HISTORY),
            tiny: || C::tiny().iter().map(to_value).collect(),
            check: |value, data| read::<C>(value)?.check(data),
            closed_form: |value| read::<C>(value).is_ok_and(|config| config.closed_form()),
            batches_per_step: |value| read::<C>(value).map_or(1, |config| config.batches_per_step().max(1)),
            check_optim: |value, optim| read::<C>(value)?.check_optim(optim),
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
