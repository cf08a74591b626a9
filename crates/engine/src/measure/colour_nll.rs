//! Exact negative log-likelihood of the colours of RGB images, one by one.

use protocol::{Direction, Kind, Measurement, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};
use crate::Autoregressive;
use crate::progress::mean_of_images;

/// Number of images per pass; the conditionals of 256 levels take 200 kB per image of 8x8 pixels.
const IMAGES: usize = 64;

/// Exact negative log-likelihood of each colour of test images.
///
/// `nll_red`, `nll_green` and `nll_blue` are in nats per image, and their sum is `nll`. Each colour is given all numbers
/// before it in the ordering of the model: R given the preceding pixels, G also given R of its pixel, B also given R and
/// G. Lower is better.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct ColourNll {}

const NAMES: [&str; 3] = ["nll_red", "nll_green", "nll_blue"];

impl MeasureConfig for ColourNll {
    const NAME: &'static str = "colour_nll";
    const ABOUT: &'static str = "exact negative log-likelihood of R, of G given R, and of B given R and G, in nats";

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let absent = |reason: &str| {
            NAMES.map(|name| Measurement::absent(name, Kind::Exact, Unit::Nats, Direction::Lower, reason)).to_vec()
        };
        if subject.data.shape.channels != NAMES.len() {
            return Ok(absent("the images are not RGB"));
        }
        let Some(model) = subject.model.autoregressive() else {
            return Ok(absent("the density of the model is not a product of conditionals"));
        };
        let (terms, support) = (terms(model, &subject.data.test), subject.data.shape.support);
        let figure = |(name, terms): (&str, Vec<f64>)| {
            mean_of_images(name, Kind::Exact, Unit::Nats, Direction::Lower, terms).on(support)
        };
        Ok(NAMES.into_iter().zip(terms).map(figure).collect())
    }
}

/// Negative log-likelihood of each colour, `[colour][image]`.
fn terms(model: &dyn Autoregressive, images: &data::Split) -> [Vec<f64>; 3] {
    let plane = images.image_len / NAMES.len();
    let mut terms = NAMES.map(|_| Vec::with_capacity(images.len()));
    let all: Vec<usize> = (0..images.len()).collect();
    for chunk in all.chunks(IMAGES) {
        let images = images.select(chunk);
        let conditionals = model.conditionals(&images);
        for (index, image) in images.images().enumerate() {
            for (colour, terms) in terms.iter_mut().enumerate() {
                let pixels = colour * plane..(colour + 1) * plane;
                let log_prob = |pixel: usize| conditionals.family.log_prob(conditionals.of(index, pixel), image[pixel]);
                terms.push(-pixels.map(log_prob).sum::<f64>());
            }
        }
    }
    terms
}

#[cfg(test)]
mod tests {
    use data::Split;

    use super::*;
    use crate::{Conditionals, Family};

    /// Levels of 4 with logits that depend on the pixel only.
    struct Levels;

    impl Autoregressive for Levels {
        fn ordering(&self) -> Vec<usize> {
            (0..6).collect()
        }

        fn conditionals(&self, images: &Split) -> Conditionals {
            let of_pixel = |pixel: usize| (0..4).map(move |level| (pixel * level) as f32 * 0.1);
            let numbers = (0..images.len()).flat_map(|_| (0..6).flat_map(of_pixel)).collect();
            Conditionals { family: Family::Categorical(4), numbers, pixels: 6 }
        }

        fn sample_from(&self, uniforms: &[f32]) -> Split {
            self.sample_naive(uniforms)
        }
    }

    #[test]
    fn the_colours_add_up_to_the_likelihood_and_each_has_its_own_plane() {
        let level = |level: usize| level as f32 / 3.0;
        // More images than one pass takes.
        let images = Split::new((0..6 * 100).map(|at| level(at % 7 % 4)).collect(), 6);
        let [red, green, blue] = terms(&Levels, &images);
        let whole = Levels.conditionals(&images).log_density(&images);
        for (image, log_density) in whole.iter().enumerate() {
            assert!((red[image] + green[image] + blue[image] + log_density).abs() < 1e-12, "{image}");
        }
        // Logits of red pixels: 0 for the first one; 0, 0.1, 0.2 and 0.3 for the second one, whose level is 1.
        let total: f64 = (0..4).map(|level| f64::from(level as f32 * 0.1).exp()).sum();
        let right = 4f64.ln() + total.ln() - f64::from(0.1f32);
        assert!((red[0] - right).abs() < 1e-12, "{} {right}", red[0]);
    }
}
