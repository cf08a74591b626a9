//! Quality and variety of samples in the features of a small frozen network, with the scores of real images.

mod classes;
mod extrapolated;
mod kernel;
mod neighbours;

#[cfg(test)]
mod tests;

use data::{DataShape, Split};
use protocol::{Control, Direction, Kind, Measurement, Problem, Support, Unit, text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::classes::classifier_score;
use self::extrapolated::frechet_at_infinity;
use self::kernel::kid;
use self::neighbours::{Balls, Distances};
use super::{BadModel, MeasureConfig, MeasureError, Subject};
use crate::Features;
use crate::features::{Extractor, FeaturesOf};

/// Share of test images with a ball of radius 0 above which figures from balls are absent.
const COPIED: f64 = 0.05;

/// Quality and variety of samples against test images, in the features of a small frozen network.
///
/// | figure | meaning |
/// |---|---|
/// | `fid_infinity` | Frechet distance, extrapolated to infinitely many images (Chong and Forsyth, 2020) |
/// | `kid` | kernel inception distance (Binkowski et al., 2018) |
/// | `precision` | share of samples near a test image (Kynkaanniemi et al., 2019) |
/// | `recall` | share of test images near a sample (the same) |
/// | `density` | mean number of test images near a sample, divided by k (Naeem et al., 2020) |
/// | `coverage` | share of test images with a sample near them (the same) |
/// | `own_nearest_samples` | share of samples whose nearest neighbour is a sample; 0.5 for equal distributions (Xu et al., 2018) |
/// | `own_nearest_images` | share of test images whose nearest neighbour is a test image; 0.5 for equal distributions |
/// | `told_apart` | accuracy of a nearest-neighbour classifier of samples and test images; 0.5 is chance (Lopez-Paz and Oquab, 2017) |
/// | `classifier_score` | exp E KL(p(y\|x) \|\| p(y)) of a classifier, 1 to the number of classes (Salimans et al., 2016) |
///
/// Each figure exists a second time with the suffix `_real`, with validation images instead of samples. Samples, test
/// images and validation images are equally many.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct SampleQuality {
    /// Number of samples, 20 to 2,000; 0 means the size of the smaller of the test and validation splits.
    #[schemars(extend("not" = {"minimum": 1, "maximum": 19}))]
    samples: usize,
    /// Maximum number of features, at least 1. A fifth of the number of samples is the upper limit.
    #[schemars(range(min = 1))]
    dim: usize,
    /// Frozen network that computes the features.
    features: FeaturesOf,
    /// Number k of the nearest neighbour at the radius of a ball, for precision and recall; 1 to the number of samples
    /// minus 1.
    #[schemars(range(min = 1, max = 1_999))]
    precision_k: usize,
    /// Number k of the nearest neighbour at the radius of a ball, for density and coverage; 1 to the number of samples
    /// minus 1.
    #[schemars(range(min = 1, max = 1_999))]
    coverage_k: usize,
    /// Balls with (closed) or without (open) the points at exactly their radius.
    balls: Balls,
    /// Binarization of the samples of grey generators by the rule of the data, if the data are binarized. `false` compares
    /// the grey samples.
    binarize: bool,
}

impl Default for SampleQuality {
    fn default() -> Self {
        Self {
            samples: 0,
            dim: 32,
            features: FeaturesOf::Auto,
            precision_k: 3,
            coverage_k: 5,
            balls: Balls::Closed,
            binarize: true,
        }
    }
}

impl SampleQuality {
    /// Maximum number of images per set. Distances of 2,000 images take one or two seconds, and quadratic time in the
    /// number of images.
    const MOST: usize = 2_000;

    fn count(&self, test: usize, validation: usize) -> usize {
        let all = test.min(validation).min(Self::MOST);
        if self.samples == 0 { all } else { self.samples.min(all) }
    }
}

/// Names and directions of the figures.
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

/// Value, standard error and number of images of a figure; or the reason why it has no value.
type Score = Result<(f64, Option<f64>, usize), String>;

impl MeasureConfig for SampleQuality {
    const NAME: &'static str = "sample_quality";
    const ABOUT: &'static str =
        "KID, precision, recall, density, coverage, two-sample tests and classifier score, each also for real images";
    /// 2: the extrapolation of `fid_infinity` by halves, and binarized samples.
    const VERSION: u32 = 2;

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if self.dim == 0 {
            return Err(Problem::new("dim", "a distance needs at least one feature").help("at least 1"));
        }
        let count = self.count(data.test, data.validation);
        if count < 20 {
            let problem = Problem::new("samples", format!("too few: {}", text::count(count, "image")));
            return Err(problem.help("at least 20 samples, test images and validation images"));
        }
        for (key, k) in [("precision_k", self.precision_k), ("coverage_k", self.coverage_k)] {
            if !(1..count).contains(&k) {
                let problem = Problem::new(key, format!("{k} is out of range for {}", text::count(count, "image")));
                return Err(problem.help(format!("between 1 and {}", count - 1)));
            }
        }
        self.features.check(data)
    }

    fn controls(&self) -> Vec<Control> {
        FIGURES.map(|(name, _)| Control::real(name)).to_vec()
    }

    fn exposes(&self) -> &'static [BadModel] {
        &[BadModel::Untrained, BadModel::Constant, BadModel::Marginals]
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let absent = |reason: &str| {
            FIGURES
                .map(|(name, direction)| Measurement::absent(name, Kind::Estimate, Unit::One, direction, reason))
                .to_vec()
        };
        let Some(sampler) = subject.model.sampler() else { return Ok(absent("the model has no sampler")) };
        let data = subject.data;
        let n = self.count(data.test.len(), data.validation.len());
        let dim = self.dim.min(n / 5);
        let extractor = Extractor::obtain(self.features, data, subject.data_sha256, dim, subject.cache)?;
        let fake = subject.samples_as(sampler, n, "measure/sample_quality", self.binarize);
        let support = fake.as_ref().map_or_else(|_| sampler.support(), |(_, support)| *support);
        let real = extractor.features(&data.test.take(n));
        let score = |images: &Split| {
            let features = extractor.features(images);
            if !(features.are_sound() && real.are_sound()) {
                return FIGURES.map(|_| Err("a feature is not finite".to_owned()));
            }
            self.scores(&real, &features, extractor.probabilities(images))
        };
        let fake = match fake {
            Ok((fake, _)) => score(&fake),
            Err(reason) => FIGURES.map(|_| Err(reason.to_owned())),
        };
        let real = score(&data.validation.take(n));
        let figure = |name: String, direction, score: Score, support: Support| match score {
            Err(reason) => Measurement::absent(name, Kind::Estimate, Unit::One, direction, reason),
            Ok((value, se, n)) => Measurement::new(name, Kind::Estimate, Unit::One, direction, value)
                .with_se(se.unwrap_or(f64::NAN))
                .with_n(n)
                .on(support),
        };
        let mut figures = Vec::new();
        for (((name, direction), fake), real) in FIGURES.into_iter().zip(fake).zip(real) {
            let floor = real.as_ref().map(|(value, ..)| format!("real images instead of samples: {value:.3}"));
            let fake = figure(name.to_owned(), direction, fake, support);
            figures.push(match floor {
                Ok(floor) if fake.value.is_some() => fake.remark(floor),
                _ => fake,
            });
            figures.push(figure(format!("{name}_real"), Direction::Neither, real, data.shape.support));
        }
        // The extractor is the same for all figures, so one remark is enough.
        if let Some(first) = figures.iter_mut().find(|figure| figure.value.is_some()) {
            let floor = first.reason.take().map_or_else(String::new, |floor| format!("{floor}; "));
            *first = first.clone().remark(format!("{floor}{}", extractor.describe()));
        }
        Ok(figures)
    }
}

impl SampleQuality {
    /// Scores in the order of [`FIGURES`].
    fn scores(&self, real: &Features, fake: &Features, probabilities: Option<Features>) -> [Score; 10] {
        let n = fake.rows().len();
        let distances = Distances::between(real, fake);
        let balls = |k: usize| {
            let copied = distances.copied(k);
            if copied > COPIED {
                return Err(format!(
                    "{:.0}% of the test images have {k} exact copies in feature space",
                    100.0 * copied
                ));
            }
            Ok(k)
        };
        let share = |share: f64, n: usize| {
            let se = (share * (1.0 - share) / n as f64).sqrt();
            // For a share of 0 or 1 the binomial estimate is 0, which does not mean certainty.
            Ok((share, (se > 0.0).then_some(se), n))
        };
        let pair = balls(self.precision_k).map(|k| distances.precision_recall(k, self.balls));
        let [precision, recall] = match pair {
            Ok(pair) => [share(pair.fidelity, n), share(pair.variety, n)],
            Err(reason) => [Err(reason.clone()), Err(reason)],
        };
        let [density, coverage] = match balls(self.coverage_k).map(|k| distances.density_coverage(k, self.balls)) {
            Ok(pair) => [Ok((pair.fidelity, None, n)), share(pair.variety, n)],
            Err(reason) => [Err(reason.clone()), Err(reason)],
        };
        let own = distances.own_nearest();
        let (accuracy, tested) = distances.two_sample_accuracy();
        let (kid, se) = kid(fake, real);
        let (limit, limit_se) = frechet_at_infinity(real, fake);
        let score =
            probabilities.ok_or_else(|| "the score needs a classifier, and the extractor is not one".to_owned());
        [
            Ok((limit, Some(limit_se), n)),
            Ok((kid, Some(se), n)),
            precision,
            recall,
            density,
            coverage,
            share(own.fidelity, n),
            share(own.variety, n),
            share(accuracy, tested),
            score.map(|p| classifier_score(&p.values, p.width)).map(|(score, se)| (score, Some(se), n)),
        ]
    }
}
