//! Tests on codes with known information, and of assignments by enumeration.

use data::{Noise, Split};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use protocol::Support;

use super::bound::log_density;
use super::*;
use crate::{CodePosteriors, CodeShape, Codes, GenerativeModel};

/// One pixel per part of the code: the category over 4, and the number plus noise of known size. A category is
/// replaced by another with probability `slip`. Q is the posterior, except for `misjudged`.
struct Plain {
    slip: f64,
    sd: f64,
    /// Added to Q's logarithm of the variance: a Q that is not the posterior.
    misjudged: f64,
}

const CATEGORIES: usize = 4;

impl GenerativeModel for Plain {
    fn parameters(&self) -> u64 {
        0
    }

    fn coded(&self) -> Option<&dyn Coded> {
        Some(self)
    }
}

impl Coded for Plain {
    fn shape(&self) -> CodeShape {
        CodeShape { categories: CATEGORIES, continuous: 1 }
    }

    fn draw_by(&self, codes: &Codes, noise: &mut Noise) -> Split {
        let mut pixels = Vec::new();
        for (category, value) in codes.categories.iter().zip(&codes.continuous.values) {
            let other = (category + 1 + noise.below(CATEGORIES - 1)) % CATEGORIES;
            let shown = if noise.bernoulli(self.slip) { other } else { *category };
            pixels.extend([shown as f32, (value + self.sd * noise.normal()) as f32]);
        }
        Split::new(pixels, 2)
    }

    fn read(&self, images: &Split) -> CodePosteriors {
        let log = |image: &[f32], category: usize| {
            let p = if image[0] as usize == category { 1.0 - self.slip } else { self.slip / (CATEGORIES - 1) as f64 };
            p.max(1e-300).ln()
        };
        let log = images.images().flat_map(|image| (0..CATEGORIES).map(move |category| log(image, category))).collect();
        let means = images.images().map(|image| f64::from(image[1])).collect();
        let log_variance = 2.0 * self.sd.ln() + self.misjudged;
        CodePosteriors {
            log_categories: Features { values: log, width: CATEGORIES },
            means: Features { values: means, width: 1 },
            log_variances: Features { values: vec![log_variance; images.len()], width: 1 },
        }
    }
}

/// Images whose first pixel determines the class, by a permutation.
fn labelled() -> Dataset {
    let split = || {
        let pixels = (0..40).flat_map(|index| [(index % 4) as f32, 0.0]).collect();
        let labels = (0..40).map(|index| [2, 0, 3, 1][index % 4]).collect();
        Split { labels: Some(labels), ..Split::new(pixels, 2) }
    };
    let shape = DataShape { classes: Some(4), ..DataShape::new([1, 1, 2], Support::Continuous, [40; 3]) };
    Dataset::new(shape, [split(), split(), split()])
}

fn measured(model: &dyn GenerativeModel, data: &Dataset) -> Vec<Measurement> {
    let folder = tempfile::tempdir().expect("a folder");
    let subject = Subject { model, data, data_sha256: "", seed: 0, dir: folder.path(), cache: folder.path() };
    let figures = CodeInformation { draws: 20_000 }.measure(&subject).expect("files can be written");
    let is_there = |name: &str| folder.path().join("samples").join(name).exists();
    assert_eq!(is_there("traversal_category.png") && is_there("traversal_number_1.png"), model.coded().is_some());
    figures
}

#[test]
fn the_bound_is_the_information_where_q_is_the_posterior() {
    let model = Plain { slip: 0.2, sd: 0.1, misjudged: 0.0 };
    let figures = measured(&model, &labelled());
    let value = |at: usize| figures[at].value.expect("measured");
    // ln 4 - H(slip) - slip ln 3, exactly.
    let coin = -(0.2f64 * 0.2f64.ln() + 0.8 * 0.8f64.ln());
    let information = 4f64.ln() - coin - 0.2 * 3f64.ln();
    let se = figures[0].se.expect("many draws");
    assert!((value(0) - information).abs() < 4.0 * se && se < 0.01, "{} {information}", value(0));
    assert_eq!(value(1), 4f64.ln());
    // h(x) - h(noise) of a uniform plus a narrow Gaussian: h(x) is ln 2 and a little for the blurred ends.
    let noise = 0.5 * (std::f64::consts::TAU * std::f64::consts::E * 0.01).ln();
    assert!((value(2) - (2f64.ln() - noise)).abs() < 0.1 && value(2) > 0.0, "{}", value(2));
    assert_eq!(value(3), 1.0);
}

#[test]
fn the_bound_is_lower_for_another_q() {
    let value =
        |misjudged: f64| measured(&Plain { slip: 0.2, sd: 0.1, misjudged }, &labelled())[2].value.expect("measured");
    assert!(value(0.0) > value(1.0) + 0.05 && value(0.0) > value(-1.0) + 0.05);
}

#[test]
fn an_invisible_code_has_no_information() {
    let figures = measured(&Plain { slip: 0.75, sd: 30.0, misjudged: 0.0 }, &labelled());
    assert!(figures[0].value.expect("measured").abs() < 1e-9);
    // A wide truncated Gaussian is uniform and gives 0 nats; without truncation the bound is below -3 nats.
    assert!(figures[2].value.expect("measured").abs() < 0.01);
}

#[test]
fn a_truncated_gaussian_is_a_density() {
    for (mean, log_variance) in [(0.0, 0.0), (0.9, -4.0), (-3.0, -1.0), (2.0, 3.0), (1.5, -5.0)] {
        let steps = 200_000;
        let at = |step: usize| (step as f64 + 0.5) * 2.0 / steps as f64 - 1.0;
        let total: f64 =
            (0..steps).map(|step| log_density(at(step), mean, log_variance).exp()).sum::<f64>() * 2.0 / steps as f64;
        assert!((total - 1.0).abs() < 1e-4, "{mean} {log_variance}: {total}");
    }
    assert!(log_density(0.0, 300.0, -10.0).is_finite());
}

#[test]
fn without_a_code_there_is_a_reason() {
    struct Nothing;
    impl GenerativeModel for Nothing {
        fn parameters(&self) -> u64 {
            0
        }
    }
    let figures = measured(&Nothing, &labelled());
    assert!(figures.iter().all(|figure| figure.value.is_none() && figure.reason.is_some()));
    assert_eq!(figures.len(), FIGURES.len() + purity::FIGURES.len());
}

/// Largest sum of gains over all assignments, by enumeration.
fn by_enumeration(gains: &[Vec<f64>], taken: &mut Vec<bool>) -> f64 {
    let Some((row, rest)) = gains.split_first() else { return 0.0 };
    let mut most = by_enumeration(rest, taken);
    for column in 0..row.len() {
        if !taken[column] {
            taken[column] = true;
            most = most.max(row[column] + by_enumeration(rest, taken));
            taken[column] = false;
        }
    }
    most
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_assignment_is_the_best_of_all(rows in 1usize..6, columns in 1usize..6, seed in any::<u64>()) {
        let mut noise = Noise::new(seed, "assignment", 0);
        let gains: Vec<Vec<f64>> = (0..rows).map(|_| (0..columns).map(|_| noise.below(8) as f64).collect()).collect();
        let columns_of = assignment::best(&gains);
        let mut seen = vec![false; columns];
        let mut sum = 0.0;
        for (row, column) in columns_of.iter().enumerate() {
            if let Some(column) = column {
                prop_assert!(!std::mem::replace(&mut seen[*column], true), "a column is given twice");
                sum += gains[row][*column];
            }
        }
        prop_assert_eq!(sum, by_enumeration(&gains, &mut vec![false; columns]));
    }
}

/// Groups that follow the classes but for one in five, as many classes as groups.
#[test]
fn purity_is_the_share_of_the_assigned_class() {
    let classes: Vec<usize> = (0..4_000).map(|index| index / 2 % 4).collect();
    let groups: Vec<usize> = classes
        .iter()
        .enumerate()
        .map(|(index, class)| ([2, 0, 3, 1][*class] + usize::from(index % 5 == 0)) % 4)
        .collect();
    let found = purity::purity(&groups, &classes, [4, 4]);
    assert_eq!((found.right, found.images), (1_600, 2_000));
    // One class only: the best assignment gives it one of the four groups.
    let collapsed = purity::purity(&groups, &vec![1; 4_000], [4, 4]);
    assert!(collapsed.right.abs_diff(500) < 60, "{collapsed:?}");
}

#[test]
fn purity_of_random_groups_is_chance() {
    let mut noise = Noise::new(0, "purity", 0);
    let mut draw = |count: usize| -> Vec<usize> { (0..20_000).map(|_| noise.below(count)).collect() };
    for [groups, classes] in [[10, 10], [4, 10], [10, 4]] {
        let found = purity::purity(&draw(groups), &draw(classes), [groups, classes]);
        let expected = groups.min(classes) as f64 / (groups * classes) as f64;
        assert!((found.right as f64 / 10_000.0 - expected).abs() < 0.015, "{groups} {classes} {found:?}");
    }
}

/// Model whose category is one of ten templates, or is ignored.
struct Templates {
    images: Split,
    follows: bool,
}

impl GenerativeModel for Templates {
    fn parameters(&self) -> u64 {
        0
    }

    fn coded(&self) -> Option<&dyn Coded> {
        Some(self)
    }
}

impl Coded for Templates {
    fn shape(&self) -> CodeShape {
        CodeShape { categories: 10, continuous: 0 }
    }

    fn draw_by(&self, codes: &Codes, noise: &mut Noise) -> Split {
        let labels = self.images.labels.as_ref().expect("templates");
        let of = |category: usize, noise: &mut Noise| loop {
            let index = noise.below(self.images.len());
            if !self.follows || usize::from(labels[index]) == (category + 3) % 10 {
                break index;
            }
        };
        let indices: Vec<usize> = codes.categories.iter().map(|category| of(*category, noise)).collect();
        Split { labels: None, ..self.images.select(&indices) }
    }

    fn read(&self, images: &Split) -> CodePosteriors {
        let values = vec![0.1f64.ln(); 10 * images.len()];
        CodePosteriors { log_categories: Features { values, width: 10 }, ..CodePosteriors::default() }
    }
}

#[test]
fn a_category_that_is_the_template_is_pure_and_one_that_is_ignored_is_not() {
    let data = data::Mixture { eps: 0.02, ..data::Mixture::default() };
    let data = data::DataConfig::load(&data).expect("in range");
    for (follows, expected) in [(true, 1.0), (false, 0.1)] {
        let folder = tempfile::tempdir().expect("a folder");
        let model = Templates { images: data.train.clone(), follows };
        let (dir, cache) = (folder.path(), folder.path());
        let subject = Subject { model: &model, data: &data, data_sha256: "", seed: 0, dir, cache };
        let figures = CodeInformation::default().measure(&subject).expect("files can be written");
        let value = |name: &str| figures.iter().find(|figure| figure.name == name).and_then(|figure| figure.value);
        assert!((value("code_purity").expect("templates") - expected).abs() < 0.05, "{figures:?}");
        assert!((value("code_purity_chance").expect("templates") - 0.1).abs() < 0.05, "{figures:?}");
        // The images are those of the ten templates in both cases.
        assert!(value("cluster_purity").expect("templates") > 0.75, "{figures:?}");
    }
}
