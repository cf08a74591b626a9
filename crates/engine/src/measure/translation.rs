//! Error of translations between two domains, for data with true pairs.

use data::{DataShape, Split};
use protocol::{Control, ControlKind, Direction, Kind, Measurement, Problem, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};
use crate::Translator;
use crate::progress::{mean_of_images, mean_se};

/// Mean absolute error of translations between two domains, per pixel, over test pairs and both directions.
///
/// - `paired_error`: error against the true partners, which are unseen in training.
/// - `paired_error_identity`: error of untranslated images.
/// - `paired_error_shuffled`: error of true images that belong to other pairs. A model that translates into the right domain
///   but changes the content has about this error.
/// - `paired_error_ratio`: `paired_error` divided by `paired_error_identity`.
/// - `cycle_error`: error of the translation to the other domain and back, against the original. It can be near 0 with
///   wrong translations, if the intermediate image hides a code of the original.
/// - `cycle_error_noised`: the same with Gaussian noise on the intermediate image, which destroys such a code (Chu,
///   Zhmoginov and Sandler, 2017).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Translation {
    /// Maximum number of test pairs, 1 to 100,000.
    #[schemars(range(min = 1, max = 100_000))]
    pairs: usize,
    /// Standard deviation of the noise on intermediate images, 0 to 1; pixels are in [0, 1].
    #[schemars(range(min = 0, max = 1))]
    noise: f64,
}

impl Default for Translation {
    fn default() -> Self {
        Self { pairs: 400, noise: 0.05 }
    }
}

const FIGURES: [(&str, Direction); 6] = [
    ("paired_error", Direction::Lower),
    ("paired_error_identity", Direction::Neither),
    ("paired_error_shuffled", Direction::Neither),
    ("paired_error_ratio", Direction::Lower),
    ("cycle_error", Direction::Lower),
    ("cycle_error_noised", Direction::Lower),
];

impl MeasureConfig for Translation {
    const NAME: &'static str = "translation";
    const ABOUT: &'static str =
        "error of translations between two domains against true pairs, with the error of the identity and of cycles";
    // 2: error of images of other pairs.
    const VERSION: u32 = 2;

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        if !(1..=100_000).contains(&self.pairs) {
            return Err(Problem::new("pairs", format!("{} is out of range", self.pairs)).help("between 1 and 100000"));
        }
        if !(0.0..=1.0).contains(&self.noise) {
            return Err(Problem::new("noise", format!("{} is out of range", self.noise)).help("from 0 to 1"));
        }
        Ok(())
    }

    fn controls(&self) -> Vec<Control> {
        ["identity", "shuffled"].map(|label| Control::new("paired_error", ControlKind::Baseline, label)).to_vec()
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let test = subject.data.test.take(self.pairs);
        let (Some(translator), Some(other)) = (subject.model.translator(), test.other.as_deref()) else {
            let absent = |(name, direction)| {
                let reason = "the model does not translate between two domains";
                Measurement::absent(name, Kind::Estimate, Unit::One, direction, reason)
            };
            return Ok(FIGURES.map(absent).to_vec());
        };
        let errors = self.errors(translator, &test, other, subject);
        Ok(FIGURES.into_iter().zip(errors).map(|((name, direction), errors)| errors.figure(name, direction)).collect())
    }
}

impl Translation {
    /// Errors in the order of [`FIGURES`].
    fn errors(&self, translator: &dyn Translator, a: &Split, b: &Split, subject: &Subject<'_>) -> [Errors; 6] {
        let (to_b, to_a) = (translator.forth(a), translator.back(b));
        let both = |forth: [&Split; 2], back: [&Split; 2]| -> Vec<f64> {
            let [forth, back] = [forth, back].map(|[x, y]| l1(x, y));
            forth.iter().zip(&back).map(|(forth, back)| 0.5 * (forth + back)).collect()
        };
        let paired = both([&to_b, b], [&to_a, a]);
        let identity = both([a, b], [b, a]);
        // Each pair has the images of the next one.
        let next: Vec<usize> = (1..a.len()).chain([0]).collect();
        let shuffled = both([&b.select(&next), b], [&a.select(&next), a]);
        let cycle = both([&translator.back(&to_b), a], [&translator.forth(&to_a), b]);
        let mut noise = subject.noise("measure/translation");
        let mut noised = |images: &Split| {
            let drawn = |pixel: &f32| (f64::from(*pixel) + self.noise * noise.normal()).clamp(0.0, 1.0) as f32;
            Split::new(images.pixels.iter().map(drawn).collect(), images.image_len)
        };
        let (to_b, to_a) = (noised(&to_b), noised(&to_a));
        let cycle_noised = both([&translator.back(&to_b), a], [&translator.forth(&to_a), b]);
        let ratio = Errors::Ratio(paired.clone(), identity.clone());
        let [paired, identity, shuffled, cycle, cycle_noised] =
            [paired, identity, shuffled, cycle, cycle_noised].map(Errors::Mean);
        [paired, identity, shuffled, ratio, cycle, cycle_noised]
    }
}

/// Errors of all pairs of images.
enum Errors {
    /// Their mean is the figure.
    Mean(Vec<f64>),
    /// The ratio of the two means is the figure.
    Ratio(Vec<f64>, Vec<f64>),
}

impl Errors {
    fn figure(self, name: &str, direction: Direction) -> Measurement {
        match self {
            Self::Mean(errors) => mean_of_images(name, Kind::Estimate, Unit::One, direction, errors),
            Self::Ratio(above, below) => {
                let (value, se) = ratio(&above, &below);
                Measurement::new(name, Kind::Estimate, Unit::One, direction, value)
                    .with_se(se.unwrap_or(f64::NAN))
                    .with_n(above.len())
            }
        }
    }
}

/// Mean absolute difference of each pair of images, per pixel.
fn l1(a: &Split, b: &Split) -> Vec<f64> {
    let of = |(a, b): (&[f32], &[f32])| a.iter().zip(b).map(|(a, b)| f64::from((a - b).abs())).sum::<f64>();
    a.images().zip(b.images()).map(|pair| of(pair) / a.image_len as f64).collect()
}

/// Ratio of two means and its standard error to first order, over pairs.
fn ratio(above: &[f64], below: &[f64]) -> (f64, Option<f64>) {
    let (top, bottom) = (mean_se(above).0, mean_se(below).0);
    let ratio = top / bottom;
    let residuals: Vec<f64> = above.iter().zip(below).map(|(a, b)| (a - ratio * b) / bottom).collect();
    (ratio, mean_se(&residuals).1)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use data::{DataConfig, Dataset, Domains};

    use super::*;
    use crate::GenerativeModel;

    /// Exact translation, identity, or a translation that hides the image in a faint code.
    enum Toy {
        True,
        Identity,
        Code,
    }

    impl GenerativeModel for Toy {
        fn parameters(&self) -> u64 {
            0
        }
        fn translator(&self) -> Option<&dyn Translator> {
            Some(self)
        }
    }

    fn each(images: &Split, map: impl Fn(usize, f32) -> f32) -> Split {
        let pixels = images.images().flat_map(|image| image.iter().enumerate().map(|(i, x)| map(i / 16 % 2, *x)));
        Split::new(pixels.collect(), images.image_len)
    }

    impl Translator for Toy {
        fn forth(&self, images: &Split) -> Split {
            match self {
                Self::True => each(images, |odd, x| if odd == 1 { 0.25 * x } else { x }),
                Self::Identity => images.clone(),
                Self::Code => each(images, |_, x| 1e-3 * x),
            }
        }
        fn back(&self, images: &Split) -> Split {
            match self {
                Self::True => each(images, |odd, x| if odd == 1 { 4.0 * x } else { x }),
                Self::Identity => images.clone(),
                Self::Code => each(images, |_, x| 1e3 * x),
            }
        }
    }

    fn figures(model: &Toy, data: &Dataset) -> [f64; 6] {
        let subject = Subject { model, data, data_sha256: "", seed: 0, dir: Path::new("."), cache: Path::new(".") };
        let figures = Translation::default().measure(&subject).expect("measured");
        [0, 1, 2, 3, 4, 5].map(|index| figures[index].value.expect("there is one"))
    }

    #[test]
    fn the_noised_cycle_detects_a_hidden_code() {
        let data = Domains::default().load().expect("generated");
        let [paired, identity, shuffled, ratio, cycle, noised] = figures(&Toy::True, &data);
        assert_eq!([paired, ratio, cycle], [0.0; 3]);
        assert!(shuffled > 2.0 * identity, "{shuffled}: shapes in other places");
        assert!(identity > 0.02 && noised < 0.15, "{identity} {noised}");
        let [paired, identity, _, ratio, cycle, _] = figures(&Toy::Identity, &data);
        assert_eq!((paired, ratio, cycle), (identity, 1.0, 0.0));
        let [_, _, _, ratio, cycle, noised] = figures(&Toy::Code, &data);
        assert!(ratio > 1.0 && cycle < 1e-6 && noised > 5.0, "{ratio} {cycle} {noised}");
    }

    #[test]
    fn a_constant_ratio_has_no_standard_error() {
        assert_eq!(ratio(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]), (0.5, Some(0.0)));
    }
}
