//! A mixture of random templates whose pixels are flipped independently.

use std::ops::Bound;
use std::sync::OnceLock;

use protocol::Support;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::{real, whole};
use crate::synthetic::components::Components;
use crate::synthetic::draws::{COUNTS, Draws, SIDE, Source, Stream, bits, pixel};
use crate::synthetic::numbers::{coin_entropy, log_sum_exp};
use crate::{DataConfig, DataError, DataShape, Dataset, Entropy, ExactDensity, Modes, Noise, Split};

/// Settings of `mixture`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Mixture {
    /// Height in pixels.
    #[schemars(range(min = 1, max = 256))]
    pub height: usize,
    /// Width in pixels.
    #[schemars(range(min = 1, max = 256))]
    pub width: usize,
    /// Number of templates, all equally likely. The label of an image is its template.
    #[schemars(range(min = 1, max = 10_000))]
    pub templates: usize,
    /// Probability that a pixel differs from the template.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 0.5))]
    pub eps: f64,
    /// Seed of the templates.
    pub template_seed: u64,
    /// Seed of the images.
    pub seed: u64,
    /// Number of training images.
    #[schemars(range(min = 1, max = 178_956_970))]
    pub train: usize,
    /// Number of validation images.
    #[schemars(range(min = 1, max = 178_956_970))]
    pub validation: usize,
    /// Number of test images.
    #[schemars(range(min = 1, max = 178_956_970))]
    pub test: usize,
}

impl Default for Mixture {
    fn default() -> Self {
        let [train, validation, test] = COUNTS;
        Self { height: SIDE, width: SIDE, templates: 10, eps: 0.05, template_seed: 0, seed: 0, train, validation, test }
    }
}

impl DataConfig for Mixture {
    const NAME: &'static str = "mixture";
    const ABOUT: &'static str = "random binary templates with independent flips, labelled; exact density";

    fn describe(&self) -> Result<DataShape, DataError> {
        real("eps", self.eps, (Bound::Excluded(0.0), Bound::Included(0.5)), "above 0 and at most 0.5")?;
        whole("templates", self.templates, 1..=10_000, "1 to 10,000")?;
        self.draws().shape(Support::Binary, Some(self.templates))
    }

    fn load(&self) -> Result<Dataset, DataError> {
        Ok(self.draws().dataset(Self::NAME, self.describe()?, self.density()?))
    }
}

impl Mixture {
    /// The distribution of the images.
    ///
    /// # Errors
    /// A setting is out of range.
    pub fn density(&self) -> Result<MixtureDensity, DataError> {
        let len = self.describe()?.pixels();
        let mut noise = Noise::new(self.template_seed, "synthetic/mixture/templates", 0);
        let mut template = || (0..len).map(|_| noise.bernoulli(0.5)).collect();
        Ok(MixtureDensity {
            templates: (0..self.templates).map(|_| template()).collect(),
            len,
            eps: self.eps,
            entropy_seed: self.template_seed,
            entropy: OnceLock::new(),
        })
    }

    fn draws(&self) -> Draws {
        let counts = [self.train, self.validation, self.test];
        Draws { height: self.height, width: self.width, seed: self.seed, counts }
    }
}

/// The distribution of `mixture`.
#[derive(Clone, Debug)]
pub struct MixtureDensity {
    templates: Vec<Vec<bool>>,
    len: usize,
    eps: f64,
    entropy_seed: u64,
    // Computed on first use: it takes time, and not every trial needs it.
    entropy: OnceLock<Entropy>,
}

impl MixtureDensity {
    /// ln K + n h(eps): the entropy if every image determined its template. It is an upper bound of the entropy, and close
    /// to it if the templates are far apart.
    #[must_use]
    pub fn entropy_bound(&self) -> f64 {
        (self.templates.len() as f64).ln() + self.len as f64 * coin_entropy(self.eps)
    }

    /// Number of pixels of an image.
    #[must_use]
    pub fn pixels(&self) -> usize {
        self.len
    }

    /// Draws an image in place, and returns the index of its template.
    pub fn draw_one(&self, noise: &mut Noise, image: &mut [f32]) -> usize {
        self.draw_into(noise, image)
    }
}

impl Components for MixtureDensity {
    fn components(&self) -> usize {
        self.templates.len()
    }

    fn image_len(&self) -> usize {
        self.len
    }

    fn draw_into(&self, noise: &mut Noise, image: &mut [f32]) -> usize {
        let component = noise.below(self.templates.len());
        for (out, bit) in image.iter_mut().zip(&self.templates[component]) {
            *out = pixel(bit ^ noise.bernoulli(self.eps));
        }
        component
    }
}

impl ExactDensity for MixtureDensity {
    fn log_density(&self, image: &[f32]) -> f64 {
        let Some(bits) = bits(image, self.len) else { return f64::NEG_INFINITY };
        let (flip, stay) = (self.eps.ln(), (-self.eps).ln_1p());
        let component = |template: &Vec<bool>| {
            let flips = template.iter().zip(&bits).filter(|(a, b)| a != b).count();
            flips as f64 * flip + (self.len - flips) as f64 * stay
        };
        let terms: Vec<_> = self.templates.iter().map(component).collect();
        log_sum_exp(&terms) - (terms.len() as f64).ln()
    }

    fn entropy(&self) -> Entropy {
        let noise = || Noise::new(self.entropy_seed, "synthetic/mixture/entropy", 0);
        *self.entropy.get_or_init(|| self.entropy_by_draws(noise()))
    }

    fn modes(&self) -> Option<&dyn Modes> {
        Some(self)
    }
}

/// The modes are the templates. The mode of an image is the nearest template, the first of equally near ones.
impl Modes for MixtureDensity {
    fn weights(&self) -> Vec<f64> {
        self.equal_weights()
    }

    fn of(&self, image: &[f32]) -> usize {
        let flips = |template: &[bool]| template.iter().zip(image).filter(|(bit, p)| **bit != (**p > 0.5)).count();
        let nearest = self.templates.iter().enumerate().min_by_key(|(_, template)| flips(template));
        nearest.map_or(0, |(index, _)| index)
    }
}

impl Source for MixtureDensity {
    fn draw(&self, stream: &Stream, count: usize) -> Split {
        self.labelled_images(stream, count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_of_mnist_sized_mixtures_is_the_reference() {
        let bound = |templates, eps| {
            let mixture = Mixture { height: 28, width: 28, templates, eps, ..Mixture::default() };
            mixture.density().unwrap().entropy_bound()
        };
        let bounds = format!("{:.3} {:.3} {:.3}", bound(10, 0.05), bound(100, 0.05), bound(10, 0.1));
        assert_eq!(bounds, "157.939 160.241 257.168");
    }

    #[test]
    fn the_entropy_is_at_most_the_bound_and_far_below_it_when_templates_overlap() {
        for (side, templates, eps) in [(2, 6, 0.1), (3, 10, 0.2), (4, 3, 0.01), (8, 10, 0.05)] {
            let mixture = Mixture { height: side, width: side, templates, eps, ..Mixture::default() };
            let density = mixture.density().unwrap();
            let Entropy { nats, se } = density.entropy();
            assert!(nats <= density.entropy_bound() + 4.0 * se.unwrap(), "{mixture:?}: {nats}");
            if side < 4 {
                assert!(nats < density.entropy_bound() - 0.1, "{mixture:?}: {nats}");
            }
        }
    }

    #[test]
    fn an_image_carries_the_label_of_its_template() {
        let mixture = Mixture { eps: 0.01, ..Mixture::default() };
        let data = mixture.load().unwrap();
        let density = mixture.density().unwrap();
        let labels = data.test.labels.as_ref().unwrap();
        let flips: usize = data
            .test
            .images()
            .zip(labels)
            .map(|(image, label)| {
                let template = &density.templates[usize::from(*label)];
                image.iter().zip(template).filter(|(p, bit)| **p != pixel(**bit)).count()
            })
            .sum();
        let n = data.test.pixels.len() as f64;
        assert!((flips as f64 / n - 0.01).abs() < 5.0 * (0.01 * 0.99 / n).sqrt(), "{flips} flips in {n}");
        assert_eq!(data.shape.classes, Some(10));
        let correct = data.test.images().zip(labels).filter(|(image, label)| density.of(image) == usize::from(**label));
        assert_eq!(correct.count(), data.test.len(), "the nearest template is the image's own");
        assert_eq!(labels.iter().max(), Some(&9));
    }
}
