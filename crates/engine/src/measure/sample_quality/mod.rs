//! Samples beside test images, in the features of a small frozen network: five questions, each with what
//! real images score.

mod classes;
mod extrapolated;
mod kernel;
mod neighbours;

#[cfg(test)]
mod tests;

use data::{DataShape, Split};
use protocol::{Direction, Kind, Measurement, Problem, Support, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::classes::classifier_score;
use self::extrapolated::frechet_at_infinity;
use self::kernel::kid;
use self::neighbours::Distances;
use super::{MeasureConfig, MeasureError, Subject};
use crate::Features;
use crate::features::{Extractor, FeaturesOf};

/// Above this share of test images whose ball has radius 0, balls say nothing.
const COPIED: f64 = 0.05;

/// The figures are listed in `FIGURES`. Each has a twin with `_real` after its name: the same of images of
/// the validation split in the samples' place. Samples, test images and validation images are equally many.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct SampleQuality {
    /// Images of each kind at most. 0 means as many as both the test and the validation split have.
    samples: usize,
    /// Feature dimension at most; never above a fifth of the samples.
    dim: usize,
    /// The network whose features are compared.
    features: FeaturesOf,
    /// The neighbour that a ball reaches to, for precision and recall.
    precision_k: usize,
    /// The same for density and coverage.
    coverage_k: usize,
}

impl Default for SampleQuality {
    fn default() -> Self {
        Self { samples: 0, dim: 32, features: FeaturesOf::Auto, precision_k: 3, coverage_k: 5 }
    }
}

impl SampleQuality {
    /// The distances of 2,000 images of each kind take a second or two, and grow by the square.
    const MOST: usize = 2_000;

    fn count(&self, test: usize, validation: usize) -> usize {
        let all = test.min(validation).min(Self::MOST);
        if self.samples == 0 { all } else { self.samples.min(all) }
    }
}

/// Names, and which way is better.
const FIGURES: [(&str, Direction); 10] = [
    ("fid_infinity", Direction::Lower),
    ("kid", Direction::Lower),
    ("precision", Direction::Higher),
    ("recall", Direction::Higher),
    ("density", Direction::Neither),
    ("coverage", Direction::Higher),
    ("own_nearest_samples", Direction::Neither),
    ("own_nearest_images", Direction::Neither),
    ("told_apart", Direction::Lower),
    ("classifier_score", Direction::Higher),
];

/// A figure, its standard error and how many images it rests on; or why there is none.
type Answer = Result<(f64, Option<f64>, usize), String>;

impl MeasureConfig for SampleQuality {
    const NAME: &'static str = "sample_quality";
    const ABOUT: &'static str =
        "KID, precision, recall, density, coverage, two-sample tests, classifier score; each with real images' score";

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if self.dim == 0 {
            return Err(Problem::new("dim", "a distance needs a feature").help("at least 1"));
        }
        let count = self.count(data.test, data.validation);
        if count < 20 {
            let problem = Problem::new("samples", format!("{count} images are too few"));
            return Err(problem.help("at least 20 samples, test images and validation images"));
        }
        for (key, k) in [("precision_k", self.precision_k), ("coverage_k", self.coverage_k)] {
            if !(1..count).contains(&k) {
                let problem = Problem::new(key, format!("{k} of {count} images are not neighbours of one"));
                return Err(problem.help(format!("between 1 and {}", count - 1)));
            }
        }
        self.features.check(data)
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let absent = |reason: &str| {
            FIGURES
                .map(|(name, direction)| Measurement::absent(name, Kind::Estimate, Unit::One, direction, reason))
                .to_vec()
        };
        let Some(sampler) = subject.model.sampler() else { return Ok(absent("the model cannot be sampled")) };
        let data = subject.data;
        let n = self.count(data.test.len(), data.validation.len());
        let dim = self.dim.min(n / 5);
        let extractor = Extractor::obtain(self.features, data, subject.data_sha256, dim, subject.cache)?;
        let fake = sampler.sample(n, &mut subject.noise("measure/sample_quality"));
        let real = extractor.features(&data.test.take(n));
        let score = |images: &Split| {
            let features = extractor.features(images);
            if !(features.are_sound() && real.are_sound()) {
                return FIGURES.map(|_| Err("a feature is not a finite number".to_owned()));
            }
            self.answers(&real, &features, extractor.probabilities(images), subject)
        };
        let (fake, real) = (score(&fake), score(&data.validation.take(n)));
        let figure = |name: String, direction, answer: Answer, support: Support| match answer {
            Err(reason) => Measurement::absent(name, Kind::Estimate, Unit::One, direction, reason),
            Ok((value, se, n)) => Measurement::new(name, Kind::Estimate, Unit::One, direction, value)
                .with_se(se.unwrap_or(f64::NAN))
                .with_n(n)
                .on(support),
        };
        let mut figures = Vec::new();
        for (((name, direction), fake), real) in FIGURES.into_iter().zip(fake).zip(real) {
            let floor = real.as_ref().map(|(value, ..)| format!("real images in the samples' place: {value:.3}"));
            let fake = figure(name.to_owned(), direction, fake, sampler.support());
            figures.push(match floor {
                Ok(floor) if fake.value.is_some() => fake.remark(floor),
                _ => fake,
            });
            figures.push(figure(format!("{name}_real"), Direction::Neither, real, data.shape.support));
        }
        // Said once: it is the same for all.
        if let Some(first) = figures.iter_mut().find(|figure| figure.value.is_some()) {
            let floor = first.reason.take().map_or_else(String::new, |floor| format!("{floor}; "));
            *first = first.clone().remark(format!("{floor}{}", extractor.describe()));
        }
        Ok(figures)
    }
}

impl SampleQuality {
    /// In the order of [`FIGURES`].
    fn answers(
        &self,
        real: &Features,
        fake: &Features,
        probabilities: Option<Features>,
        subject: &Subject<'_>,
    ) -> [Answer; 10] {
        let n = fake.rows().len();
        let distances = Distances::between(real, fake);
        let balls = |k: usize| {
            let copied = distances.copied(k);
            if copied > COPIED {
                return Err(format!(
                    "{:.0}% of the test images have {k} exact copies in these features",
                    100.0 * copied
                ));
            }
            Ok(k)
        };
        let share = |share: f64, n: usize| {
            let se = (share * (1.0 - share) / n as f64).sqrt();
            // Of none or all the binomial estimate would be 0: not knowing is not certainty.
            Ok((share, (se > 0.0).then_some(se), n))
        };
        let pair = balls(self.precision_k).map(|k| distances.precision_recall(k));
        let [precision, recall] = match pair {
            Ok(pair) => [share(pair.fidelity, n), share(pair.variety, n)],
            Err(reason) => [Err(reason.clone()), Err(reason)],
        };
        let [density, coverage] = match balls(self.coverage_k).map(|k| distances.density_coverage(k)) {
            Ok(pair) => [Ok((pair.fidelity, None, n)), share(pair.variety, n)],
            Err(reason) => [Err(reason.clone()), Err(reason)],
        };
        let own = distances.own_nearest();
        let (accuracy, judged) = distances.told_apart();
        let (kid, se) = kid(fake, real);
        let mut noise = subject.noise("measure/sample_quality/subsets");
        let score = probabilities.ok_or_else(|| "needs a classifier of the data's labels".to_owned());
        [
            Ok((frechet_at_infinity(real, fake, &mut noise), None, n)),
            Ok((kid, Some(se), n)),
            precision,
            recall,
            density,
            coverage,
            share(own.fidelity, n),
            share(own.variety, n),
            share(accuracy, judged),
            score.map(|p| classifier_score(&p.values, p.width)).map(|(score, se)| (score, Some(se), n)),
        ]
    }
}
