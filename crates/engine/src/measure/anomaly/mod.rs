//! Anomaly detection: separation of test images from out-of-distribution images by the model's density.

mod anomalies;
mod auroc;
mod background;
mod complexity;
mod optimal;
mod scores;
#[cfg(test)]
mod tests;

use data::{DataShape, Split};
use protocol::{Control, ControlKind, Direction, Kind, Measurement, Problem, Support, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::anomalies::Anomaly;
use self::background::Background;
use self::complexity::png_nats;
use self::optimal::Optimal;
use self::scores::{ImageTerms, LogDensity, Score};
use super::{BadModel, MeasureConfig, MeasureError, Subject};

pub use auroc::{Auroc, auroc};

/// Resolution of scores by a true density in nats: closer scores are ties, because of rounding errors of f64.
const TRUE_RESOLUTION: f64 = 1e-9;
/// Number of copies of a single image for a model with a random bound.
const COPIES: usize = 100;

/// Detection of out-of-distribution images: the AUROC of each detection score on each out-of-distribution set.
///
/// | figure | score of an image |
/// |---|---|
/// | `auroc_<kind>` | log-density (Bishop, 1994, Novelty Detection and Neural Network Validation) |
/// | `auroc_<kind>_ratio` | log-density minus that of a background model (Ren et al., 2019, Likelihood Ratios for Out-of-Distribution Detection) |
/// | `auroc_<kind>_typicality` | distance of the log-density from its mean (Nalisnick et al., 2019, Detecting Out-of-Distribution Inputs to Deep Generative Models Using Typicality) |
/// | `auroc_<kind>_complexity` | log-density plus PNG length (Serra et al., 2020, Input Complexity and Out-of-distribution Detection with Likelihood-based Generative Models) |
/// | `auroc_<kind>_optimal` | true likelihood ratio, if both densities are known: the highest AUROC in expectation |
///
/// An AUROC of 1 is perfect separation, 0.5 is chance.
///
/// # Departures from the papers
/// The background model of the ratio has independent pixels, not a second network. As in the paper, it is fitted to
/// training images with a share of their pixels replaced at random. Typicality scores one image at a time, and its
/// mean is taken over the validation split.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct AnomalyDetection {
    /// Out-of-distribution sets.
    kinds: Vec<Anomaly>,
    /// Detection scores.
    scores: Vec<Score>,
    /// Maximum number of images per set, and of test and validation images; 0 means all.
    images: usize,
    /// Number of importance samples per image for a model with a lower bound, 1 to 100,000; 1 means the ELBO.
    #[schemars(range(min = 1, max = 100_000))]
    k: usize,
    /// Share of pixels that are replaced at random in the images to which the background model of `ratio` is fitted,
    /// 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    mutation: f64,
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

impl MeasureConfig for AnomalyDetection {
    const NAME: &'static str = "anomaly";
    const ABOUT: &'static str =
        "AUROC of test images against out-of-distribution images, by log-density, ratio, typicality and complexity";
    const VERSION: u32 = 2;

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        distinct("kinds", &self.kinds)?;
        distinct("scores", &self.scores)?;
        if !(0.0..=1.0).contains(&self.mutation) {
            return Err(Problem::new("mutation", format!("{} is out of range", self.mutation)).help("between 0 and 1"));
        }
        match self.k {
            1..=100_000 => Ok(()),
            _ => Err(Problem::new("k", format!("{} is out of range", self.k)).help("between 1 and 100000")),
        }
    }

    fn controls(&self) -> Vec<Control> {
        let ceiling = |kind: &Anomaly| Control::new(name(*kind, Score::LogDensity), ControlKind::Ceiling, "optimal");
        self.kinds.iter().filter(|_| self.scores.contains(&Score::LogDensity)).map(ceiling).collect()
    }

    fn exposes(&self) -> &'static [BadModel] {
        &[BadModel::Untrained, BadModel::Constant, BadModel::Marginals]
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let model = subject.model;
        let log_density = match (model.density(), model.bound()) {
            (Some(density), _) => LogDensity::Density(density),
            (None, Some(bound)) => LogDensity::Bound(bound, self.k),
            (None, None) => {
                let reason = "the model has no density and no lower bound";
                return Ok(self.kinds.iter().flat_map(|kind| self.absent(*kind, reason)).collect());
            }
        };
        let data = subject.data;
        let pixels = Background::fit(&data.train, data.shape.support);
        let background = Background::fit(&data.train, data.shape.support).mutated(self.mutation);
        let noise = |purpose: &str, of: &str| subject.noise(&format!("measure/anomaly/{purpose}/{of}"));
        let by_png = self.scores.contains(&Score::Complexity) && data.shape.support != Support::Real;
        let terms = |images: &Split, of: &str| -> Result<ImageTerms, MeasureError> {
            Ok(ImageTerms {
                nats: log_density.nats(images, &mut noise("judge", of)),
                background: background.log_density(images),
                png: if by_png { png_nats(images, &data.shape).map_err(std::io::Error::other)? } else { Vec::new() },
            })
        };
        let order = noise("draw", Anomaly::Shuffled.name()).permutation(data.shape.pixels());
        let optimal = data.truth.as_deref().map(|truth| Optimal { truth, pixels: &pixels, order: &order });
        let normal = self.some(&data.test);
        let validation = log_density.nats(&self.some(&data.validation), &mut noise("judge", "validation"));
        let centre = validation.iter().sum::<f64>() / validation.len() as f64;
        let of_normal = terms(&normal, "test")?;
        let copies = if matches!(log_density, LogDensity::Density(_)) { 1 } else { COPIES.min(normal.len()) };
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
            let of_kind = terms(&images, kind.name())?;
            for score in &self.scores {
                if *score == Score::Complexity && !by_png {
                    figures.push(absent(*kind, *score, "real-valued pixels have no lossless code of finite length"));
                    continue;
                }
                let Auroc { value, se } = auroc(&of_normal.scores(*score, centre), &of_kind.scores(*score, centre));
                let figure = Measurement::new(name(*kind, *score), Kind::Estimate, Unit::One, Direction::Higher, value)
                    .with_se(se.unwrap_or(f64::NAN))
                    .with_n(normal.len() + of_kind.nats.len())
                    .on(data.shape.support);
                figures.push(match log_density.remark().filter(|_| figure.value.is_some()) {
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

/// AUROC of the true likelihood ratio on normal and anomalous images.
fn ceiling(kind: Anomaly, scores: [Option<Vec<f64>>; 2], support: Support) -> Measurement {
    let name = format!("auroc_{}_optimal", kind.name());
    let [Some(normal), Some(anomalous)] = scores else {
        let reason = "the density of a held-out class is unknown";
        return Measurement::absent(name, Kind::Estimate, Unit::One, Direction::Neither, reason);
    };
    let rounded = |scores: &[f64]| scores.iter().map(|score| (score / TRUE_RESOLUTION).round()).collect::<Vec<_>>();
    let Auroc { value, se } = auroc(&rounded(&normal), &rounded(&anomalous));
    let figure = Measurement::new(name, Kind::Estimate, Unit::One, Direction::Neither, value)
        .with_se(se.unwrap_or(f64::NAN))
        .with_n(normal.len() + anomalous.len())
        .on(support);
    if figure.value.is_none() { figure } else { figure.remark("AUROC of the true likelihood ratio on the same images") }
}

fn name(kind: Anomaly, score: Score) -> String {
    format!("auroc_{}{}", kind.name(), score.suffix())
}

/// Refuses an empty list or a duplicate.
fn distinct<T: PartialEq>(path: &str, list: &[T]) -> Result<(), Problem> {
    if list.is_empty() {
        return Err(Problem::new(path, "the list is empty").help("at least one"));
    }
    match list.iter().enumerate().find(|(index, one)| list[..*index].contains(one)) {
        Some((index, _)) => Err(Problem::new(format!("{path}.{index}"), "is a duplicate in the list")),
        None => Ok(()),
    }
}
