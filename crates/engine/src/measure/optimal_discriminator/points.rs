//! Images with their probability mass under the data and the generator.

use data::{ExactDensity, Split};

use super::{log_odds, log_truth};
use crate::Critic;
use crate::progress::mean_se;

/// One image with its masses and log-odds.
struct Point {
    /// Mass under the data and under the generator.
    mass: [f64; 2],
    /// Log-odds of the optimal discriminator D*.
    optimal: f64,
    /// Log-odds of the trained discriminator D.
    trained: f64,
}

/// All images, or equally many draws from the data and from the generator.
pub(super) struct Points {
    points: Vec<Point>,
    /// `true` if the points are draws: first from the data, then from the generator, with equal weights.
    drawn: bool,
}

/// Figure without its name and unit.
pub(super) struct Figure {
    pub(super) value: f64,
    pub(super) se: Option<f64>,
    pub(super) n: usize,
    pub(super) remark: Option<String>,
}

impl Points {
    /// Enumeration of all images.
    pub(super) fn listed(critic: &dyn Critic, truth: &dyn ExactDensity, all: &Split) -> Self {
        let (data, generator) = (log_truth(truth, all), critic.generator_density().log_density(all));
        let masses = data.iter().zip(&generator).map(|(data, generator)| [data.exp(), generator.exp()]);
        let points = masses.zip(log_odds(critic, truth, all));
        let point = |(mass, [optimal, trained]): ([f64; 2], [f64; 2])| Point { mass, optimal, trained };
        // Images with mass 0 under both distributions are left out.
        let is_image = |point: &Point| point.mass[0] + point.mass[1] > 0.0;
        Self { points: points.map(point).filter(is_image).collect(), drawn: false }
    }

    /// Points from draws from the data and from the generator.
    pub(super) fn drawn(critic: &dyn Critic, truth: &dyn ExactDensity, real: &Split, fake: &Split) -> Self {
        let of = |images: &Split, mass: [f64; 2]| {
            let point = move |[optimal, trained]: [f64; 2]| Point { mass, optimal, trained };
            log_odds(critic, truth, images).into_iter().map(point).collect::<Vec<_>>()
        };
        let mut points = of(real, [1.0 / real.len() as f64, 0.0]);
        points.extend(of(fake, [0.0, 1.0 / fake.len() as f64]));
        Self { points, drawn: true }
    }

    /// Figures in the order of the measure's list.
    pub(super) fn figures(&self) -> [Figure; 6] {
        let jsd = self.jsd();
        let optimal = Figure { value: 2.0 * jsd.value - 4f64.ln(), se: jsd.se.map(|se| 2.0 * se), ..self.exact(0.0) };
        let gap = |point: &Point| {
            let by_log_odds = |odds: f64| [-softplus(-odds), -softplus(odds)];
            let ([best, best_not], [own, own_not]) = (by_log_odds(point.optimal), by_log_odds(point.trained));
            // A mass of 0 contributes 0, also where the logarithm is minus infinity.
            let term = |mass: f64, best: f64, own: f64| if mass > 0.0 { mass * (best - own) } else { 0.0 };
            term(point.mass[0], best, own) + term(point.mass[1], best_not, own_not)
        };
        [
            self.sum(|point| 0.5 * (point.mass[0] + point.mass[1]) * point.error()),
            self.worst(),
            self.sum(|point| point.objective(point.trained)),
            optimal,
            self.sum(gap),
            jsd,
        ]
    }

    /// Value of the objective at D*, which equals 2 JSD - log 4.
    #[cfg(test)]
    pub(super) fn objective_of_optimal(&self) -> f64 {
        self.points.iter().map(|point| point.objective(point.optimal)).sum()
    }

    /// Jensen-Shannon divergence: the mean of two divergences from the equal mixture m, where p_d / m = 2 D*.
    fn jsd(&self) -> Figure {
        self.sum(|point| {
            let term = |mass: f64, odds: f64| if mass > 0.0 { mass * (2f64.ln() - softplus(-odds)) } else { 0.0 };
            0.5 * (term(point.mass[0], point.optimal) + term(point.mass[1], -point.optimal))
        })
    }

    fn worst(&self) -> Figure {
        let Some(worst) = self.points.iter().max_by(|a, b| a.error().total_cmp(&b.error())) else {
            return self.exact(f64::NAN);
        };
        let share = 0.5 * (worst.mass[0] + worst.mass[1]);
        let remark = format!("at an image that data and generator together draw once in {:.1e} images", 1.0 / share);
        Figure { remark: (!self.drawn).then_some(remark), ..self.exact(worst.error()) }
    }

    /// Sum of a term over all points, with its standard error if the points are draws.
    fn sum(&self, term: impl Fn(&Point) -> f64) -> Figure {
        let terms: Vec<f64> = self.points.iter().map(term).collect();
        let se = self.drawn.then(|| {
            let half = terms.len() / 2;
            // A term includes its weight, 1 / number of draws. The two halves are independent.
            let of_half = |terms: &[f64]| mean_se(terms).1.unwrap_or(f64::NAN) * terms.len() as f64;
            of_half(&terms[..half]).hypot(of_half(&terms[half..]))
        });
        Figure { se, ..self.exact(terms.iter().sum()) }
    }

    fn exact(&self, value: f64) -> Figure {
        Figure { value, se: None, n: self.points.len(), remark: None }
    }
}

impl Point {
    /// Absolute difference |D - D*|.
    fn error(&self) -> f64 {
        (sigmoid(self.trained) - sigmoid(self.optimal)).abs()
    }

    /// Contribution of the image to E_d log D + E_g log(1 - D), for a discriminator with log-odds `odds`.
    fn objective(&self, odds: f64) -> f64 {
        let term = |mass: f64, log: f64| if mass > 0.0 { mass * log } else { 0.0 };
        term(self.mass[0], -softplus(-odds)) + term(self.mass[1], -softplus(odds))
    }
}

/// ln(1 + exp(x)) without overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}
