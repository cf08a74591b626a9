//! Unpaired images of two domains with a known translation.
//!
//! Domain B is domain A under an exact transformation of pixels (`stripes` or `slant`). The training images of B show
//! other scenes than those of A, so that training has no pairs. In the validation and test splits, image i of B is the
//! transformed image i of A. Thus the true error of a translation can be computed.
//!
//! The task is that of Zhu et al., 2017, Unpaired Image-to-Image Translation (horse to zebra), with known targets.

mod shapes;
mod transformations;

use protocol::Support;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{DataConfig, DataError, DataShape, Dataset, Noise, Split, digits};

/// Number of training images of `shapes` in each domain.
const TRAIN: usize = 2_000;
const VALIDATION: usize = 200;
const TEST: usize = 400;

/// Pair of domains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pair {
    /// Plain shapes and striped ones, 16x16.
    #[default]
    Shapes,
    /// The 8x8 handwritten digits, and digits inverted and slanted.
    Digits,
}

/// Settings of `domains`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Domains {
    /// Pair of domains.
    pub pair: Pair,
    /// Seed of the shapes, and of the assignment of digits to domains.
    pub seed: u64,
}

impl DataConfig for Domains {
    const NAME: &'static str = "domains";
    const ABOUT: &'static str = "unpaired images of two domains with a known translation: shapes or digits";

    fn describe(&self) -> Result<DataShape, DataError> {
        let (side, support, counts) = match self.pair {
            Pair::Shapes => (shapes::SIDE, Support::Continuous, [TRAIN, VALIDATION, TEST]),
            // Each training digit goes to one domain.
            Pair::Digits => {
                let counts = [digits::TRAIN / 2, digits::VALIDATION, digits::TEST];
                (digits::SIDE, Support::Levels(digits::LEVELS), counts)
            }
        };
        let sides = [1, side, side];
        Ok(DataShape { other: Some(sides), ..DataShape::new(sides, support, counts) })
    }

    fn load(&self) -> Result<Dataset, DataError> {
        let shape = self.describe()?;
        let (train, others, [validation, test]) = self.scenes();
        let map = |split: &Split| {
            let side = shape.width;
            let pixels = split.images().flat_map(|image| self.translate(image, side)).collect();
            Box::new(Split::new(pixels, split.image_len))
        };
        let with = |split: Split, scenes: Split| Split { other: Some(map(&scenes)), ..split };
        let splits = [with(train, others), with(validation.clone(), validation), with(test.clone(), test)];
        Ok(Dataset::new(shape, splits))
    }
}

impl Domains {
    /// The translation of an image of A to its image of B.
    fn translate(&self, image: &[f32], side: usize) -> Vec<f32> {
        match self.pair {
            Pair::Shapes => transformations::stripe(image, side),
            Pair::Digits => transformations::slant(&transformations::invert(image), side),
        }
    }

    /// Images of domain A: the training images, those that become the training images of B, and the other two splits.
    fn scenes(&self) -> (Split, Split, [Split; 2]) {
        match self.pair {
            Pair::Shapes => {
                let draw = |part: &str, count| {
                    shapes::draw(count, &mut Noise::new(self.seed, &format!("domains/shapes/{part}"), 0))
                };
                let rest = [draw("validation", VALIDATION), draw("test", TEST)];
                (draw("train/a", TRAIN), draw("train/b", TRAIN), rest)
            }
            Pair::Digits => {
                let [train, validation, test] = digits::grey().map(|split| Split { labels: None, ..split });
                let order = Noise::new(self.seed, "domains/digits", 0).permutation(train.len());
                let half = digits::TRAIN / 2;
                let (a, b) = (train.select(&order[..half]), train.select(&order[half..2 * half]));
                (a, b, [validation, test])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(pair: Pair) -> Dataset {
        Domains { pair, ..Domains::default() }.load().unwrap()
    }

    fn other(split: &Split) -> &Split {
        split.other.as_deref().unwrap()
    }

    #[test]
    fn validation_and_test_are_pairs_and_training_is_not() {
        for pair in [Pair::Shapes, Pair::Digits] {
            let (config, data) = (Domains { pair, ..Domains::default() }, load(pair));
            let side = data.shape.width;
            let is_pair =
                |split: &Split, i: usize, j: usize| config.translate(split.image(i), side) == other(split).image(j);
            for split in [&data.validation, &data.test] {
                assert!((0..split.len()).all(|i| is_pair(split, i, i)), "{pair:?}");
            }
            // No training image of A has its partner in B.
            let train = data.train.take(300);
            let all = &data.train;
            assert!((0..train.len()).all(|i| (0..all.len()).all(|j| !is_pair(all, i, j))), "{pair:?}");
        }
    }

    #[test]
    fn a_selection_includes_the_partners() {
        let test = load(Pair::Shapes).test;
        let some = test.select(&[7, 3]);
        assert_eq!(other(&some).image(1), other(&test).image(3));
        assert_eq!(test.take(5).other.unwrap().len(), 5);
    }

    #[test]
    fn the_domains_differ_and_depend_on_the_seed() {
        let [a, b] = [0, 1].map(|seed| Domains { pair: Pair::Digits, seed }.load().unwrap());
        assert_ne!(a.sha256(), b.sha256());
        let mut same = a.clone();
        same.train.other = b.train.other.clone();
        assert_ne!(same.sha256(), a.sha256(), "the other domain is part of the set");
        let mean = |split: &Split| split.pixels.iter().sum::<f32>() / split.pixels.len() as f32;
        assert!((mean(&a.test) + mean(other(&a.test)) - 1.0).abs() < 1e-5, "inverted");
        let shapes = load(Pair::Shapes);
        assert!(mean(other(&shapes.test)) < 0.7 * mean(&shapes.test), "striped");
    }
}
