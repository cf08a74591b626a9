//! Agreement of images with their captions, read from pixels by the reader of the data set.

use std::collections::{BTreeMap, BTreeSet};

use data::{CaptionReader, Captions, DataShape, Split};
use protocol::{Control, Direction, Kind, Measurement, Problem, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::chance::chance;
use super::{MeasureConfig, MeasureError, Subject};
use crate::progress::mean_se;

/// Agreement of generated images with their captions: one image per test caption. Test captions are unseen in training.
///
/// - `caption_accuracy`: mean share of the stated attributes that the reader finds in the image, 0 to 1. An unreadable
///   image counts as 0.
/// - `caption_accuracy_real`: the same for the real test images.
/// - `caption_accuracy_chance`: the same for real images that do not depend on the caption: the mean over all pairs of a
///   caption and a readable test image.
/// - `caption_exact`: share of images with all stated attributes.
/// - `caption_unreadable`: share of images that the reader cannot read.
/// - `caption_accuracy_<attribute>`: accuracy over the images whose captions state that attribute.
///
/// Standard errors are over captions, because images with one caption are similar.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct CaptionAccuracy {
    /// Maximum number of test images, 1 to 100,000.
    #[schemars(range(min = 1, max = 100_000))]
    images: usize,
}

impl Default for CaptionAccuracy {
    fn default() -> Self {
        Self { images: 2_000 }
    }
}

const FIGURES: [(&str, Direction); 5] = [
    ("caption_accuracy", Direction::Higher),
    ("caption_accuracy_real", Direction::Neither),
    ("caption_accuracy_chance", Direction::Neither),
    ("caption_exact", Direction::Higher),
    ("caption_unreadable", Direction::Lower),
];

impl MeasureConfig for CaptionAccuracy {
    const NAME: &'static str = "caption_accuracy";
    const ABOUT: &'static str =
        "share of the attributes in unseen captions that a reader finds in the generated images";
    // 2: accuracy of images that do not depend on the caption.
    const VERSION: u32 = 2;

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        if !(1..=100_000).contains(&self.images) {
            return Err(Problem::new("images", format!("{} is out of range", self.images)).help("between 1 and 100000"));
        }
        Ok(())
    }

    fn controls(&self) -> Vec<Control> {
        let untrained = ["caption_accuracy", "caption_exact"].map(Control::untrained);
        untrained.into_iter().chain([Control::real("caption_accuracy"), chance("caption_accuracy")]).collect()
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let test = subject.data.test.take(self.images);
        let (Some(model), Some(captions), Some(reader)) =
            (subject.model.conditional(), &test.captions, &subject.data.reader)
        else {
            let absent = |(name, direction)| {
                let reason =
                    "the model does not generate images from captions, or the data set has no reader of captions";
                Measurement::absent(name, Kind::Estimate, Unit::One, direction, reason)
            };
            return Ok(FIGURES.map(absent).to_vec());
        };
        let drawn = model.sample_for(captions, &mut subject.noise("measure/caption_accuracy"));
        let (found, real) = (Answers::new(&drawn, captions, &**reader), Answers::new(&test, captions, &**reader));
        let right = |answer: &Answer| Some(answer.right());
        let figures = [
            found.mean(right),
            real.mean(right),
            by_chance(&test, captions, &**reader),
            found.mean(|answer| Some(f64::from(u8::from(answer.right() == 1.0)))),
            found.mean(|answer| Some(f64::from(u8::from(answer.unreadable)))),
        ];
        let named = FIGURES.map(|(name, direction)| (name.to_owned(), direction));
        let attributes = reader.attributes().iter().enumerate().map(|(index, attribute)| {
            let of = |answer: &Answer| answer.of[index].map(|right| f64::from(u8::from(right)));
            ((format!("caption_accuracy_{attribute}"), Direction::Higher), found.mean(of))
        });
        Ok(named
            .into_iter()
            .zip(figures)
            .chain(attributes)
            .map(|((name, direction), mean)| {
                let figure = Measurement::new(name, Kind::Estimate, Unit::One, direction, mean.value).with_n(mean.n);
                let figure = if let Some(se) = mean.se { figure.with_se(se) } else { figure };
                figure.of_images(mean.of_captions).on(model.support())
            })
            .collect())
    }
}

/// Agreement of one image with its caption.
struct Answer {
    unreadable: bool,
    /// `true` if the reader finds each attribute as stated; `None` for attributes that are not stated.
    of: Vec<Option<bool>>,
}

impl Answer {
    fn new(stated: &[Option<u8>], read: Option<&[Option<u8>]>) -> Self {
        let is_right =
            |(index, stated): (usize, &Option<u8>)| stated.map(|_| read.is_some_and(|read| read[index] == *stated));
        Self { unreadable: read.is_none(), of: stated.iter().enumerate().map(is_right).collect() }
    }

    /// Share of the stated attributes that are right.
    fn right(&self) -> f64 {
        let stated = self.of.iter().flatten().count();
        self.of.iter().flatten().filter(|right| **right).count() as f64 / stated as f64
    }
}

/// Answers of all images, by caption.
struct Answers<'a>(BTreeMap<&'a [u16], Vec<Answer>>);

/// Accuracy of the readable images of `images` with every caption, of whatever image.
fn by_chance(images: &Split, captions: &Captions, reader: &dyn CaptionReader) -> Mean {
    let readings: Vec<_> = images.images().filter_map(|image| reader.read(image)).collect();
    let distinct: BTreeSet<_> = captions.rows().collect();
    let of_caption = |caption: &[u16]| {
        let stated = reader.stated(caption);
        readings.iter().map(|read| Answer::new(&stated, Some(read)).right()).sum::<f64>() / readings.len() as f64
    };
    Mean::of(distinct.into_iter().map(of_caption).collect(), images.len())
}

/// Mean over images with its standard error over captions.
struct Mean {
    value: f64,
    se: Option<f64>,
    n: usize,
    /// Mean of each caption, so that two models are compared caption by caption.
    of_captions: Vec<f64>,
}

impl<'a> Answers<'a> {
    fn new(images: &Split, captions: &'a Captions, reader: &dyn CaptionReader) -> Self {
        let mut answers: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (image, caption) in images.images().zip(captions.rows()) {
            let answer = Answer::new(&reader.stated(caption), reader.read(image).as_deref());
            answers.entry(caption).or_default().push(answer);
        }
        Self(answers)
    }

    /// Mean of `value` over the images that have a value.
    fn mean(&self, value: impl Fn(&Answer) -> Option<f64>) -> Mean {
        let of_caption = |answers: &Vec<Answer>| {
            let values: Vec<f64> = answers.iter().filter_map(&value).collect();
            (!values.is_empty()).then(|| (values.iter().sum::<f64>() / values.len() as f64, values.len()))
        };
        let captions: Vec<(f64, usize)> = self.0.values().filter_map(of_caption).collect();
        // All captions have the same number of test images, so the mean of means equals the mean.
        Mean::of(captions.iter().map(|(mean, _)| *mean).collect(), captions.iter().map(|(_, images)| images).sum())
    }
}

impl Mean {
    fn of(of_captions: Vec<f64>, n: usize) -> Self {
        let (value, se) = mean_se(&of_captions);
        Self { value, se, n, of_captions }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use data::{CaptionedScenes, DataConfig, Dataset, Noise};
    use protocol::Support;

    use super::*;
    use crate::{ConditionalSampler, GenerativeModel};

    /// Model that returns test images: of the caption, or of a later caption.
    struct Toy {
        test: Split,
        shift: usize,
        light: f32,
    }

    impl GenerativeModel for Toy {
        fn parameters(&self) -> u64 {
            0
        }
        fn conditional(&self) -> Option<&dyn ConditionalSampler> {
            Some(self)
        }
    }

    impl ConditionalSampler for Toy {
        fn support(&self) -> Support {
            Support::Continuous
        }
        fn sample_for(&self, captions: &Captions, _: &mut Noise) -> Split {
            let known = self.test.captions.as_ref().expect("captions");
            let index = |caption| known.rows().position(|row| row == caption).expect("a test caption") + self.shift;
            let mut images = self.test.select(&captions.rows().map(index).collect::<Vec<_>>());
            images.pixels.iter_mut().for_each(|pixel| *pixel *= self.light);
            images
        }
    }

    fn figures(data: &Dataset, shift: usize, light: f32) -> Vec<Measurement> {
        let model = Toy { test: data.test.clone(), shift, light };
        let subject =
            Subject { model: &model, data, data_sha256: "", seed: 0, dir: Path::new("."), cache: Path::new(".") };
        CaptionAccuracy::default().measure(&subject).expect("measured")
    }

    #[test]
    fn right_wrong_and_unreadable_images_are_counted() {
        let data = CaptionedScenes { train: 1, ..CaptionedScenes::default() }.load().expect("generated");
        let values =
            |figures: Vec<Measurement>| [0, 1, 3, 4].map(|index: usize| figures[index].value.expect("a value"));
        assert_eq!(values(figures(&data, 0, 1.0)), [1.0, 1.0, 1.0, 0.0]);
        assert_eq!(values(figures(&data, 0, 0.1)), [0.0, 1.0, 0.0, 1.0]);
        let [accuracy, _, exact, unreadable] = values(figures(&data, 1, 1.0));
        assert!((0.1..0.6).contains(&accuracy) && exact == 0.0 && unreadable == 0.0, "{accuracy}");
        let all = figures(&data, 1, 1.0);
        assert_eq!(all.len(), 5 + 8);
        // Images of another caption are right by chance.
        let chance = all[2].value.expect("a value");
        assert!((0.3..0.45).contains(&chance) && (accuracy - chance).abs() < 0.15, "{chance} {accuracy}");
        assert!(all[0].se.is_some_and(|se| se > 0.01), "over 72 captions, not 576 images");
        let of = |name: &str| all.iter().find(|figure| figure.name == name).and_then(|figure| figure.n);
        assert_eq!(of("caption_accuracy_colour"), Some(576));
        let [position, relation] = ["position", "relation"].map(|name| of(&format!("caption_accuracy_{name}")));
        assert_eq!(position.zip(relation).map(|(a, b)| a + b), Some(576));
    }
}
