//! The data's own distribution with a share of one fault.

use std::collections::BTreeMap;

use data::{DataError, Dataset, ExactDensity, Mixture, MixtureDensity, Noise, Split};
use protocol::Support;

use crate::conditionals::log_sum_exp;
use crate::{ExplicitDensity, GenerativeModel, Sampler};

/// What is wrong with a sampler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It draws three of the ten modes.
    DroppedModes,
    /// It flips three times as many pixels.
    Blur,
    /// It repeats training images, 500 of them.
    Memorised,
    /// Its pixels are independent.
    MarginalsOnly,
}

/// Training images that a [`Fault::Memorised`] repeats.
const REMEMBERED: usize = 500;
const MODES: usize = 3;
const BLUR: f64 = 3.0;

impl Fault {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::DroppedModes, Self::Blur, Self::Memorised, Self::MarginalsOnly];

    /// For tables.
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

/// What a share of the images comes from.
#[derive(Clone, Debug)]
enum Bad {
    Mixture(MixtureDensity),
    /// The images, and how often each is among them.
    Memory(Split, BTreeMap<Vec<bool>, usize>),
    /// P(pixel = 1).
    Pixels(Vec<f64>),
}

/// A sampler with an exact density: (1 - share) of the truth and `share` of something else.
#[derive(Clone, Debug)]
pub struct Impostor {
    /// What is wrong; `None` for the truth.
    pub fault: Option<Fault>,
    /// The share of images that have the fault.
    pub share: f64,
    truth: MixtureDensity,
    bad: Option<Bad>,
    pixels: usize,
}

impl Impostor {
    /// The data's own distribution.
    #[must_use]
    pub fn honest(truth: MixtureDensity) -> Self {
        let pixels = truth.pixels();
        Self { fault: None, share: 0.0, truth, bad: None, pixels }
    }

    /// `share` of `fault`; `data` are draws of `config`.
    ///
    /// # Errors
    /// `config` is out of range.
    pub fn new(config: &Mixture, fault: Fault, share: f64, data: &Dataset) -> Result<Self, DataError> {
        let mixture = |config: Mixture| Ok::<_, DataError>(Bad::Mixture(config.density()?));
        let bad = match fault {
            Fault::DroppedModes => mixture(Mixture { templates: MODES, ..config.clone() })?,
            Fault::Blur => mixture(Mixture { eps: (BLUR * config.eps).min(0.5), ..config.clone() })?,
            Fault::Memorised => {
                let images = data.train.take(REMEMBERED);
                let mut often = BTreeMap::new();
                images.images().for_each(|image| *often.entry(bits(image)).or_default() += 1);
                Bad::Memory(images, often)
            }
            Fault::MarginalsOnly => Bad::Pixels(marginals(&data.train)),
        };
        Ok(Self { fault: Some(fault), share, bad: Some(bad), ..Self::honest(config.density()?) })
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
        match &self.bad {
            Some(bad) if noise.bernoulli(self.share) => bad.draw(noise, image),
            _ => self.draw_truth(noise, image),
        }
    }

    pub(super) fn log_density_of(&self, image: &[f32]) -> f64 {
        let Some(bad) = &self.bad else { return self.log_truth(image) };
        let own = if self.share < 1.0 { (-self.share).ln_1p() + self.log_truth(image) } else { f64::NEG_INFINITY };
        let terms = [own, self.share.ln() + bad.log_density(image)];
        log_sum_exp(terms.into_iter())
    }
}

impl Bad {
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

/// The share of images in which each pixel is 1.
fn marginals(images: &Split) -> Vec<f64> {
    let mut ones = vec![0.0; images.image_len];
    images.images().for_each(|image| ones.iter_mut().zip(image).for_each(|(sum, pixel)| *sum += f64::from(*pixel)));
    ones.into_iter().map(|sum| sum / images.len() as f64).collect()
}

impl GenerativeModel for Impostor {
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

impl Sampler for Impostor {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let mut pixels = vec![0.0; count * self.pixels];
        pixels.chunks_exact_mut(self.pixels).for_each(|image| self.draw(noise, image));
        Split::new(pixels, self.pixels)
    }
}

impl ExplicitDensity for Impostor {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        images.images().map(|image| self.log_density_of(image)).collect()
    }
}
