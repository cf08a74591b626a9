//! Real 8x8 handwritten digits, embedded in smartcore: 1,797 images with grey levels 0 to 16.
//!
//! Alpaydin and Kaynak, 1998, Optical Recognition of Handwritten Digits, UCI Machine Learning
//! Repository (its test part, as scikit-learn ships it).

use protocol::Support;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Binarize, BinarizeMode, DataConfig, DataError, DataShape, Dataset, Noise, Split, hold_out};

pub(crate) const SIDE: usize = 8;
pub(crate) const CLASSES: usize = 10;
pub(crate) const TRAIN: usize = 1_197;
pub(crate) const VALIDATION: usize = 200;
pub(crate) const TEST: usize = 400;
pub(crate) const LEVELS: u16 = 17;

/// Settings of `digits`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Digits {
    /// Binarization of grey pixels.
    pub binarize: BinarizeMode,
    /// Seed of static and dynamic binarization.
    pub binarize_seed: u64,
    /// Class, 0 to 9, to remove from all splits; measures of anomaly detection use its images.
    #[schemars(range(min = 0, max = 9))]
    pub hold_out: Option<u16>,
}

impl DataConfig for Digits {
    const NAME: &'static str = "digits";
    const ABOUT: &'static str = "real 8x8 handwritten digits, 17 grey levels, embedded: 1,197 / 200 / 400 images";

    fn describe(&self) -> Result<DataShape, DataError> {
        let [train, validation, test] = self.parts()?.0.map(|split| split.len());
        let support = if self.binarize().is_binary() { Support::Binary } else { Support::Levels(LEVELS) };
        let shape = DataShape::new([1, SIDE, SIDE], support, [train, validation, test]);
        Ok(DataShape { classes: Some(CLASSES), ..shape })
    }

    fn load(&self) -> Result<Dataset, DataError> {
        let ([train, validation, test], held_out) = self.parts()?;
        let part = |name, mut split: Split| {
            self.binarize().apply(name, &mut split);
            split
        };
        let splits = [part("train", train), part("validation", validation), part("test", test)];
        Ok(Dataset {
            held_out: held_out.map(|split| part("held_out", split)),
            binarize: self.binarize(),
            ..Dataset::new(self.describe()?, splits)
        })
    }
}

/// The grey images as training, validation and test split.
pub(crate) fn grey() -> [Split; 3] {
    let raw = smartcore::dataset::digits::load_dataset();
    let pixels = raw.data.iter().map(|level| level / f32::from(LEVELS - 1)).collect();
    let labels = raw.target.iter().map(|label| *label as u16).collect();
    let all = Split { labels: Some(labels), ..Split::new(pixels, SIDE * SIDE) };
    // The file is ordered by writer; a fixed shuffle gives the three splits the same distribution.
    let order = Noise::new(0, "digits/split", 0).permutation(all.len());
    let (train, rest) = order.split_at(TRAIN);
    let (validation, test) = rest.split_at(VALIDATION);
    [train, validation, test].map(|indices| all.select(indices))
}

impl Digits {
    fn binarize(&self) -> Binarize {
        Binarize { mode: self.binarize, seed: self.binarize_seed }
    }

    /// The grey splits and the held-out images. All images of the class are kept, because a class has only 40 test
    /// images. The splits are shuffled, so the held-out images of all splits have the same distribution.
    fn parts(&self) -> Result<([Split; 3], Option<Split>), DataError> {
        let splits = grey();
        let Some(class) = self.hold_out else { return Ok((splits, None)) };
        hold_out::check(class, splits[2].labels.clone())?;
        let [train, validation, test] = splits.map(|split| hold_out::part(&split, class));
        let held = hold_out::join(&[test.1, validation.1, train.1]);
        Ok(([train.0, validation.0, test.0], Some(held)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_image_is_in_one_split_and_levels_are_whole() {
        let data = Digits::default().load().unwrap();
        assert_eq!([data.train.len(), data.validation.len(), data.test.len()], [TRAIN, VALIDATION, TEST]);
        assert!(data.train.pixels.iter().all(|pixel| (pixel * 16.0).fract() == 0.0 && (0.0..=1.0).contains(pixel)));
        let mut seen: Vec<Vec<u32>> = [&data.train, &data.validation, &data.test]
            .iter()
            .flat_map(|split| split.images().map(|image| image.iter().map(|p| p.to_bits()).collect()))
            .collect();
        seen.sort();
        let distinct = {
            let mut copy = seen.clone();
            copy.dedup();
            copy.len()
        };
        assert!(distinct > 1_790, "{distinct} distinct images");
        // Every class in every split.
        for split in [&data.train, &data.validation, &data.test] {
            let mut classes = split.labels.clone().unwrap();
            classes.sort_unstable();
            classes.dedup();
            assert_eq!(classes, (0..10).collect::<Vec<_>>());
        }
    }

    #[test]
    fn dynamic_batches_change_with_the_step_and_nothing_else() {
        let data = Digits { binarize: BinarizeMode::Dynamic, ..Digits::default() }.load().unwrap();
        let batch = |step| data.batch(&[3, 5, 8], step);
        assert_eq!(batch(1), batch(1));
        assert_ne!(batch(1), batch(2));
        assert!(batch(1).pixels.iter().chain(&data.test.pixels).all(|pixel| *pixel == 0.0 || *pixel == 1.0));
        // The mean over many draws is the grey level.
        let mean = (0..400).map(|step| f64::from(data.batch(&[0], step).pixels[20])).sum::<f64>() / 400.0;
        assert!((mean - f64::from(data.train.image(0)[20])).abs() < 5.0 * 0.5 / 20.0);
    }

    #[test]
    fn a_held_out_class_is_in_no_split_and_nothing_else_changes() {
        for binarize in [BinarizeMode::None, BinarizeMode::Threshold, BinarizeMode::Dynamic] {
            let all = Digits { binarize, ..Digits::default() };
            let some = Digits { hold_out: Some(3), ..all.clone() };
            let (all, data) = (all.load().unwrap(), some.load().unwrap());
            assert_eq!(data.shape, some.describe().unwrap());
            assert_eq!([data.train.len(), data.validation.len(), data.test.len()], {
                let DataShape { train, validation, test, .. } = data.shape;
                [train, validation, test]
            });
            let held = data.held_out.as_ref().unwrap();
            assert!(held.labels.iter().flatten().all(|label| *label == 3));
            assert_eq!(held.len() + data.train.len() + data.validation.len() + data.test.len(), 1_797);
            // The grey training images of dynamic binarization are drawn when they are held out.
            if binarize != BinarizeMode::None {
                assert!(held.pixels.iter().all(|pixel| *pixel == 0.0 || *pixel == 1.0));
            }
            assert_eq!(data.train, hold_out::part(&all.train, 3).0);
            if binarize != BinarizeMode::Dynamic {
                assert_eq!(data.test, hold_out::part(&all.test, 3).0);
                assert_eq!(held.take(data.test.len()).image(0), hold_out::part(&all.test, 3).1.image(0));
            }
            assert_ne!(data.sha256(), all.sha256());
            let without = Dataset { held_out: None, ..data.clone() };
            assert_ne!(data.sha256(), without.sha256(), "what is held out is part of the set");
        }
    }

    #[test]
    fn an_unknown_class_cannot_be_held_out() {
        let error = Digits { hold_out: Some(10), ..Digits::default() }.describe().unwrap_err();
        let DataError::Setting(problem) = error else { panic!("the error is about a setting") };
        assert_eq!(problem.to_string(), "hold_out: no test image has class 10");
        assert_eq!(problem.help.unwrap(), "allowed: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9");
    }

    /// Identity of the set, which no new setting may change.
    #[test]
    fn the_default_set_is_unchanged() {
        let data = Digits::default().load().unwrap();
        assert_eq!(data.sha256(), "02e91cb00563acb64804f9da73352f76e854c93399c7b4388b2b77d292dd45b7");
    }

    #[test]
    fn static_binarization_has_a_seed_of_its_own() {
        let load =
            |seed| Digits { binarize: BinarizeMode::Static, binarize_seed: seed, hold_out: None }.load().unwrap().train;
        assert_eq!(load(1), load(1));
        assert_ne!(load(1), load(2));
    }
}
