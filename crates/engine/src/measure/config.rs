//! Settings of a measure, its subject, and its entry in the registry.

use std::io;
use std::ops::Deref;
use std::path::Path;

use data::{Binarize, DataShape, Dataset, Noise, Split};
use npyz::WriterBuilder;
use protocol::registry::{Entry, read};
use protocol::{
    Control, Direction, MeasureSpec, Measurement, Problem, Registry, Support, TakenBy, TrialDir, atomic, worded,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{BadModel, ControlModels};
use crate::{GenerativeModel, RecordError, Sampler};

/// Registry of the measures that a grid can name.
pub type Measures = Registry<MeasureEntry>;

/// A trained model and its data, which a measure evaluates.
pub struct Subject<'a> {
    /// The trained model.
    pub model: &'a dyn GenerativeModel,
    /// The data set. Measures are the only code that reads its test split.
    pub data: &'a Dataset,
    /// SHA-256 of the loaded data, in hexadecimal. Pass it to [`Extractor`](crate::features::Extractor).
    pub data_sha256: &'a str,
    /// Seed of the trial.
    pub seed: u64,
    /// Folder of the trial. Measures write pictures into its subfolder `samples`.
    pub dir: &'a Path,
    /// Folder of the trained feature extractors, shared between trials.
    pub cache: &'a Path,
}

impl Subject<'_> {
    /// Random stream for `purpose`, keyed by the seed of the trial. It does not depend on other measures.
    ///
    /// By convention the purpose is `measure/NAME` or `measure/NAME/PART`.
    #[must_use]
    pub fn noise(&self, purpose: &str) -> Noise {
        Noise::new(self.seed, purpose, 0)
    }

    /// Draws `count` images with the random stream for `purpose`.
    ///
    /// # Errors
    /// A pixel is not finite: the error is the reason for figures without a value.
    pub fn samples(&self, sampler: &dyn Sampler, count: usize, purpose: &str) -> Result<Split, &'static str> {
        let samples = sampler.sample(count, &mut self.noise(purpose));
        let finite = samples.pixels.iter().all(|pixel| pixel.is_finite());
        if finite { Ok(samples) } else { Err("a pixel of the samples is not finite") }
    }

    /// Draws `count` images with the random stream for `purpose`, and returns them with their support. With `binarize`, the
    /// data's rule of binarization is applied to draws whose support it changes ([`Sampler::support_after`]).
    ///
    /// # Errors
    /// See [`Subject::samples`].
    pub fn samples_as(
        &self,
        sampler: &dyn Sampler,
        count: usize,
        purpose: &str,
        binarize: bool,
    ) -> Result<(Split, Support), &'static str> {
        // Before the rule, which could turn NaN into a pixel.
        let mut samples = self.samples(sampler, count, purpose)?;
        let rule = if binarize { self.data.binarize } else { Binarize::NONE };
        let support = sampler.support_after(rule);
        if support != sampler.support() {
            rule.apply_to_draws(&mut samples, &mut self.noise(&format!("{purpose}/binarize")));
        }
        Ok((samples, support))
    }
}

/// Failure of a measure. A measure that does not apply returns figures without a value instead.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// A file cannot be written or read.
    #[error("{}", worded(.0))]
    Io(#[from] std::io::Error),
    /// A feature extractor cannot be saved or loaded.
    #[error(transparent)]
    Record(#[from] RecordError),
}

/// Settings of a measure, and the computation of its figures.
///
/// The fields of the type are the keys of the measure in a grid. Their doc comments are the descriptions that editors
/// show, and `Default` has the default of each key. The type's own comment describes the figures.
///
/// ```
/// use engine::measure::{MeasureConfig, MeasureError, Subject};
/// use protocol::{Direction, Kind, Measurement, Problem, Unit};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// /// Mean pixel of samples, 0 to 1.
/// #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
/// #[serde(default)]
/// struct Brightness {
///     /// Number of samples, at least 1.
///     samples: usize,
/// }
///
/// impl Default for Brightness {
///     fn default() -> Self {
///         Self { samples: 100 }
///     }
/// }
///
/// impl MeasureConfig for Brightness {
///     const NAME: &'static str = "brightness";
///     const ABOUT: &'static str = "mean pixel of samples";
///
///     fn check(&self, _data: &engine::DataShape) -> Result<(), Problem> {
///         match self.samples {
///             0 => Err(Problem::new("samples", "0 is out of range").help("at least 1")),
///             _ => Ok(()),
///         }
///     }
///
///     fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
///         let (kind, unit, direction) = (Kind::Estimate, Unit::One, Direction::Neither);
///         let absent = |reason: &str| vec![Measurement::absent("brightness", kind, unit, direction, reason)];
///         let Some(sampler) = subject.model.sampler() else { return Ok(absent("the model has no sampler")) };
///         let samples = match subject.samples(sampler, self.samples, "measure/brightness") {
///             Ok(samples) => samples,
///             Err(reason) => return Ok(absent(reason)),
///         };
///         let sum: f64 = samples.pixels.iter().map(|pixel| f64::from(*pixel)).sum();
///         let mean = sum / samples.pixels.len() as f64;
///         Ok(vec![Measurement::new("brightness", kind, unit, direction, mean).with_n(samples.len())])
///     }
/// }
///
/// assert_eq!(engine::measure::MeasureEntry::of::<Brightness>().name, "brightness");
/// ```
pub trait MeasureConfig: Default + Serialize + DeserializeOwned + JsonSchema {
    /// Name of the measure in a grid.
    const NAME: &'static str;
    /// Description in one line, for `genbench list` and the schema.
    const ABOUT: &'static str;
    /// Version of the definition. Increase it when the same settings mean different figures: figures of another version
    /// are not compared.
    const VERSION: u32 = 1;

    /// Process that takes the measure: the worker of the trial, or the timing pass after the grid.
    const TAKEN_BY: TakenBy = TakenBy::Worker;

    /// Checks the settings for data of this shape. Planning calls it. The default accepts everything.
    ///
    /// # Errors
    /// A setting is out of range: the problem's path names the setting.
    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        Ok(())
    }

    /// Controls of the figures: figures that show what others are worth. Tables print a control next to its figure, and
    /// comparisons test the figure against it. The default declares none.
    ///
    /// The engine takes the controls [`Control::untrained`] and [`Control::memoriser`]: it measures another model with the
    /// same settings. All others are figures that [`MeasureConfig::measure`] returns.
    fn controls(&self) -> Vec<Control> {
        Vec::new()
    }

    /// Bad models that the measure exposes: one of its figures is then worse than that of a trained model. `plan` warns if
    /// no measure of a grid exposes one of them. The default declares none.
    fn exposes(&self) -> &'static [BadModel] {
        &[]
    }

    /// Computes the figures, always the same names in the same order. The worker calls it after training.
    ///
    /// A figure that does not apply to the model or the data has no value but a reason: see [`Measurement::absent`].
    /// Values that are not finite are replaced by a reason, too.
    ///
    /// # Errors
    /// A file cannot be written or read.
    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError>;
}

/// Entry of a measure in the registry: a [`MeasureConfig`] with its type erased.
#[derive(Clone, Copy, Debug)]
pub struct MeasureEntry {
    entry: Entry,
    /// Process that takes the measure: see [`MeasureConfig::TAKEN_BY`].
    pub taken_by: TakenBy,
    /// [`MeasureConfig::check`] for resolved settings.
    pub check: fn(&Value, &DataShape) -> Result<(), Problem>,
    /// [`MeasureConfig::controls`] for resolved settings.
    pub controls: fn(&Value) -> Vec<Control>,
    /// [`MeasureConfig::exposes`] for resolved settings.
    pub exposes: fn(&Value) -> &'static [BadModel],
    pub(super) measure: fn(&Value, &Subject<'_>) -> Result<Vec<Measurement>, MeasureError>,
}

impl MeasureEntry {
    /// Entry of the measure with settings `C`.
    #[must_use]
    pub const fn of<C: MeasureConfig>() -> Self {
        Self {
            entry: Entry::of::<C>(C::NAME, C::ABOUT, C::VERSION),
            taken_by: C::TAKEN_BY,
            check: |value, data| read::<C>(value)?.check(data),
            controls: |value| read::<C>(value).map(|config| config.controls()).unwrap_or_default(),
            exposes: |value| read::<C>(value).map_or(&[], |config| config.exposes()),
            measure: |value, subject| read::<C>(value).map_err(std::io::Error::other)?.measure(subject),
        }
    }

    /// Specification of the measure with resolved settings, for a plan.
    #[must_use]
    pub fn spec(&self, config: Value) -> MeasureSpec {
        MeasureSpec::new(self.name, self.version, config).with_taken_by(self.taken_by)
    }

    /// Takes the measure of a model that has no untrained state: see [`MeasureEntry::take_with`].
    ///
    /// # Errors
    /// See [`MeasureConfig::measure`].
    pub fn take(&self, spec: &MeasureSpec, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        self.take_with(spec, subject, &ControlModels::none())
    }

    /// Takes the measure with the settings of `spec`, and its declared controls with `models`. Adds the
    /// name, settings and version of the measure to every figure.
    ///
    /// # Errors
    /// See [`MeasureConfig::measure`].
    pub fn take_with(
        &self,
        spec: &MeasureSpec,
        subject: &Subject<'_>,
        models: &ControlModels<'_>,
    ) -> Result<Vec<Measurement>, MeasureError> {
        let _span = tracing::info_span!("measure", measure = self.name).entered();
        let controls = (self.controls)(&spec.config);
        let mut figures = (self.measure)(&spec.config, subject)?;
        figures.extend(self.take_controls(&controls, &figures, (spec, subject), models)?);
        for figure in &mut figures {
            figure.control = controls.iter().find(|control| control.name() == figure.name).cloned();
            figure.measure = self.name.to_owned();
            figure.settings = spec.config.clone();
            figure.version = spec.version;
            write_per_image(figure, subject.dir)?;
            tracing::info!(
                name: "measurement", measurement = figure.name.as_str(), value = figure.value, se = figure.se,
                n = figure.n, kind = %figure.kind, unit = %figure.unit, reason = figure.reason.as_deref()
            );
        }
        Ok(figures)
    }
}

impl Deref for MeasureEntry {
    type Target = Entry;

    fn deref(&self) -> &Entry {
        &self.entry
    }
}

/// Writes the terms of a figure, one per image, if the figure has a value and is compared: it has a direction, or it is a
/// control to beat.
fn write_per_image(figure: &Measurement, dir: &Path) -> io::Result<()> {
    let is_to_beat = figure.control.as_ref().is_some_and(|control| control.kind.is_to_beat());
    let is_compared = figure.direction != Direction::Neither || is_to_beat;
    if figure.per_image.is_empty() || figure.value.is_none() || !is_compared {
        return Ok(());
    }
    let path = TrialDir(dir.to_owned()).per_image(&figure.name, &figure.settings);
    let mut file = Vec::new();
    let mut writer = npyz::WriteOptions::new()
        .default_dtype()
        .shape(&[figure.per_image.len() as u64])
        .writer(&mut file)
        .begin_nd()?;
    writer.extend(&figure.per_image)?;
    writer.finish()?;
    atomic::write(&path, &file)
}

#[cfg(test)]
mod tests {
    use protocol::{Kind, Unit};

    use super::*;

    #[test]
    fn terms_of_a_score_are_kept_and_those_of_a_description_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let figure = |name: &str, direction| {
            Measurement::new(name, Kind::Exact, Unit::Nats, direction, 2.0).of_images(vec![1.0, 3.0])
        };
        for (name, direction) in [("nll", Direction::Lower), ("elbo_kl", Direction::Neither)] {
            write_per_image(&figure(name, direction), folder.path()).unwrap();
        }
        let path = TrialDir(folder.path().to_owned()).per_image("nll", &Value::Null);
        let file = npyz::NpyFile::new(std::fs::File::open(path).unwrap()).unwrap();
        assert_eq!(file.into_vec::<f64>().unwrap(), [1.0, 3.0]);
        assert_eq!(std::fs::read_dir(folder.path().join("per_image")).unwrap().count(), 1);
    }
}
