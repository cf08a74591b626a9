//! Tests on maps with log p(x) in closed form.

use std::path::Path;

use data::Dataset;
use nalgebra::{Cholesky, DMatrix, DVector};

use super::*;
use crate::GenerativeModel;

const PIXELS: usize = 6;
const SD: f64 = 0.3;

/// G(k, z) = W z + b_k: with Gaussian pixels p(x) is a mixture of Gaussians N(b_k, W W' + sd^2 I).
struct Linear {
    weights: DMatrix<f64>,
    shifts: Vec<f64>,
}

impl Linear {
    fn new(dims: usize, shifts: &[f64]) -> Self {
        let mut noise = Noise::new(0, "ais/weights", 0);
        Self { weights: DMatrix::from_fn(PIXELS, dims, |_, _| 0.5 * noise.normal()), shifts: shifts.to_vec() }
    }

    fn log_density(&self, x: &[f32], sd: f64) -> f64 {
        let covariance = &self.weights * self.weights.transpose() + DMatrix::identity(PIXELS, PIXELS) * (sd * sd);
        let factor = Cholesky::new(covariance).expect("positive definite");
        let of = |shift: &f64| {
            let x = DVector::from_iterator(PIXELS, x.iter().map(|x| f64::from(*x) - shift));
            -0.5 * (x.dot(&factor.solve(&x)) + factor.ln_determinant() + PIXELS as f64 * std::f64::consts::TAU.ln())
        };
        log_sum_exp(self.shifts.iter().map(of).collect::<Vec<_>>().into_iter()) - (self.shifts.len() as f64).ln()
    }
}

impl GenerativeModel for Linear {
    fn parameters(&self) -> u64 {
        0
    }

    fn pushforward(&self) -> Option<Box<dyn Pushforward + '_>> {
        Some(Box::new(Map(self)))
    }
}

struct Map<'a>(&'a Linear);

impl Pushforward for Map<'_> {
    fn dims(&self) -> usize {
        self.0.weights.ncols()
    }

    fn codes(&self) -> usize {
        self.0.shifts.len()
    }

    fn decode(&self, code: usize, eps: &[f32]) -> Vec<f32> {
        let one = |eps: &[f32]| {
            let z = DVector::from_iterator(eps.len(), eps.iter().map(|z| f64::from(*z)));
            (&self.0.weights * z).add_scalar(self.0.shifts[code]).iter().map(|x| *x as f32).collect::<Vec<_>>()
        };
        eps.chunks_exact(self.dims()).flat_map(one).collect()
    }

    fn pull(&self, code: usize, eps: &[f32], gradient: &mut dyn FnMut(&[f32]) -> Vec<f32>) -> Vec<f32> {
        let gradient = gradient(&self.decode(code, eps));
        let one = |gradient: &[f32]| {
            let gradient = DVector::from_iterator(PIXELS, gradient.iter().map(|g| f64::from(*g)));
            self.0.weights.tr_mul(&gradient).iter().map(|g| *g as f32).collect::<Vec<_>>()
        };
        gradient.chunks_exact(PIXELS).flat_map(one).collect()
    }
}

fn data(model: &Linear) -> Dataset {
    let split = |stream: u64, n: usize| {
        let (mut noise, map) = (Noise::new(1, "ais/data", stream), Map(model));
        let draw = |image: usize| map.decode(image % map.codes(), &noise.normals(map.dims()));
        let means: Vec<f32> = (0..n).flat_map(draw).collect();
        Observation::Gaussian(SD).draw(&means, PIXELS, &mut Noise::new(2, "ais/data", stream))
    };
    let shape = DataShape::new([1, 1, PIXELS], Support::Real, [4, 100, 40]);
    Dataset::new(shape, [split(0, 4), split(1, 100), split(2, 40)])
}

fn take(ais: Ais, model: &Linear) -> [Measurement; 3] {
    let (data, nowhere) = (data(model), Path::new(""));
    let subject = Subject { model, data: &data, data_sha256: "", seed: 0, dir: nowhere, cache: nowhere };
    ais.measure(&subject).expect("nothing is written").try_into().expect("three figures")
}

fn truth(model: &Linear) -> f64 {
    let all: Vec<f64> = data(model).test.images().map(|x| model.log_density(x, SD)).collect();
    mean_se(&all).0
}

#[test]
fn the_log_density_of_a_linear_gaussian_map_is_estimated_in_any_dimension() {
    for dims in [1, 4] {
        let model = Linear::new(dims, &[0.1]);
        let ais = Ais { images: 40, chains: 8, temperatures: 1_000, pilot: 60 };
        let [test, simulated, gap] = take(ais, &model);
        let remark = test.reason.clone().unwrap();
        assert!(remark.starts_with("observation model: Gaussian pixels with standard deviation 0.3,"), "{remark}");
        let (found, truth) = (test.value.unwrap(), truth(&model));
        assert!((-0.1..0.06).contains(&(found - truth)), "{dims}: {found}, in closed form {truth}");
        let gap = gap.value.unwrap();
        assert!((-0.05..0.4).contains(&gap), "{dims}: {gap}");
        assert_eq!((test.n, test.kind, simulated.support), (Some(40), Kind::LowerBound, Some(Support::Real)));
    }
}

/// The sum over codes is exact: one component of the mixture alone would be lower by at least ln 3.
#[test]
fn codes_are_summed_and_have_no_bracket() {
    let model = Linear::new(2, &[-2.0, 0.0, 2.0]);
    let [test, simulated, gap] = take(Ais { images: 40, chains: 4, temperatures: 1_000, pilot: 60 }, &model);
    let (found, truth) = (test.value.unwrap(), truth(&model));
    assert!((-0.1..0.06).contains(&(found - truth)), "{found}, in closed form {truth}");
    assert!([simulated, gap].iter().all(|figure| figure.value.is_none() && figure.reason.is_some()));
}

/// The bracket contains the true log-density and narrows with more temperatures.
#[test]
fn the_bracket_contains_the_truth_and_narrows() {
    let model = Linear::new(4, &[0.0]);
    let data = data(&model);
    let nowhere = Path::new("");
    let subject = Subject { model: &model, data: &data, data_sha256: "", seed: 0, dir: nowhere, cache: nowhere };
    let observation = Observation::Gaussian(SD);
    let mut gaps = Vec::new();
    for temperatures in [5, 30, 1_000] {
        let ais = Ais { images: 60, chains: 4, temperatures, pilot: 60 };
        let map = Map(&model);
        let run = Run { ais, model: &map, subject: &subject };
        let rows = repeated(&data.validation, 2);
        let target = Target { model: &map, code: 0, observation, images: &rows };
        let schedule = Schedule::pilot(&target, 60, &mut run.noise("pilot")).with(temperatures);
        let (lower, upper) = run.bracket(observation, &schedule, PIXELS);
        // The same images, which are the first draws of the stream.
        let mut noise = run.noise("simulated");
        let z = noise.normals(60 * 4);
        let images = observation.draw(&map.decode(0, &z), PIXELS, &mut noise);
        let exact: Vec<f64> = images.images().map(|x| model.log_density(x, SD)).collect();
        let [(lower, _), (upper, _), (exact, _)] = [&lower, &upper, &exact].map(|values| mean_se(values));
        assert!(lower < exact + 0.02 && exact < upper + 0.02, "{temperatures}: {lower} {exact} {upper}");
        gaps.push(upper - lower);
    }
    assert!(gaps[0] > 2.0 * gaps[1] && gaps[1] > 8.0 * gaps[2] && gaps[2] < 0.25, "{gaps:?}");
}

#[test]
fn inapplicable_figures_state_a_reason() {
    struct Nothing;
    impl GenerativeModel for Nothing {
        fn parameters(&self) -> u64 {
            0
        }
    }
    let mut images = data(&Linear::new(1, &[0.0]));
    let mut reason = |support: Support| {
        images.shape.support = support;
        let nowhere = Path::new("");
        let subject =
            Subject { model: &Nothing, data: &images, data_sha256: "", seed: 0, dir: nowhere, cache: nowhere };
        let figures = Ais::default().measure(&subject).expect("nothing is written");
        assert_eq!(figures.len(), 3);
        figures[0].reason.clone().unwrap()
    };
    assert_eq!(reason(Support::Binary), "the model is not a smooth map of Gaussian noise");
    assert!(reason(Support::Levels(4)).starts_with("no observation model for grey levels"));
    let refused = Ais { chains: 0, ..Ais::default() }.check(&images.shape).expect_err("no chains");
    assert_eq!(refused.path, "chains");
}

/// Doubling 5 temperatures gains nats, doubling 1,000 does not.
#[test]
fn the_doubled_gain_is_the_difference_of_both_runs() {
    let model = Linear::new(4, &[0.0]);
    let (data, nowhere) = (data(&model), Path::new(""));
    let subject = Subject { model: &model, data: &data, data_sha256: "", seed: 0, dir: nowhere, cache: nowhere };
    let at = |temperatures: usize| Ais { images: 40, chains: 4, temperatures, pilot: 60 };
    let gain = |temperatures: usize| {
        let config = serde_json::from_value::<AisDoubled>(serde_json::to_value(at(temperatures)).unwrap()).unwrap();
        let [figure] = config.measure(&subject).expect("nothing is written").try_into().expect("one figure");
        (figure.value.unwrap(), figure.se.unwrap())
    };
    let alone = |temperatures: usize| take(at(temperatures), &model)[0].value.unwrap();
    let (few, _) = gain(5);
    assert!((few - (alone(10) - alone(5))).abs() < 1e-12 && few > 0.5, "{few}");
    let (many, se) = gain(1_000);
    assert!(many.abs() < 0.05 + 4.0 * se, "{many} ± {se}");
}
