//! What a measure's file registers, and what a measure looks at.

use std::io;
use std::ops::Deref;
use std::path::Path;

use data::{DataShape, Dataset, Noise, Split};
use npyz::WriterBuilder;
use protocol::registry::{Entry, read};
use protocol::{Direction, MeasureSpec, Measurement, Problem, Registry, TakenBy, TrialDir, atomic};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{GenerativeModel, RecordError, Sampler};

/// The measures that a grid can name.
pub type Measures = Registry<MeasureEntry>;

/// What a measure looks at.
pub struct Subject<'a> {
    /// The trained model.
    pub model: &'a dyn GenerativeModel,
    /// The data; its test split is read here and nowhere else.
    pub data: &'a Dataset,
    /// SHA-256 of the data as loaded.
    pub data_sha256: &'a str,
    /// The trial's seed.
    pub seed: u64,
    /// The trial's folder, for figures per image.
    pub dir: &'a Path,
    /// Where trained feature extractors are kept and shared between trials.
    pub cache: &'a Path,
}

impl Subject<'_> {
    /// The stream for `purpose`: it does not depend on what else is measured.
    #[must_use]
    pub fn noise(&self, purpose: &str) -> Noise {
        Noise::new(self.seed, purpose, 0)
    }

    /// Draws `count` images for `purpose`.
    ///
    /// # Errors
    /// A pixel is not a finite number: a comparison with it is false, and would count as a fact.
    pub fn samples(&self, sampler: &dyn Sampler, count: usize, purpose: &str) -> Result<Split, &'static str> {
        let samples = sampler.sample(count, &mut self.noise(purpose));
        let finite = samples.pixels.iter().all(|pixel| pixel.is_finite());
        if finite { Ok(samples) } else { Err("a pixel of the samples is not a finite number") }
    }
}

/// A measurement that failed, as opposed to one that does not apply.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// A file could not be written or read.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A feature extractor could not be kept or read back.
    #[error(transparent)]
    Record(#[from] RecordError),
}

/// A measure's settings, and how to take it.
pub trait MeasureConfig: Default + Serialize + DeserializeOwned + JsonSchema {
    /// The name in a grid.
    const NAME: &'static str;
    /// One line for the help.
    const ABOUT: &'static str;
    /// Raised when the same settings come to mean another figure.
    const VERSION: u32 = 1;

    /// What takes the measure: the trial's worker, or the timing pass after the grid.
    const TAKEN_BY: TakenBy = TakenBy::Worker;

    /// Whether the settings make sense for such data. Planning calls it.
    ///
    /// # Errors
    /// A setting out of range, with its path.
    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        Ok(())
    }

    /// Takes the measure. Only the worker calls it. What does not apply is a measurement without a value, with its reason.
    ///
    /// # Errors
    /// Files that cannot be written or read.
    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError>;
}

/// A [`MeasureConfig`] with its type erased.
#[derive(Clone, Copy, Debug)]
pub struct MeasureEntry {
    entry: Entry,
    /// [`MeasureConfig::TAKEN_BY`].
    pub taken_by: TakenBy,
    /// [`MeasureConfig::check`] for resolved settings.
    pub check: fn(&Value, &DataShape) -> Result<(), Problem>,
    measure: fn(&Value, &Subject<'_>) -> Result<Vec<Measurement>, MeasureError>,
}

impl MeasureEntry {
    /// The entry of a settings type.
    #[must_use]
    pub const fn of<C: MeasureConfig>() -> Self {
        Self {
            entry: Entry::of::<C>(C::NAME, C::ABOUT, C::VERSION),
            taken_by: C::TAKEN_BY,
            check: |value, data| read::<C>(value)?.check(data),
            measure: |value, subject| read::<C>(value).map_err(std::io::Error::other)?.measure(subject),
        }
    }

    /// The measure with resolved settings, as a plan lists it.
    #[must_use]
    pub fn spec(&self, config: Value) -> MeasureSpec {
        MeasureSpec::new(self.name, self.version, config).with_taken_by(self.taken_by)
    }

    /// Takes the measure with `spec`'s settings, and says so in every figure.
    ///
    /// # Errors
    /// See [`MeasureConfig::measure`].
    pub fn take(&self, spec: &MeasureSpec, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let _span = tracing::info_span!("measure", measure = self.name).entered();
        let mut figures = (self.measure)(&spec.config, subject)?;
        for figure in &mut figures {
            figure.measure = self.name.to_owned();
            figure.settings = spec.config.clone();
            figure.version = spec.version;
            keep_per_image(figure, subject.dir)?;
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

/// Terms of no mean are none; descriptions, which nothing compares, stay without a file.
fn keep_per_image(figure: &Measurement, dir: &Path) -> io::Result<()> {
    if figure.per_image.is_empty() || figure.value.is_none() || figure.direction == Direction::Neither {
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
            keep_per_image(&figure(name, direction), folder.path()).unwrap();
        }
        let path = TrialDir(folder.path().to_owned()).per_image("nll", &Value::Null);
        let file = npyz::NpyFile::new(std::fs::File::open(path).unwrap()).unwrap();
        assert_eq!(file.into_vec::<f64>().unwrap(), [1.0, 3.0]);
        assert_eq!(std::fs::read_dir(folder.path().join("per_image")).unwrap().count(), 1);
    }
}
