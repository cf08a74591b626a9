//! Small scenes, each described by a caption that says all there is to see.
//!
//! A caption is a sentence of a grammar (`grammar`), a scene its picture (`scene`), and `reader`
//! reads every attribute back from pixels. The captions of the validation and test splits are
//! held out: each of their words is trained on, but the combination never is.
//!
//! An image is its scene, moved by up to one pixel each way, its colours dimmed by up to 30%, under
//! Gaussian noise, cut to `[0, 1]`.

mod grammar;
mod reader;
mod scene;

use std::sync::Arc;

use protocol::Support;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::{real, whole};
use crate::{CaptionShape, Captions, DataConfig, DataError, DataShape, Dataset, Noise, Split};
use grammar::{CAPTION_LEN, Scene, WORDS};
use reader::Reader;
use scene::{JITTERS, PIXELS, SIDE};

/// How many of the captions are held out for validation, and as many for test.
const HELD_OUT: usize = 72;
/// The most that colours are dimmed.
const DIMMED: f64 = 0.3;

/// Settings of `captions`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CaptionedScenes {
    /// Training images of each training caption.
    pub train: usize,
    /// Validation images of each validation caption.
    pub validation: usize,
    /// Test images of each test caption.
    pub test: usize,
    /// Whether scenes are moved by up to one pixel each way.
    pub jitter: bool,
    /// The standard deviation of the noise on every pixel, 0 to 0.08.
    pub noise: f64,
    /// The seed of the images and of which captions are held out.
    pub seed: u64,
}

impl Default for CaptionedScenes {
    fn default() -> Self {
        Self { train: 12, validation: 4, test: 8, jitter: true, noise: 0.05, seed: 0 }
    }
}

impl DataConfig for CaptionedScenes {
    const NAME: &'static str = "captions";
    const ABOUT: &'static str = "16x16 RGB scenes with captions that tell all; test captions are never trained on";

    fn describe(&self) -> Result<DataShape, DataError> {
        real("noise", self.noise, 0.0..=0.08, "0 to 0.08, up to where the reader is right")?;
        let captions = [grammar::scenes().len() - 2 * HELD_OUT, HELD_OUT, HELD_OUT];
        let draws = [self.train, self.validation, self.test];
        for (name, draws) in ["train", "validation", "test"].into_iter().zip(draws) {
            whole(name, draws, 1..=100, "1 to 100 images of each caption")?;
        }
        let counts = [0, 1, 2].map(|part| captions[part] * draws[part]);
        Ok(DataShape {
            captions: Some(CaptionShape { vocabulary: WORDS.len(), words: CAPTION_LEN }),
            ..DataShape::new([3, SIDE, SIDE], Support::Continuous, counts)
        })
    }

    fn load(&self) -> Result<Dataset, DataError> {
        let shape = self.describe()?;
        let scenes = grammar::scenes();
        let order = Noise::new(self.seed, "captions/held_out", 0).permutation(scenes.len());
        let (test, rest) = order.split_at(HELD_OUT);
        let (validation, train) = rest.split_at(HELD_OUT);
        let splits =
            [("train", train, self.train), ("validation", validation, self.validation), ("test", test, self.test)];
        let splits = splits.map(|(part, indices, draws)| {
            let scenes: Vec<_> = indices.iter().map(|index| scenes[*index]).collect();
            self.draw(part, &scenes, draws)
        });
        Ok(Dataset { reader: Some(Arc::new(Reader::new())), ..Dataset::new(shape, splits) })
    }
}

impl CaptionedScenes {
    /// `draws` images of each scene: all scenes once, then all again.
    fn draw(&self, part: &str, scenes: &[Scene], draws: usize) -> Split {
        let mut noise = Noise::new(self.seed, &format!("captions/{part}"), 0);
        let (mut pixels, mut words) = (Vec::new(), Vec::new());
        for scene in (0..draws).flat_map(|_| scenes) {
            pixels.extend(self.image(*scene, &mut noise));
            words.extend(scene.caption());
        }
        Split { captions: Some(Captions { words, caption_len: CAPTION_LEN }), ..Split::new(pixels, PIXELS) }
    }

    fn image(&self, scene: Scene, noise: &mut Noise) -> Vec<f32> {
        let jitter = JITTERS[noise.below(if self.jitter { JITTERS.len() } else { 1 })];
        let light = 1.0 - DIMMED * noise.uniform();
        let clean = scene::render(scene, jitter);
        let drawn = |pixel: f32| (light * f64::from(pixel) + self.noise * noise.normal()).clamp(0.0, 1.0) as f32;
        clean.into_iter().map(drawn).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::CaptionReader;

    fn captions(split: &Split) -> BTreeSet<Vec<u16>> {
        split.captions.as_ref().unwrap().rows().map(<[u16]>::to_vec).collect()
    }

    #[test]
    fn held_out_captions_are_new_and_their_words_are_not() {
        let data = CaptionedScenes { train: 1, ..CaptionedScenes::default() }.load().unwrap();
        let [train, validation, test] = [&data.train, &data.validation, &data.test].map(captions);
        assert_eq!([train.len(), validation.len(), test.len()], [336, HELD_OUT, HELD_OUT]);
        assert!(train.is_disjoint(&test) && train.is_disjoint(&validation) && validation.is_disjoint(&test));
        let words: BTreeSet<u16> = train.iter().flatten().copied().collect();
        assert_eq!(words.len(), WORDS.len());
        let [a, b] = [0, 1].map(|seed| CaptionedScenes { seed, ..CaptionedScenes::default() }.load().unwrap());
        assert_ne!(captions(&a.test), captions(&b.test));
    }

    /// The share of images of which every attribute is read as its caption states it.
    fn read_right(split: &Split) -> f64 {
        let reader = Reader::new();
        let captions = split.captions.as_ref().unwrap();
        let right =
            |(image, caption): (&[f32], &[u16])| reader.read(image).is_some_and(|read| read == reader.stated(caption));
        let count = split.images().zip(captions.rows()).filter(|pair| right(*pair)).count();
        count as f64 / split.len() as f64
    }

    #[test]
    fn noised_scenes_are_read_right_up_to_the_most_noise() {
        for (noise, least) in [(0.0, 1.0), (0.05, 0.99), (0.08, 0.99)] {
            let data = CaptionedScenes { noise, ..CaptionedScenes::default() }.load().unwrap();
            for split in [&data.train, &data.test] {
                let share = read_right(split);
                assert!(share >= least, "{share} at noise {noise}");
            }
        }
    }

    #[test]
    fn exchanged_captions_are_found_wrong() {
        let mut test = CaptionedScenes::default().load().unwrap().test;
        let mut order: Vec<_> = (0..test.len()).collect();
        order.rotate_left(1);
        test.captions = test.captions.map(|captions| captions.select(&order));
        assert!(read_right(&test) < 0.01);
    }

    #[test]
    fn more_noise_than_can_be_read_is_refused() {
        let error = CaptionedScenes { noise: 0.3, ..CaptionedScenes::default() }.describe().unwrap_err();
        assert_eq!(error.to_string(), "noise: 0.3 is out of range");
    }
}
