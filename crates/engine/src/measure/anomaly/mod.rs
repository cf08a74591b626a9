//! Anomaly detection: whether the model's density tells test images from images that do not belong.

mod anomalies;
mod auroc;
mod background;
mod complexity;
mod optimal;
#[cfg(test)]
mod tests;

use data::{DataShape, Noise, Split};
use protocol::{Direction, Kind, Measurement, Problem, Support, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::anomalies::Anomaly;
use self::background::Background;
use self::complexity::png_nats;
use self::optimal::Optimal;
use super::{MeasureConfig, MeasureError, Subject};
use crate::{DensityBound, ExplicitDensity};

pub use auroc::{Auroc, auroc};

/// Scores nearer than this, in nats, are ties: below it a model in f32 tells of its rounding.
const RESOLUTION: f64 = 1e-3;
/// The same of a true density, which is in f64: sums in another order are equal.
const TRUE_RESOLUTION: f64 = 1e-9;
/// Copies of a single image where each gets a random bound of its own.
const COPIES: usize = 100;

/// `auroc_<kind>`, `auroc_<kind>_ratio`, `auroc_<kind>_typicality` and `auroc_<kind>_complexity` of each kind
/// of anomaly; and `auroc_<kind>_optimal`, of the true likelihood ratio on the same images, where both densities
/// are known.
///
/// Bishop, 1994, Novelty Detection and Neural Network Validation (the density); Ren et al., 2019,
/// Likelihood Ratios for Out-of-Distribution Detection (the ratio); Nalisnick, Matsukawa, Teh and
/// Lakshminarayanan, 2019, Detecting Out-of-Distribution Inputs to Deep Generative Models Using
/// Typicality (typicality); Serra et al., 2020, Input Complexity and
/// Out-of-distribution Detection with Likelihood-based Generative Models (complexity).
///
/// # Departures from the papers
/// The background of the ratio is not a second network but independent pixels, fitted as the paper's
/// background is to training images with a share of their pixels replaced at random. Typicality looks at one image at a time, and the entropy is the
/// mean over the validation split.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct AnomalyDetection {
    /// What test images are told from.
    kinds: Vec<Anomaly>,
    /// By what they are told.
    scores: Vec<Score>,
    /// Images of each kind at most, and test and validation images; 0 takes all.
    images: usize,
    /// Importance draws per image of a model with a bound: 1 takes the ELBO.
    k: usize,
    /// The share of pixels that are replaced at random in the images that the ratio's background is
    /// fitted to, from 0 to 1.
    mutation: f64,
}

/// What an image is judged by; anomalies should score lower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Score {
    /// log p(x).
    LogDensity,
    /// log p(x) - log p(x) under independent pixels.
    Ratio,
    /// -|log p(x) - mean of log p over validation images|.
    Typicality,
    /// log p(x) + the length of the image's PNG in nats.
    Complexity,
}

impl Default for AnomalyDetection {
    fn default() -> Self {
        Self {
            kinds: vec![Anomaly::HeldOut, Anomaly::Inverted, Anomaly::Noise, Anomaly::Blank],
            scores: vec![Score::LogDensity, Score::Ratio, Score::Typicality, Score::Complexity],
            images: 1_000,
            k: 1,
            mutation: 0.2,
        }
    }
}

impl Score {
    fn suffix(self) -> &'static str {
        match self {
            Self::LogDensity => "",
            Self::Ratio => "_ratio",
            Self::Typicality => "_typicality",
            Self::Complexity => "_complexity",
        }
    }
}

/// How the model gives log p(x), or what stands in for it.
enum Judge<'a> {
    Density(&'a dyn ExplicitDensity),
    Bound(&'a dyn DensityBound, usize),
}

impl Judge<'_> {
    fn nats(&self, images: &Split, noise: &mut Noise) -> Vec<f64> {
        match *self {
            Self::Density(density) => density.log_density(images),
            Self::Bound(bound, 1) => bound.elbo(images, noise).iter().map(|elbo| elbo.nats()).collect(),
            Self::Bound(bound, k) => bound.iwae(images, k, noise),
        }
    }

    fn remark(&self) -> Option<String> {
        match self {
            Self::Density(_) => None,
            Self::Bound(_, 1) => Some("judged by the ELBO, a bound on log p".to_owned()),
            Self::Bound(_, k) => Some(format!("judged by the importance-weighted bound of {k} draws, not log p")),
        }
    }
}

/// Images with the model's log p, the background's, and their length as PNG.
struct Judged {
    nats: Vec<f64>,
    background: Vec<f64>,
    png: Vec<f64>,
}

impl Judged {
    /// The scores, in whole [`RESOLUTION`]s. `centre` is the mean of log p over validation images.
    fn scores(&self, score: Score, centre: f64) -> Vec<f64> {
        let value = |image: usize| {
            let nats = self.nats[image];
            match score {
                Score::LogDensity => nats,
                Score::Ratio => nats - self.background[image],
                Score::Typicality => -(nats - centre).abs(),
                Score::Complexity => nats + self.png[image],
            }
        };
        (0..self.nats.len()).map(|image| (value(image) / RESOLUTION).round()).collect()
    }
}

impl MeasureConfig for AnomalyDetection {
    const NAME: &'static str = "anomaly";
    const ABOUT: &'static str =
        "AUROC of test images against images that do not belong, by log-density, ratio, typicality, complexity";
    const VERSION: u32 = 2;

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        distinct("kinds", &self.kinds)?;
        distinct("scores", &self.scores)?;
        if !(0.0..=1.0).contains(&self.mutation) {
            return Err(Problem::new("mutation", format!("{} is no share", self.mutation)).help("between 0 and 1"));
        }
        match self.k {
            1..=100_000 => Ok(()),
            _ => Err(Problem::new("k", format!("{} draws make no bound", self.k)).help("between 1 and 100000")),
        }
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let model = subject.model;
        let judge = match (model.density(), model.bound()) {
            (Some(density), _) => Judge::Density(density),
            (None, Some(bound)) => Judge::Bound(bound, self.k),
            (None, None) => {
                let reason = "the model has no density and no bound on one";
                return Ok(self.kinds.iter().flat_map(|kind| self.absent(*kind, reason)).collect());
            }
        };
        let data = subject.data;
        let pixels = Background::fit(&data.train, data.shape.support);
        let background = Background::fit(&data.train, data.shape.support).mutated(self.mutation);
        let noise = |purpose: &str, of: &str| subject.noise(&format!("measure/anomaly/{purpose}/{of}"));
        let by_png = self.scores.contains(&Score::Complexity) && data.shape.support != Support::Real;
        let judged = |images: &Split, of: &str| -> Result<Judged, MeasureError> {
            Ok(Judged {
                nats: judge.nats(images, &mut noise("judge", of)),
                background: background.log_density(images),
                png: if by_png { png_nats(images, &data.shape).map_err(std::io::Error::other)? } else { Vec::new() },
            })
        };
        let order = noise("draw", Anomaly::Shuffled.name()).permutation(data.shape.pixels());
        let optimal = data.truth.as_deref().map(|truth| Optimal { truth, pixels: &pixels, order: &order });
        let normal = self.some(&data.test);
        let validation = judge.nats(&self.some(&data.validation), &mut noise("judge", "validation"));
        let centre = validation.iter().sum::<f64>() / validation.len() as f64;
        let of_normal = judged(&normal, "test")?;
        let copies = if matches!(judge, Judge::Density(_)) { 1 } else { COPIES.min(normal.len()) };
        let mut figures = Vec::new();
        for kind in &self.kinds {
            let images = kind.images(data, &normal, &pixels, &order, copies, &mut noise("draw", kind.name()));
            let images = match images {
                Ok(images) => images,
                Err(reason) => {
                    figures.extend(self.absent(*kind, reason));
                    continue;
                }
            };
            let of_kind = judged(&images, kind.name())?;
            for score in &self.scores {
                if *score == Score::Complexity && !by_png {
                    figures.push(absent(*kind, *score, "real pixels have no lossless code of finite length"));
                    continue;
                }
                let Auroc { value, se } = auroc(&of_normal.scores(*score, centre), &of_kind.scores(*score, centre));
                let figure = Measurement::new(name(*kind, *score), Kind::Estimate, Unit::One, Direction::Higher, value)
                    .with_se(se.unwrap_or(f64::NAN))
                    .with_n(normal.len() + of_kind.nats.len())
                    .on(data.shape.support);
                figures.push(match judge.remark().filter(|_| figure.value.is_some()) {
                    Some(remark) => figure.remark(remark),
                    None => figure,
                });
            }
            if let Some(optimal) = &optimal {
                let scores = [&normal, &images].map(|images| optimal.scores(*kind, images));
                figures.push(ceiling(*kind, scores, data.shape.support));
            }
        }
        Ok(figures)
    }
}

impl AnomalyDetection {
    fn some(&self, split: &Split) -> Split {
        if self.images == 0 { split.clone() } else { split.take(self.images) }
    }

    fn absent(&self, kind: Anomaly, reason: &'static str) -> impl Iterator<Item = Measurement> {
        self.scores.iter().map(move |score| absent(kind, *score, reason))
    }
}

fn absent(kind: Anomaly, score: Score, reason: &str) -> Measurement {
    Measurement::absent(name(kind, score), Kind::Estimate, Unit::One, Direction::Higher, reason)
}

/// What the true likelihood ratio reaches on normal and anomalous images.
fn ceiling(kind: Anomaly, scores: [Option<Vec<f64>>; 2], support: Support) -> Measurement {
    let name = format!("auroc_{}_optimal", kind.name());
    let [Some(normal), Some(anomalous)] = scores else {
        let reason = "the density of a held-out class is not known";
        return Measurement::absent(name, Kind::Estimate, Unit::One, Direction::Neither, reason);
    };
    let rounded = |scores: &[f64]| scores.iter().map(|score| (score / TRUE_RESOLUTION).round()).collect::<Vec<_>>();
    let Auroc { value, se } = auroc(&rounded(&normal), &rounded(&anomalous));
    let figure = Measurement::new(name, Kind::Estimate, Unit::One, Direction::Neither, value)
        .with_se(se.unwrap_or(f64::NAN))
        .with_n(normal.len() + anomalous.len())
        .on(support);
    if figure.value.is_none() { figure } else { figure.remark("the true likelihood ratio on the same images") }
}

fn name(kind: Anomaly, score: Score) -> String {
    format!("auroc_{}{}", kind.name(), score.suffix())
}

/// Refuses a list that is empty or has something twice.
fn distinct<T: PartialEq>(path: &str, list: &[T]) -> Result<(), Problem> {
    if list.is_empty() {
        return Err(Problem::new(path, "the list is empty").help("at least one"));
    }
    match list.iter().enumerate().find(|(place, one)| list[..*place].contains(one)) {
        Some((place, _)) => Err(Problem::new(format!("{path}.{place}"), "stands twice in the list")),
        None => Ok(()),
    }
}
