//! Tests on maps with log p(x) in closed form.

use std::path::Path;

use data::Dataset;
use nalgebra::{Cholesky, DMatrix, DVector};

use protocol::Support;

use super::observation::Observation;
use super::*;
use crate::progress::mean_se;
use crate::{GenerativeModel, Pushforward};

const PIXELS: usize = 6;
const SD: f64 = 0.3;

/// G(k, z) = W z + b_k: with Gaussian pixels p(x) is a mixture of Gaussians N(b_k, W W' + sd^2 I).
struct Linear {
    weights: DMatrix<f64>,
    shifts: Vec<f64>,
    /// Standard deviation of its own likelihood; `None` for a generator.
    own: Option<f64>,
}

impl Linear {
    fn new(dims: usize, shifts: &[f64]) -> Self {
        let mut noise = Noise::new(0, "ais/weights", 0);
        Self {
            weights: DMatrix::from_fn(PIXELS, dims, |_, _| 0.5 * noise.normal()),
            shifts: shifts.to_vec(),
            own: None,
        }
    }

    fn means(&self, code: usize, eps: &[f32]) -> DVector<f64> {
        let z = DVector::from_iterator(eps.len(), eps.iter().map(|z| f64::from(*z)));
        (&self.weights * z).add_scalar(self.shifts[code])
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

    fn stochastic_decoder(&self) -> Option<Box<dyn StochasticDecoder + '_>> {
        Some(Box::new(Own(self, self.own?)))
    }

    fn pushforward(&self) -> Option<Box<dyn Pushforward + '_>> {
        Some(Box::new(Map(self)))
    }
}

/// N(G(k, z), sd^2), in f64.
struct Own<'a>(&'a Linear, f64);

impl StochasticDecoder for Own<'_> {
    fn support(&self) -> Support {
        Support::Real
    }

    fn dims(&self) -> usize {
        self.0.weights.ncols()
    }

    fn codes(&self) -> usize {
        self.0.shifts.len()
    }

    fn log_likelihood(&self, code: usize, eps: &[f32], images: &Split) -> (Vec<f64>, Vec<f32>) {
        let Self(map, sd) = self;
        let rows = eps.chunks_exact(self.dims()).zip(images.images());
        let (values, gradients): (Vec<f64>, Vec<Vec<f32>>) = rows
            .map(|(eps, x)| {
                let off = DVector::from_iterator(PIXELS, x.iter().map(|x| f64::from(*x))) - map.means(code, eps);
                let volume = PIXELS as f64 * (std::f64::consts::TAU.sqrt() * sd).ln();
                let gradient = map.weights.tr_mul(&off) / (sd * sd);
                (-0.5 * off.norm_squared() / (sd * sd) - volume, gradient.iter().map(|g| *g as f32).collect())
            })
            .unzip();
        (values, gradients.concat())
    }

    fn draw(&self, code: usize, eps: &[f32], noise: &mut Noise) -> Split {
        Observation::Gaussian(self.1).draw(&Map(self.0).decode(code, eps), PIXELS, noise)
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
        let one = |eps: &[f32]| self.0.means(code, eps).iter().map(|x| *x as f32).collect::<Vec<_>>();
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
        let sd = model.own.unwrap_or(SD);
        Observation::Gaussian(sd).draw(&means, PIXELS, &mut Noise::new(2, "ais/data", stream))
    };
    let shape = DataShape::new([1, 1, PIXELS], Support::Real, [4, 100, 40]);
    Dataset::new(shape, [split(0, 4), split(1, 100), split(2, 40)])
}

fn subject<'a>(model: &'a dyn GenerativeModel, data: &'a Dataset) -> Subject<'a> {
    Subject { model, data, data_sha256: "", seed: 0, dir: Path::new(""), cache: Path::new("") }
}

/// The three figures under the likelihood that the model has. The other three state a reason.
fn take(ais: Ais, model: &Linear) -> [Measurement; 3] {
    let data = data(model);
    let mut figures = ais.measure(&subject(model, &data)).expect("nothing is written");
    let others = if model.own.is_some() { figures.split_off(3) } else { figures.drain(..3).collect() };
    let reason = match model.own {
        Some(_) => "the model has a likelihood of its own: see ais",
        None => "the model has no likelihood of its own: see ais_observed",
    };
    assert!(others.iter().all(|other| other.reason.as_deref() == Some(reason) && other.value.is_none()), "{others:?}");
    let prefix = if model.own.is_some() { "ais" } else { "ais_observed" };
    assert_eq!(figures[2].name, format!("{prefix}_simulated_gap"));
    figures.try_into().expect("three figures")
}

fn truth(model: &Linear) -> f64 {
    let sd = model.own.unwrap_or(SD);
    let all: Vec<f64> = data(model).test.images().map(|x| model.log_density(x, sd)).collect();
    mean_se(&all).0
}

/// From a likelihood wider than the data to one of a hundredth, against the closed form image by image. The stated error
/// is the gap on simulated images and the errors over images.
#[test]
fn a_model_with_a_likelihood_is_measured_under_it() {
    for sd in [3.0, 1.0, 0.4, 0.1, 0.01] {
        let model = Linear { own: Some(sd), ..Linear::new(3, &[0.1]) };
        let ais = Ais { images: 40, chains: 4, temperatures: 500, pilot: 100 };
        let [test, simulated, gap] = take(ais, &model);
        let test_images = data(&model).test;
        assert_eq!((test.n, test.per_image.len()), (Some(40), 40));
        let off: Vec<f64> =
            test_images.images().zip(&test.per_image).map(|(x, ais)| ais - model.log_density(x, sd)).collect();
        let ((off, se), (gap, gap_se)) = (mean_se(&off), (gap.value.unwrap(), gap.se.unwrap()));
        let se = se.unwrap();
        assert!(gap < 1.0 && se < 0.25, "{sd}: gap {gap}, se {se}");
        assert!(off < 4.0 * se && off > -gap - 4.0 * (se + gap_se), "{sd}: {off} ± {se}, gap {gap} ± {gap_se}");
        assert!(test.reason.unwrap().starts_with("the model's own likelihood; 4 chains"));
        assert_eq!((test.kind, simulated.support), (Kind::LowerBound, Some(Support::Real)));
    }
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
    let model = Linear { own: Some(SD), ..Linear::new(4, &[0.0]) };
    let data = data(&model);
    let subject = subject(&model, &data);
    let likelihood = Likelihood::of(&subject, "ais").expect("its own");
    let mut gaps = Vec::new();
    for temperatures in [5, 30, 1_000] {
        let ais = Ais { images: 60, chains: 4, temperatures, pilot: 60 };
        let run = Run { ais, likelihood: &likelihood, subject: &subject };
        let Chosen { decoder, schedule, .. } = run.chosen();
        let (lower, upper) = run.bracket(decoder, &schedule.with(temperatures));
        // The same images, which are the first draws of the stream.
        let mut noise = run.noise("simulated");
        let z = noise.normals(60 * 4);
        let images = decoder.draw(0, &z, &mut noise);
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
        let figures = |model: &dyn GenerativeModel| {
            let figures = Ais::default().measure(&subject(model, &images)).expect("nothing is written");
            figures.into_iter().map(|figure| figure.reason.unwrap_or_default()).collect::<Vec<_>>()
        };
        let none = figures(&Nothing);
        assert_eq!(none.len(), 6);
        (none[0].clone(), figures(&Linear::new(1, &[0.0]))[3].clone())
    };
    let (nothing, _) = reason(Support::Binary);
    assert_eq!(nothing, "the model is not a smooth function of Gaussian noise");
    let (_, grey) = reason(Support::Levels(4));
    assert!(grey.starts_with("no observation model for grey levels"), "{grey}");
    let refused = Ais { chains: 0, ..Ais::default() }.check(&images.shape).expect_err("no chains");
    assert_eq!(refused.path, "chains");
}

/// Doubling 5 temperatures gains nats, doubling 1,000 does not.
#[test]
fn the_doubled_gain_is_the_difference_of_both_runs() {
    let model = Linear::new(4, &[0.0]);
    let data = data(&model);
    let subject = subject(&model, &data);
    let at = |temperatures: usize| Ais { images: 40, chains: 4, temperatures, pilot: 60 };
    let gain = |temperatures: usize| {
        let config = serde_json::from_value::<AisDoubled>(serde_json::to_value(at(temperatures)).unwrap()).unwrap();
        let [own, figure] = config.measure(&subject).expect("nothing is written").try_into().expect("two figures");
        assert_eq!((own.value, &*figure.name), (None, "ais_observed_doubled_gain"));
        (figure.value.unwrap(), figure.se.unwrap())
    };
    let alone = |temperatures: usize| take(at(temperatures), &model)[0].value.unwrap();
    let (few, _) = gain(5);
    assert!((few - (alone(10) - alone(5))).abs() < 1e-12 && few > 0.5, "{few}");
    let (many, se) = gain(1_000);
    assert!(many.abs() < 0.05 + 4.0 * se, "{many} ± {se}");
}
