//! Tiny data and tiny models for the laws.

use burn::prelude::Device;
use data::{CaptionShape, Captions, DataShape, Dataset, Noise, PartShape, Parts, Split};
use engine::{Batch, Budget, GenerativeModel, ModelEntry, Step, Trainer};
use protocol::Support;
use serde_json::{Value, json};
use zoo::{MODELS, ORDERINGS};

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

const PATTERNS: [[f32; 6]; 2] = [[1.0, 0.0, 1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0, 1.0, 1.0]];

fn dataset(support: Support, [channels, height, width]: [usize; 3], draw: impl Fn(&mut Noise) -> Vec<f32>) -> Dataset {
    let split = |name: &str| {
        let mut noise = Noise::new(1, name, 0);
        let pixels = (0..IMAGES).flat_map(|_| draw(&mut noise)).collect();
        Split::new(pixels, channels * height * width)
    };
    let (train, validation, test) = (IMAGES, IMAGES, IMAGES);
    let shape = DataShape::new([channels, height, width], support, [train, validation, test]);
    let (train, validation, test) = (split("train"), split("validation"), split("test"));
    Dataset::new(shape, [train, validation, test])
}

/// Binary 2x3 images, skewed: mostly two patterns, with rare flips.
pub(crate) fn binary() -> Dataset {
    dataset(Support::Binary, [1, 2, 3], |noise| {
        let pattern = PATTERNS[usize::from(noise.bernoulli(0.3))];
        pattern.iter().map(|pixel| if noise.bernoulli(0.1) { 1.0 - pixel } else { *pixel }).collect()
    })
}

/// RGB 1x2 images of three levels: two patterns with rare changes of level.
fn levels() -> Dataset {
    dataset(Support::Levels(3), [3, 1, 2], |noise| {
        let pattern = PATTERNS[usize::from(noise.bernoulli(0.3))];
        pattern.iter().map(|pixel| if noise.bernoulli(0.15) { noise.below(3) as f32 / 2.0 } else { *pixel }).collect()
    })
}

/// Binary 2x4 images, whose sides can be halved: the same two patterns with a blank column or a full one.
fn even_binary() -> Dataset {
    dataset(Support::Binary, [1, 2, 4], |noise| {
        let pattern = PATTERNS[usize::from(noise.bernoulli(0.3))];
        let edge = f32::from(u8::from(noise.bernoulli(0.5)));
        let rows = pattern.chunks_exact(3).flat_map(|row| row.iter().chain([&edge]));
        rows.map(|pixel| if noise.bernoulli(0.1) { 1.0 - pixel } else { *pixel }).collect()
    })
}

/// 2x2 images of three levels: two patterns with rare changes of level.
fn even_levels() -> Dataset {
    dataset(Support::Levels(3), [1, 2, 2], |noise| {
        let pattern = if noise.bernoulli(0.3) { [1.0, 0.5, 0.0, 0.0] } else { [0.0, 0.5, 1.0, 1.0] };
        let level = |pixel| if noise.bernoulli(0.15) { noise.below(3) as f32 / 2.0 } else { pixel };
        pattern.map(level).to_vec()
    })
}

/// 8x8 images with a bright half, left or right, upper or lower, in one of the channels.
fn pictures(channels: usize) -> Dataset {
    dataset(Support::Continuous, [channels, 8, 8], |noise| {
        let (half, channel) = (noise.below(4), noise.below(channels));
        let bright = |at: usize| [at % 8 < 4, at % 8 >= 4, at < 32, at >= 32][half];
        let is_bright = |at: usize| at / 64 == channel && bright(at % 64);
        (0..channels * 64).map(|at| if is_bright(at) { 0.7 + 0.3 * noise.uniform() as f32 } else { 0.0 }).collect()
    })
}

/// Real-valued 1x2 images from two Gaussians.
fn real() -> Dataset {
    dataset(Support::Real, [1, 1, 2], |noise| {
        let [x, y] = if noise.bernoulli(0.3) { [1.5, -1.0] } else { [-1.0, 0.5] };
        vec![(x + 0.6 * noise.normal()) as f32, (y + 0.5 * noise.normal()) as f32]
    })
}

/// 4x4 images with a bright half, left or right, upper or lower.
fn halves() -> Dataset {
    dataset(Support::Continuous, [1, 4, 4], |noise| {
        let half = noise.below(4);
        let bright = |index: usize| [index % 4 < 2, index % 4 >= 2, index < 8, index >= 8][half];
        (0..16).map(|index| if bright(index) { 0.7 + 0.3 * noise.uniform() as f32 } else { 0.0 }).collect()
    })
}

/// The same, each with a word for its half.
fn described() -> Dataset {
    let mut data = halves();
    for split in [&mut data.train, &mut data.validation, &mut data.test] {
        let bright = |image: &[f32]| [[0, 4], [2, 6], [0, 2], [8, 10]].map(|[a, b]| image[a] > 0.0 && image[b] > 0.0);
        let word = |image: &[f32]| bright(image).iter().position(|bright| *bright).map_or(0, |half| half as u16 + 1);
        let words = split.images().flat_map(|image| [word(image), 0]).collect();
        split.captions = Some(Captions { words, caption_len: 2 });
    }
    data.shape.captions = Some(CaptionShape { vocabulary: 5, words: 2 });
    data
}

/// The same, with a part cut out of the middle of each: it shows which half is bright.
fn cut() -> Dataset {
    let mut data = halves();
    for split in [&mut data.train, &mut data.validation, &mut data.test] {
        let inside = [5, 6, 9, 10];
        let pixels = split.images().flat_map(|image| inside.map(|at| image[at])).collect();
        let mask = (0..16).map(|at| f32::from(u8::from(inside.contains(&at))));
        split.parts = Some(Parts {
            pixels,
            count: 1,
            part_len: 4,
            masks: (0..split.len()).flat_map(|_| mask.clone()).collect(),
            mask_len: 16,
            places: vec![[1, 1]; split.len()],
        });
    }
    data.shape.parts = Some(PartShape { count: 1, side: 2 });
    data
}

/// The same, with the negatives of other such images as the other domain.
fn two_domains() -> Dataset {
    let mut data = halves();
    for split in [&mut data.train, &mut data.validation, &mut data.test] {
        let mut order: Vec<usize> = (0..IMAGES).collect();
        order.rotate_left(1);
        let mut other = split.select(&order);
        other.pixels.iter_mut().for_each(|pixel| *pixel = 1.0 - *pixel);
        split.other = Some(Box::new(other));
    }
    data.shape.other = Some([1, 4, 4]);
    data
}

impl Subject {
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
        let steps = steps(&*trainer);
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

/// How many steps the laws train a model for.
pub(crate) fn steps(trainer: &dyn Trainer) -> u64 {
    match trainer.budget() {
        Budget::Given => STEPS,
        Budget::OnePass => (IMAGES / BATCH) as u64,
    }
}
