//! Tests on samplers with known variety: the data, one mode, one image, a few repeated images.

use std::path::Path;

use data::{Chain, DataConfig, Dataset, Ising, Mixture, Noise, Split};

use super::*;
use crate::{GenerativeModel, Sampler};

/// Sampler that draws from a list of images and adds a little noise.
struct Listed(Split, f32);

impl GenerativeModel for Listed {
    fn parameters(&self) -> u64 {
        0
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }
}

impl Sampler for Listed {
    fn support(&self) -> Support {
        Support::Continuous
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let indices: Vec<usize> = (0..count).map(|_| noise.below(self.0.len())).collect();
        let mut drawn = self.0.select(&indices);
        drawn.pixels.iter_mut().for_each(|pixel| *pixel = (*pixel + self.1 * noise.uniform() as f32).min(1.0));
        drawn.labels = None;
        drawn
    }
}

/// `(collapsed, modes_covered, mode_kl, spread, twins)`.
fn measured(data: &Dataset, model: &Listed) -> [Option<f64>; 5] {
    let cache = tempfile::tempdir().expect("a folder");
    let subject = Subject { model, data, data_sha256: "of a test", seed: 0, dir: Path::new(""), cache: cache.path() };
    let figures = Collapse::default().measure(&subject).expect("files can be written");
    [COLLAPSED, "modes_covered", "mode_kl", "spread", "twins"]
        .map(|name| figures.iter().find(|figure| figure.name == name).expect("every figure is there").value)
}

fn kept(split: &Split, keep: impl Fn(usize) -> bool) -> Split {
    split.select(&(0..split.len()).filter(|index| keep(*index)).collect::<Vec<_>>())
}

fn ising() -> Dataset {
    Ising { height: 4, width: 4, beta: 0.6, test: 1_000, ..Ising::default() }.load().expect("in range")
}

fn mixture(templates: usize) -> Dataset {
    Mixture { templates, eps: 0.02, train: 1_000, test: 1_000, ..Mixture::default() }.load().expect("in range")
}

#[test]
fn real_images_have_not_collapsed() {
    for (data, modes) in [(ising(), Some(2.0)), (mixture(10), Some(10.0)), (Chain::default().load().unwrap(), None)] {
        let [collapsed, covered, kl, spread, _] = measured(&data, &Listed(data.train.clone(), 0.0));
        assert_eq!((collapsed, covered), (Some(0.0), modes));
        assert!(kl.is_none_or(|kl| kl < 0.02), "{kl:?}");
        assert!((spread.expect("images differ") - 1.0).abs() < 0.05, "{spread:?}");
    }
}

#[test]
fn one_mode_of_two_costs_ln_2_and_is_collapse() {
    let data = ising();
    let dark = kept(&data.train, |index| data.train.image(index).iter().sum::<f32>() < 8.0);
    let [collapsed, covered, kl, ..] = measured(&data, &Listed(dark, 0.0));
    assert_eq!((collapsed, covered), (Some(1.0), Some(1.0)));
    assert!((kl.expect("modes are known") - 2f64.ln()).abs() < 1e-12, "{kl:?}");
}

#[test]
fn half_of_the_templates_is_collapse_and_nine_of_ten_are_not() {
    let data = mixture(10);
    let labels = data.train.labels.clone().expect("templates are labels");
    for (left, expected) in [(9, 0.0), (5, 1.0)] {
        let some = kept(&data.train, |index| usize::from(labels[index]) < left);
        let [collapsed, covered, kl, ..] = measured(&data, &Listed(some, 0.0));
        assert_eq!((collapsed, covered), (Some(expected), Some(left as f64)));
        let cost = (10.0 / left as f64).ln();
        assert!((kl.expect("modes are known") - cost).abs() < 0.02, "{kl:?} {cost}");
    }
}

#[test]
fn repeated_images_are_collapse_on_any_data() {
    let data = Chain::default().load().expect("in range");
    for (count, expected_spread) in [(1, 0.0), (20, 1.0)] {
        let [collapsed, covered, _, spread, twins] = measured(&data, &Listed(data.train.take(count), 0.01));
        assert_eq!((collapsed, covered), (Some(1.0), None), "{count}");
        assert!((spread.expect("images differ") - expected_spread).abs() < 0.1, "{count}: {spread:?}");
        assert!(twins.expect("there are samples") > 0.99);
    }
}

#[test]
fn classes_are_the_modes_of_labelled_data_without_a_true_density() {
    let data = Dataset { truth: None, ..mixture(4) };
    let labels = data.train.labels.clone().expect("templates are labels");
    let some = kept(&data.train, |index| labels[index] < 2);
    assert_eq!(measured(&data, &Listed(data.train.clone(), 0.0))[..2], [Some(0.0), Some(4.0)]);
    assert_eq!(measured(&data, &Listed(some, 0.0))[..2], [Some(1.0), Some(2.0)]);
}
