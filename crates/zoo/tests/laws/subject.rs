//! Tiny models for the laws, and what is done with them.

use burn::prelude::Device;
use data::{DataShape, Dataset, Split};
use engine::{Batch, GenerativeModel, ModelEntry, Step, Trainer};
use protocol::Support;
use serde_json::{Value, json};
use zoo::{MODELS, ORDERINGS};

use crate::images::{binary, cut, described, even_binary, even_levels, levels, pictures, real, two_domains};

/// Images per split.
pub(crate) const IMAGES: usize = 256;
const BATCH: usize = 32;
const STEPS: u64 = 400;
/// Half the side of the square that continuous images lie in, and the side of its cells.
const EXTENT: f64 = 5.0;
const CELL: f64 = 0.1;

/// One kind of a model on one kind of data.
pub(crate) struct Subject {
    pub(crate) entry: &'static ModelEntry,
    pub(crate) settings: Value,
    pub(crate) data: Dataset,
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} on {} data", self.entry.name, self.settings, self.data.shape.support)
    }
}

/// Every kind of every model, on each kind of data that it takes.
pub(crate) fn subjects() -> Vec<Subject> {
    let mut subjects = Vec::new();
    for entry in MODELS {
        for settings in (entry.tiny)() {
            let takes = |shape: &DataShape| (entry.check)(&settings, shape).is_ok();
            let mut suited = Vec::new();
            for data in [binary(), levels(), real(), described(), cut(), two_domains()] {
                // What comes beside the images is for models that cannot do without.
                let bare = DataShape { captions: None, parts: None, other: None, ..data.shape };
                if takes(&data.shape) && (bare == data.shape || !takes(&bare)) {
                    suited.push(data);
                }
            }
            // Larger images are for models that take none of these, and so on.
            for larger in [vec![even_binary(), even_levels()], vec![pictures(1), pictures(3)]] {
                if suited.is_empty() {
                    suited.extend(larger.into_iter().filter(|data| takes(&data.shape)));
                }
            }
            subjects.extend(suited.into_iter().map(|data| Subject { entry, settings: settings.clone(), data }));
        }
    }
    subjects
}

/// The same, in every ordering that a model takes.
pub(crate) fn in_every_ordering() -> Vec<Subject> {
    let mut all = Vec::new();
    for subject in subjects() {
        if subject.settings.get("ordering").is_none() {
            all.push(subject);
            continue;
        }
        for ordering in ORDERINGS {
            let mut settings = subject.settings.clone();
            settings["ordering"] = json!(ordering);
            if (subject.entry.check)(&settings, &subject.data.shape).is_ok() {
                all.push(Subject { settings, data: subject.data.clone(), ..subject });
            }
        }
    }
    all
}

/// The first kind of a model on binary data.
pub(crate) fn subject(name: &str) -> Subject {
    let found = |subject: &Subject| subject.entry.name == name && subject.data.shape.support == Support::Binary;
    subjects().into_iter().find(found).expect("registered and over binary data")
}

pub(crate) fn flex() -> Device {
    Device::flex().autodiff()
}

impl Subject {
    /// How many steps the laws train the model for.
    pub(crate) fn steps(&self) -> u64 {
        if (self.entry.closed_form)(&self.settings) { (IMAGES / BATCH) as u64 } else { STEPS }
    }

    /// Numbers per image.
    pub(crate) fn pixels(&self) -> usize {
        self.data.shape.pixels()
    }

    /// The model, untrained.
    pub(crate) fn fresh(&self, seed: u64, device: &Device) -> Box<dyn Trainer> {
        (self.entry.build)(&self.settings, &self.data.shape, seed, device).expect("tiny models fit tiny data")
    }

    /// Takes steps `from..to`; the batches and the noise depend on (seed, step) alone.
    pub(crate) fn advance(
        &self,
        trainer: &mut dyn Trainer,
        seed: u64,
        steps: std::ops::Range<u64>,
        device: &Device,
    ) -> Vec<f64> {
        let mut losses = Vec::new();
        for index in steps {
            let indices: Vec<usize> =
                (0..BATCH).map(|place| (index as usize * BATCH + place) % self.data.train.len()).collect();
            let batch = Batch::new(self.data.batch(&indices, index), device);
            let scalars = trainer.step(&batch, &Step { index, lr_factor: 1.0, seed });
            losses.extend(scalars.read().into_iter().map(|(_, value)| value));
        }
        losses
    }

    /// The model, trained.
    pub(crate) fn trained(&self) -> Box<dyn GenerativeModel> {
        let device = flex();
        let mut trainer = self.fresh(0, &device);
        let steps = self.steps();
        self.advance(&mut *trainer, 0, 0..steps, &device);
        trainer.finish(&self.data.validation);
        trainer.snapshot()
    }

    /// Values that a pixel can have; for continuous images, the cells along a side.
    fn values(&self) -> usize {
        match self.data.shape.support {
            Support::Binary => 2,
            Support::Levels(levels) => usize::from(levels),
            Support::Continuous | Support::Real => (2.0 * EXTENT / CELL).round() as usize,
        }
    }

    /// All images, or the centres of all cells.
    pub(crate) fn all_images(&self) -> Split {
        let (values, image_len) = (self.values(), self.pixels());
        let value = |value: usize| match self.data.shape.support {
            Support::Real => ((value as f64 + 0.5) * CELL - EXTENT) as f32,
            _ => value as f32 / (values - 1) as f32,
        };
        let image = |index: usize| (0..image_len).map(move |pixel| value(index / values.pow(pixel as u32) % values));
        Split::new((0..values.pow(image_len as u32)).flat_map(image).collect(), image_len)
    }

    /// The volume that each of [`Subject::all_images`] stands for.
    pub(crate) fn volume(&self) -> f64 {
        match self.data.shape.support {
            Support::Real => CELL.powi(self.pixels() as i32),
            _ => 1.0,
        }
    }

    /// Which of [`Subject::all_images`] an image is, or the cell it lies in; `None` outside.
    pub(crate) fn index(&self, image: &[f32]) -> Option<usize> {
        let values = self.values();
        image.iter().rev().try_fold(0, |index, pixel| {
            let value = match self.data.shape.support {
                Support::Real => ((f64::from(*pixel) + EXTENT) / CELL).floor(),
                _ => f64::from(*pixel * (values - 1) as f32).round(),
            };
            (0.0..values as f64).contains(&value).then_some(index * values + value as usize)
        })
    }

    /// Another value than this one, on the support.
    pub(crate) fn other(&self, value: f32) -> f32 {
        match self.data.shape.support {
            Support::Real => value + 0.7,
            _ => {
                let last = (self.values() - 1) as f32;
                let next = (value * last).round() + 1.0;
                if next > last { 0.0 } else { next / last }
            }
        }
    }
}
