//! Annealed importance sampling: log p(x) of decoders and generators without an exact density.

mod anneal;
mod doubled;
mod observation;

#[cfg(test)]
mod tests;

use data::{DataShape, Noise, Split};
use protocol::{Direction, Kind, Measurement, Problem, Support, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::anneal::{Schedule, Target};
pub(super) use self::doubled::AisDoubled;
use self::observation::Observation;
use super::{MeasureConfig, MeasureError, Subject};
use crate::progress::{mean_of_images, mean_se};
use crate::{Pushforward, log_sum_exp};

/// Log-density of decoders and generators by annealed importance sampling, in nats per image.
///
/// - `ais`: stochastic lower bound on log p(x) of test images.
/// - `ais_simulated`: the same bound for images drawn from the model.
/// - `ais_simulated_gap`: distance of that bound from an upper bound by bidirectional Monte Carlo. A small gap means
///   that the annealing is long enough.
///
/// Wu et al., 2017, On the Quantitative Analysis of Decoder-Based Generative Models, sections 3 and 4.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Ais {
    /// Number of test images (at most) and of images drawn from the model, 2 to 10,000.
    #[schemars(range(min = 2, max = 10_000))]
    images: usize,
    /// Number of annealing chains per image, 1 to 1,000.
    #[schemars(range(min = 1, max = 1_000))]
    chains: usize,
    /// Number of intermediate distributions between prior and posterior, 2 to 1,000,000. More of them tighten the
    /// bound and take proportionally longer.
    #[schemars(range(min = 2, max = 1_000_000))]
    temperatures: usize,
    /// Number of intermediate distributions in the pilot runs on validation images, 10 to 100,000. Pilot runs select
    /// the observation model and the step sizes.
    #[schemars(range(min = 10, max = 100_000))]
    pilot: usize,
}

impl Default for Ais {
    fn default() -> Self {
        Self { images: 50, chains: 4, temperatures: 1_000, pilot: 100 }
    }
}

const FIGURES: [(&str, Kind, Direction); 3] = [
    ("ais", Kind::LowerBound, Direction::Higher),
    ("ais_simulated", Kind::LowerBound, Direction::Neither),
    ("ais_simulated_gap", Kind::Estimate, Direction::Neither),
];

impl MeasureConfig for Ais {
    const NAME: &'static str = "ais";
    const ABOUT: &'static str =
        "log p(x) of decoders and generators by annealed importance sampling, with its gap to an upper bound";

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        let range = |key: &str, value: usize, least: usize, most: usize| {
            if (least..=most).contains(&value) {
                return Ok(());
            }
            Err(Problem::new(key, format!("{value} is out of range")).help(format!("between {least} and {most}")))
        };
        range("images", self.images, 2, 10_000)?;
        range("chains", self.chains, 1, 1_000)?;
        range("temperatures", self.temperatures, 2, 1_000_000)?;
        range("pilot", self.pilot, 10, 100_000)
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let absent = |reason: &str| {
            FIGURES
                .map(|(name, kind, direction)| Measurement::absent(name, kind, Unit::Nats, direction, reason))
                .to_vec()
        };
        Ok(match Self::target(subject) {
            Ok((model, support)) => Run { ais: self.clone(), model: &*model, subject }.figures(support),
            Err(reason) => absent(reason),
        })
    }
}

impl Ais {
    /// The model as a map of noise, and the support of its images; else the reason why the measure does not apply.
    fn target<'a>(subject: &Subject<'a>) -> Result<(Box<dyn Pushforward + 'a>, Support), &'static str> {
        if subject.model.density().is_some() {
            return Err("the model has an exact density: see nll");
        }
        if subject.data.validation.is_empty() {
            return Err("the data have no validation images to select the observation model");
        }
        let support = subject.data.shape.support;
        if Observation::candidates(support).is_empty() {
            return Err("no observation model for grey levels: binarize the images, or load them as real numbers");
        }
        let model = subject.model.pushforward().ok_or("the model is not a smooth map of Gaussian noise")?;
        Ok((model, support))
    }
}

struct Run<'a> {
    ais: Ais,
    model: &'a dyn Pushforward,
    subject: &'a Subject<'a>,
}

impl Run<'_> {
    fn noise(&self, purpose: &str) -> Noise {
        self.subject.noise(&format!("measure/ais/{purpose}"))
    }

    fn figures(&self, support: Support) -> Vec<Measurement> {
        let (observation, schedule) = self.chosen(support);
        let schedule = schedule.with(self.ais.temperatures);
        let test = self.subject.data.test.take(self.ais.images);
        let of_test = self.lower(&test, observation, &schedule, &mut self.noise("test"));
        let codes = match self.model.codes() {
            1 => String::new(),
            codes => format!(", summed over {codes} codes"),
        };
        let remark = format!(
            "observation model: {}, selected on validation images; {} chains, {} temperatures{codes}",
            observation.describe(),
            self.ais.chains,
            self.ais.temperatures
        );
        let [ais, simulated, gap] = FIGURES;
        let figure = |(name, kind, direction): (&str, Kind, Direction), terms: Vec<f64>| {
            mean_of_images(name, kind, Unit::Nats, direction, terms).on(support).remark(remark.clone())
        };
        let mut figures = vec![figure(ais, of_test)];
        if self.model.codes() > 1 {
            let reason = "a model with codes has no exact draw from its posterior";
            let absent = |(name, kind, direction)| Measurement::absent(name, kind, Unit::Nats, direction, reason);
            figures.extend([simulated, gap].map(absent));
            return figures;
        }
        let (lower, upper) = self.bracket(observation, &schedule, test.image_len);
        let gaps: Vec<f64> = lower.iter().zip(&upper).map(|(lower, upper)| upper - lower).collect();
        figures.extend([figure(simulated, lower), figure(gap, gaps)]);
        figures
    }

    /// The observation model with the highest likelihood of validation images, and its step sizes.
    fn chosen(&self, support: Support) -> (Observation, Schedule) {
        // A fifth of the images and two chains are enough to select among a few candidates.
        let images = self.subject.data.validation.take((self.ais.images / 5).max(2));
        let chains = repeated(&images, 2);
        let tried = Observation::candidates(support).into_iter().map(|observation| {
            let target = Target { model: self.model, code: 0, observation, images: &chains };
            let schedule = Schedule::pilot(&target, self.ais.pilot, &mut self.noise("pilot"));
            let short = Self { ais: Ais { chains: 2, ..self.ais.clone() }, ..*self };
            let found = short.lower(&images, observation, &schedule, &mut self.noise("validation"));
            (mean_se(&found).0, observation, schedule)
        });
        let best = tried.max_by(|a, b| a.0.total_cmp(&b.0)).expect("the support has candidates");
        (best.1, best.2)
    }

    /// Lower bound on log p(x) of each image, in expectation.
    fn lower(&self, images: &Split, observation: Observation, schedule: &Schedule, noise: &mut Noise) -> Vec<f64> {
        let (chains, codes) = (self.ais.chains, self.model.codes());
        let rows = repeated(images, chains);
        let of_code = |code: usize| {
            let target = Target { model: self.model, code, observation, images: &rows };
            let weights = target.forward(schedule, noise);
            crate::trace::progress("ais", code as u64 + 1, codes as u64);
            weights
        };
        let of_codes: Vec<Vec<f64>> = (0..codes).map(of_code).collect();
        let count = ((chains * codes) as f64).ln();
        (0..images.len())
            .map(|image| {
                let weights = of_codes.iter().flat_map(|all| &all[image * chains..(image + 1) * chains]).copied();
                log_sum_exp(weights) - count
            })
            .collect()
    }

    /// Lower and upper bounds on log p(x) of images drawn from the model, in expectation.
    fn bracket(&self, observation: Observation, schedule: &Schedule, image_len: usize) -> (Vec<f64>, Vec<f64>) {
        let mut noise = self.noise("simulated");
        let (chains, dims) = (self.ais.chains, self.model.dims());
        let z = noise.normals(self.ais.images * dims);
        let images = observation.draw(&self.model.decode(0, &z), image_len, &mut noise);
        let lower = self.lower(&images, observation, schedule, &mut noise);
        let start = z.chunks_exact(dims).flat_map(|z| z.repeat(chains)).map(f64::from).collect();
        let target = Target { model: self.model, code: 0, observation, images: &repeated(&images, chains) };
        let weights = target.backward(start, schedule, &mut noise);
        let upper =
            weights.chunks_exact(chains).map(|weights| (chains as f64).ln() - log_sum_exp(weights.iter().copied()));
        (lower, upper.collect())
    }
}

/// Repeats every image `times` times in succession.
fn repeated(images: &Split, times: usize) -> Split {
    Split::new(images.images().flat_map(|image| image.repeat(times)).collect(), images.image_len)
}
