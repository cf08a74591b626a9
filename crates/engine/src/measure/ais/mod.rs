//! Annealed importance sampling: log p(x) of decoders and generators without an exact density.

mod anneal;
mod doubled;
mod likelihood;
mod observation;
mod schedule;

#[cfg(test)]
mod tests;

use data::{DataShape, Noise, Split};
use protocol::{Direction, Kind, Measurement, Problem, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::anneal::Target;
pub(super) use self::doubled::AisDoubled;
use self::likelihood::{Chosen, Likelihood, PREFIXES};
use self::schedule::Schedule;
use super::{MeasureConfig, MeasureError, Subject};
use crate::progress::mean_of_images;
use crate::{StochasticDecoder, log_sum_exp};

/// Log-density of decoders and generators by annealed importance sampling, in nats per image.
///
/// - `ais`: stochastic lower bound on log p(x) of test images under the model's own likelihood, for models that have one.
/// - `ais_simulated`: the same bound for images drawn from the model.
/// - `ais_simulated_gap`: distance of that bound from an upper bound by bidirectional Monte Carlo. A small gap means
///   that the annealing is long enough.
/// - `ais_observed`, `ais_observed_simulated`, `ais_observed_simulated_gap`: the same for generators without a likelihood,
///   under an added observation model: flipped pixels on binary images, Gaussian noise on real ones.
///
/// Wu et al., 2017, On the Quantitative Analysis of Decoder-Based Generative Models, sections 3 and 4.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Ais {
    /// Number of test images (at most, the first of the split) and of images drawn from the model, 2 to 10,000.
    #[schemars(range(min = 2, max = 10_000))]
    images: usize,
    /// Number of annealing chains per image, 1 to 1,000.
    #[schemars(range(min = 1, max = 1_000))]
    chains: usize,
    /// Number of intermediate distributions between prior and posterior, 2 to 1,000,000. More of them tighten the
    /// bound and take proportionally longer.
    #[schemars(range(min = 2, max = 1_000_000))]
    temperatures: usize,
    /// Number of intermediate distributions in the pilot runs on validation images, 10 to 100,000. Pilot runs
    /// determine the spacing of the temperatures and the step sizes, and select an added observation model.
    #[schemars(range(min = 10, max = 100_000))]
    pilot: usize,
}

impl Default for Ais {
    fn default() -> Self {
        Self { images: 50, chains: 4, temperatures: 1_000, pilot: 100 }
    }
}

/// Parts of the names of figures after `ais` or `ais_observed`.
const FIGURES: [(&str, Kind, Direction); 3] = [
    ("", Kind::LowerBound, Direction::Higher),
    ("_simulated", Kind::LowerBound, Direction::Neither),
    ("_simulated_gap", Kind::Estimate, Direction::Neither),
];

impl MeasureConfig for Ais {
    const NAME: &'static str = "ais";
    const ABOUT: &'static str =
        "log p(x) of decoders and generators by annealed importance sampling, with its gap to an upper bound";
    /// 2: the model's own likelihood, and temperatures spaced by the pilot run.
    const VERSION: u32 = 2;

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
        Ok(PREFIXES
            .into_iter()
            .flat_map(|prefix| match Likelihood::of(subject, prefix) {
                Ok(likelihood) => Run { ais: self.clone(), likelihood: &likelihood, subject }.figures(prefix),
                Err(reason) => FIGURES
                    .map(|(name, kind, direction)| {
                        Measurement::absent(format!("{prefix}{name}"), kind, Unit::Nats, direction, reason)
                    })
                    .to_vec(),
            })
            .collect())
    }
}

struct Run<'a> {
    ais: Ais,
    likelihood: &'a Likelihood<'a>,
    subject: &'a Subject<'a>,
}

impl Run<'_> {
    /// Estimator of the log-likelihood.
    const ESTIMATOR: &'static str = "ais";

    fn noise(&self, purpose: &str) -> Noise {
        self.subject.noise(&format!("measure/ais/{purpose}"))
    }

    fn figures(&self, prefix: &str) -> Vec<Measurement> {
        let Chosen { decoder, schedule, about } = self.chosen();
        let schedule = schedule.with(self.ais.temperatures);
        // The first images of the split: terms per image of other figures begin with the same images.
        let test = self.subject.data.test.take(self.ais.images);
        let of_test = self.lower(&test, decoder, &schedule, &mut self.noise("test"));
        let codes = match decoder.codes() {
            1 => String::new(),
            codes => format!(", summed over {codes} codes"),
        };
        let remark = format!("{about}; {} chains, {} temperatures{codes}", self.ais.chains, self.ais.temperatures);
        let [ais, simulated, gap] = FIGURES;
        let figure = |(name, kind, direction): (&str, Kind, Direction), terms: Vec<f64>| {
            let figure = mean_of_images(format!("{prefix}{name}"), kind, Unit::Nats, direction, terms);
            figure.on(decoder.support()).remark(remark.clone())
        };
        // One estimator under either prefix: the likelihoods differ, the budget does not.
        let mut figures = vec![figure(ais, of_test).log_likelihood(Self::ESTIMATOR)];
        if decoder.codes() > 1 {
            let reason = "a model with codes has no exact draw from its posterior";
            figures.extend([simulated, gap].map(|(name, kind, direction)| {
                Measurement::absent(format!("{prefix}{name}"), kind, Unit::Nats, direction, reason)
            }));
            return figures;
        }
        let (lower, upper) = self.bracket(decoder, &schedule);
        let gaps: Vec<f64> = lower.iter().zip(&upper).map(|(lower, upper)| upper - lower).collect();
        let gap = figure(gap, gaps).log_likelihood_gap(figures[0].name.clone());
        figures.extend([figure(simulated, lower), gap]);
        figures
    }

    /// Lower bound on log p(x) of each image, in expectation.
    fn lower(
        &self,
        images: &Split,
        decoder: &dyn StochasticDecoder,
        schedule: &Schedule,
        noise: &mut Noise,
    ) -> Vec<f64> {
        let (chains, codes) = (self.ais.chains, decoder.codes());
        let rows = repeated(images, chains);
        let of_code = |code: usize| {
            let target = Target { decoder, code, images: &rows };
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
    fn bracket(&self, decoder: &dyn StochasticDecoder, schedule: &Schedule) -> (Vec<f64>, Vec<f64>) {
        let mut noise = self.noise("simulated");
        let (chains, dims) = (self.ais.chains, decoder.dims());
        let z = noise.normals(self.ais.images * dims);
        let images = decoder.draw(0, &z, &mut noise);
        let lower = self.lower(&images, decoder, schedule, &mut noise);
        let start = z.chunks_exact(dims).flat_map(|z| z.repeat(chains)).map(f64::from).collect();
        let target = Target { decoder, code: 0, images: &repeated(&images, chains) };
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
