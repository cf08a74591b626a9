//! Generator of two prototype images: a category selects one, a continuous number shades it.

use burn::prelude::Device;
use data::{DataShape, Noise, Split};
use engine::{
    CodePosteriors, CodeShape, Coded, Codes, Features, GenerativeModel, ModelConfig, Sampler, Trainer, log_sum_exp,
};
use protocol::{Optim, Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::descent::{Descent, DescentTrainer};
use super::sigmoid;

/// Number of prototypes.
const CATEGORIES: usize = 2;
/// Change of a pixel by the continuous code.
const SHADE: f64 = 0.15;
/// Range of the noise on a pixel.
const NOISE: f64 = 0.02;
/// Variances for the assignment of images to prototypes: of binary images in training, of drawn images in reading.
const TRAINING_VARIANCE: f64 = 0.25;
const READING_VARIANCE: f64 = 0.01;

/// Settings of a generator of two prototypes.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Prototypes {
    /// Learning rate of Adam.
    pub lr: f64,
}

impl Default for Prototypes {
    fn default() -> Self {
        Self { lr: 0.05 }
    }
}

impl ModelConfig for Prototypes {
    const NAME: &'static str = "laws_prototypes";
    const ABOUT: &'static str = "Generator of two prototype images, selected by a code that can be read back.";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        super::check_binary(data)?;
        super::check_lr(self.lr)
    }

    fn check_optim(&self, optim: &Optim) -> Result<(), Problem> {
        super::own_adam(optim)
    }

    fn tiny() -> Vec<Self> {
        vec![Self::default()]
    }

    fn build(&self, data: &DataShape, seed: u64, _device: &Device) -> Box<dyn Trainer> {
        let normals = Noise::new(seed, "laws_prototypes/weights", 0).normals(CATEGORIES * data.pixels());
        let weights = normals.into_iter().map(f64::from).collect();
        Box::new(DescentTrainer::new(Network { pixels: data.pixels(), weights }, self.lr))
    }
}

/// Log-odds of the pixels of each prototype.
#[derive(Clone)]
struct Network {
    pixels: usize,
    weights: Vec<f64>,
}

/// Sign of the continuous code's effect on a pixel.
fn sign(pixel: usize) -> f64 {
    if pixel.is_multiple_of(2) { 1.0 } else { -1.0 }
}

impl Network {
    /// Pixels of a prototype, between 0 and 1.
    fn prototype(&self, category: usize) -> impl Iterator<Item = f64> + '_ {
        self.weights[category * self.pixels..][..self.pixels].iter().map(|weight| sigmoid(*weight))
    }

    /// Mean image of a category, between 0.2 and 0.8.
    fn centre(&self, category: usize) -> impl Iterator<Item = f64> + '_ {
        self.prototype(category).map(|pixel| 0.2 + 0.6 * pixel + 0.5 * NOISE)
    }
}

/// Log-probabilities of an image belonging to each of several centres.
fn assign(image: &[f32], centres: [Vec<f64>; CATEGORIES], variance: f64) -> [f64; CATEGORIES] {
    let log = centres.map(|centre| {
        let squares = centre.iter().zip(image).map(|(centre, pixel)| (centre - f64::from(*pixel)).powi(2));
        -0.5 * squares.sum::<f64>() / variance
    });
    let total = log_sum_exp(log.iter().copied());
    log.map(|log| log - total)
}

impl Descent for Network {
    fn weights(&self) -> &Vec<f64> {
        &self.weights
    }

    fn weights_mut(&mut self) -> &mut Vec<f64> {
        &mut self.weights
    }

    /// Mean of half of the squared distances to the prototypes, weighted by the assignment of an image. The assignment
    /// is not differentiated: a step of expectation maximisation.
    fn gradient(&self, images: &Split, _noise: &mut Noise) -> (f64, Vec<f64>) {
        let share = 1.0 / images.len() as f64;
        let (mut loss, mut gradient) = (0.0, vec![0.0; self.weights.len()]);
        let prototypes = [0, 1].map(|category| self.prototype(category).collect::<Vec<_>>());
        for image in images.images() {
            let assigned = assign(image, prototypes.clone(), TRAINING_VARIANCE).map(f64::exp);
            for (category, (prototype, part)) in prototypes.iter().zip(assigned).enumerate() {
                for (pixel, (own, value)) in prototype.iter().zip(image).enumerate() {
                    let error = own - f64::from(*value);
                    loss += 0.5 * share * part * error * error;
                    gradient[category * self.pixels + pixel] += share * part * error * own * (1.0 - own);
                }
            }
        }
        (loss, gradient)
    }
}

impl GenerativeModel for Network {
    fn parameters(&self) -> u64 {
        self.weights.len() as u64
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }

    fn coded(&self) -> Option<&dyn Coded> {
        Some(self)
    }
}

impl Sampler for Network {
    fn support(&self) -> Support {
        Support::Continuous
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let codes = self.shape().draw(count, noise);
        self.draw_by(&codes, noise)
    }
}

impl Coded for Network {
    fn shape(&self) -> CodeShape {
        CodeShape { categories: CATEGORIES, continuous: 1 }
    }

    fn draw_by(&self, codes: &Codes, noise: &mut Noise) -> Split {
        let mut pixels = Vec::with_capacity(codes.categories.len() * self.pixels);
        for (category, shade) in codes.categories.iter().zip(&codes.continuous.values) {
            let centre = self.centre(*category).enumerate();
            let shaded = centre.map(|(pixel, centre)| centre + SHADE * shade * sign(pixel));
            pixels.extend(shaded.map(|pixel| (pixel + NOISE * (noise.uniform() - 0.5)) as f32));
        }
        Split::new(pixels, self.pixels)
    }

    fn read(&self, images: &Split) -> CodePosteriors {
        let (mut log_categories, mut means) = (Vec::new(), Vec::new());
        let centres = [0, 1].map(|category| self.centre(category).collect::<Vec<_>>());
        for image in images.images() {
            let assigned = assign(image, centres.clone(), READING_VARIANCE);
            let centre = &centres[usize::from(assigned[1] > assigned[0])];
            let shades = centre.iter().zip(image).enumerate();
            let shade = |(pixel, (centre, value)): (usize, (&f64, &f32))| sign(pixel) * (f64::from(*value) - centre);
            means.push(shades.map(shade).sum::<f64>() / (SHADE * self.pixels as f64));
            log_categories.extend(assigned);
        }
        let log_variances = vec![READING_VARIANCE.ln(); means.len()];
        CodePosteriors {
            log_categories: Features { values: log_categories, width: CATEGORIES },
            means: Features { values: means, width: 1 },
            log_variances: Features { values: log_variances, width: 1 },
        }
    }
}
