//! Images with what they weigh under the data and under the generator.

use data::{ExactDensity, Split};

use super::{log_odds, log_truth};
use crate::Critic;
use crate::progress::mean_se;

/// One image.
struct Point {
    /// Its share of the data's and of the generator's mass.
    mass: [f64; 2],
    /// Log-odds of D*.
    optimal: f64,
    /// Log-odds of D.
    trained: f64,
}

/// All images, or as many of the data's as of the generator's.
pub(super) struct Points {
    points: Vec<Point>,
    /// Images of the data, then as many of the generator, all of the same weight: an estimate.
    drawn: bool,
}

/// One figure.
pub(super) struct Figure {
    pub(super) value: f64,
    pub(super) se: Option<f64>,
    pub(super) n: usize,
    pub(super) remark: Option<String>,
}

impl Points {
    /// All images there are.
    pub(super) fn listed(critic: &dyn Critic, truth: &dyn ExactDensity, all: &Split) -> Self {
        let (data, generator) = (log_truth(truth, all), critic.generator_density().log_density(all));
        let masses = data.iter().zip(&generator).map(|(data, generator)| [data.exp(), generator.exp()]);
        let points = masses.zip(log_odds(critic, truth, all));
        let point = |(mass, [optimal, trained]): ([f64; 2], [f64; 2])| Point { mass, optimal, trained };
        // What neither of the two ever draws is no image.
        let is_image = |point: &Point| point.mass[0] + point.mass[1] > 0.0;
        Self { points: points.map(point).filter(is_image).collect(), drawn: false }
    }

    /// Draws from the data and from the generator.
    pub(super) fn drawn(critic: &dyn Critic, truth: &dyn ExactDensity, real: &Split, fake: &Split) -> Self {
        let of = |images: &Split, mass: [f64; 2]| {
            let point = move |[optimal, trained]: [f64; 2]| Point { mass, optimal, trained };
            log_odds(critic, truth, images).into_iter().map(point).collect::<Vec<_>>()
        };
        let mut points = of(real, [1.0 / real.len() as f64, 0.0]);
        points.extend(of(fake, [0.0, 1.0 / fake.len() as f64]));
        Self { points, drawn: true }
    }

    /// In the order of the measure's figures.
    pub(super) fn figures(&self) -> [Figure; 6] {
        let jsd = self.jsd();
        let optimal = Figure { value: 2.0 * jsd.value - 4f64.ln(), se: jsd.se.map(|se| 2.0 * se), ..self.exact(0.0) };
        let gap = |point: &Point| {
            let by_log_odds = |odds: f64| [-softplus(-odds), -softplus(odds)];
            let ([best, best_not], [own, own_not]) = (by_log_odds(point.optimal), by_log_odds(point.trained));
            // Of a mass of 0 nothing is taken, not even of minus infinity.
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

    /// The value of D's objective at D*, which is to be 2 JSD - log 4.
    #[cfg(test)]
    pub(super) fn objective_of_optimal(&self) -> f64 {
        self.points.iter().map(|point| point.objective(point.optimal)).sum()
    }

    /// The mean of two divergences from the even mixture m: p / m is 2 D* for the data.
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
        let remark = format!("at an image that data and generator together show once in {:.1e}", 1.0 / share);
        Figure { remark: (!self.drawn).then_some(remark), ..self.exact(worst.error()) }
    }

    /// The sum of a term over all points; with its standard error if they are draws.
    fn sum(&self, term: impl Fn(&Point) -> f64) -> Figure {
        let terms: Vec<f64> = self.points.iter().map(term).collect();
        let se = self.drawn.then(|| {
            let half = terms.len() / 2;
            // A term holds its weight, one over the number of draws; the two halves are independent.
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
    /// |D - D*|.
    fn error(&self) -> f64 {
        (sigmoid(self.trained) - sigmoid(self.optimal)).abs()
    }

    /// The image's part of E_d log D + E_g log(1 - D), for a D of these log-odds.
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
