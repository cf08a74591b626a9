//! Samplers with an exact density: the data distribution, or a mixture of it with a faulty distribution.

use std::collections::BTreeMap;

use data::{DataError, Dataset, ExactDensity, Mixture, MixtureDensity, Noise, Split};
use protocol::Support;

use crate::conditionals::log_sum_exp;
use crate::{ExplicitDensity, GenerativeModel, Sampler};

/// Fault of a sampler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The sampler draws 3 of the 10 modes.
    DroppedModes,
    /// The sampler flips pixels with three times the probability of the data.
    Blur,
    /// The sampler repeats 500 training images.
    Memorised,
    /// The pixels are independent, with the marginal probabilities of the training images.
    MarginalsOnly,
}

/// Number of training images that a [`Fault::Memorised`] sampler repeats.
const MEMORISED_IMAGES: usize = 500;
/// Number of modes of a [`Fault::DroppedModes`] sampler.
const KEPT_MODES: usize = 3;
/// Factor on the flip probability of a [`Fault::Blur`] sampler.
const FLIP_FACTOR: f64 = 3.0;

impl Fault {
    /// All faults.
    pub const ALL: [Self; 4] = [Self::DroppedModes, Self::Blur, Self::Memorised, Self::MarginalsOnly];

    /// Name of the fault in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DroppedModes => "dropped modes",
            Self::Blur => "blur",
            Self::Memorised => "memorised",
            Self::MarginalsOnly => "marginals only",
        }
    }
}

/// Distribution of the faulty images.
#[derive(Clone, Debug)]
enum Faulty {
    Mixture(MixtureDensity),
    /// The images, and the number of occurrences of each.
    Memory(Split, BTreeMap<Vec<bool>, usize>),
    /// P(pixel = 1).
    Pixels(Vec<f64>),
}

/// Sampler with an exact density: a mixture of the data distribution, with weight `1 - share`, and a faulty
/// distribution, with weight `share`.
#[derive(Clone, Debug)]
pub struct FaultySampler {
    /// The fault; `None` for the data distribution.
    pub fault: Option<Fault>,
    /// Share of the images that have the fault, 0 to 1.
    pub share: f64,
    truth: MixtureDensity,
    faulty: Option<Faulty>,
    pixels: usize,
}

impl FaultySampler {
    /// The data distribution, without a fault.
    #[must_use]
    pub fn without_fault(truth: MixtureDensity) -> Self {
        let pixels = truth.pixels();
        Self { fault: None, share: 0.0, truth, faulty: None, pixels }
    }

    /// Mixture with weight `share` of `fault`, from 0 to 1. `data` is the data set of `config`.
    ///
    /// # Errors
    /// A setting of `config` is out of range.
    pub fn new(config: &Mixture, fault: Fault, share: f64, data: &Dataset) -> Result<Self, DataError> {
        let mixture = |config: Mixture| Ok::<_, DataError>(Faulty::Mixture(config.density()?));
        let faulty = match fault {
            Fault::DroppedModes => mixture(Mixture { templates: KEPT_MODES, ..config.clone() })?,
            Fault::Blur => mixture(Mixture { eps: (FLIP_FACTOR * config.eps).min(0.5), ..config.clone() })?,
            Fault::Memorised => {
                let images = data.train.take(MEMORISED_IMAGES);
                let mut often = BTreeMap::new();
                images.images().for_each(|image| *often.entry(bits(image)).or_default() += 1);
                Faulty::Memory(images, often)
            }
            Fault::MarginalsOnly => Faulty::Pixels(marginals(&data.train)),
        };
        Ok(Self { fault: Some(fault), share, faulty: Some(faulty), ..Self::without_fault(config.density()?) })
    }

    pub(super) fn pixels(&self) -> usize {
        self.pixels
    }

    pub(super) fn log_truth(&self, image: &[f32]) -> f64 {
        self.truth.log_density(image)
    }

    pub(super) fn draw_truth(&self, noise: &mut Noise, image: &mut [f32]) {
        self.truth.draw_one(noise, image);
    }

    pub(super) fn draw(&self, noise: &mut Noise, image: &mut [f32]) {
        match &self.faulty {
            Some(faulty) if noise.bernoulli(self.share) => faulty.draw(noise, image),
            _ => self.draw_truth(noise, image),
        }
    }

    pub(super) fn log_density_of(&self, image: &[f32]) -> f64 {
        let Some(faulty) = &self.faulty else { return self.log_truth(image) };
        let own = if self.share < 1.0 { (-self.share).ln_1p() + self.log_truth(image) } else { f64::NEG_INFINITY };
        let terms = [own, self.share.ln() + faulty.log_density(image)];
        log_sum_exp(terms.into_iter())
    }
}

impl Faulty {
    fn draw(&self, noise: &mut Noise, image: &mut [f32]) {
        match self {
            Self::Mixture(density) => {
                density.draw_one(noise, image);
            }
            Self::Memory(images, _) => image.copy_from_slice(images.image(noise.below(images.len()))),
            Self::Pixels(ones) => {
                image.iter_mut().zip(ones).for_each(|(pixel, one)| *pixel = f32::from(u8::from(noise.bernoulli(*one))));
            }
        }
    }

    fn log_density(&self, image: &[f32]) -> f64 {
        match self {
            Self::Mixture(density) => density.log_density(image),
            Self::Memory(images, often) => {
                let times = often.get(&bits(image)).copied().unwrap_or_default();
                (times as f64 / images.len() as f64).ln()
            }
            Self::Pixels(ones) => {
                image.iter().zip(ones).map(|(pixel, one)| if *pixel > 0.5 { one.ln() } else { (-one).ln_1p() }).sum()
            }
        }
    }
}

fn bits(image: &[f32]) -> Vec<bool> {
    image.iter().map(|pixel| *pixel > 0.5).collect()
}

/// Share of the images in which each pixel is 1.
fn marginals(images: &Split) -> Vec<f64> {
    let mut ones = vec![0.0; images.image_len];
    images.images().for_each(|image| ones.iter_mut().zip(image).for_each(|(sum, pixel)| *sum += f64::from(*pixel)));
    ones.into_iter().map(|sum| sum / images.len() as f64).collect()
}

impl GenerativeModel for FaultySampler {
    fn parameters(&self) -> u64 {
        0
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }

    fn density(&self) -> Option<&dyn ExplicitDensity> {
        Some(self)
    }
}

impl Sampler for FaultySampler {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let mut pixels = vec![0.0; count * self.pixels];
        pixels.chunks_exact_mut(self.pixels).for_each(|image| self.draw(noise, image));
        Split::new(pixels, self.pixels)
    }
}

impl ExplicitDensity for FaultySampler {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        images.images().map(|image| self.log_density_of(image)).collect()
    }
}
