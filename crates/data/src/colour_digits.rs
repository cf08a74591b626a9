//! The real 8x8 handwritten digits of [`crate::Digits`] in colour: RGB, few levels, dependent channels.
//!
//! Each image has a background and a foreground colour. In every channel two levels are drawn uniformly from 0 to L - 1;
//! the lower one is that of the background, the higher one that of the foreground. If no channel has two different
//! levels, all six are drawn again, so that no digit is invisible. A pixel with ink t (0 to 16) has in channel c the level
//! b + (f - b) t / 16, rounded, halves upwards.
//!
//! All three channels of a pixel thus depend on one hidden number, its ink. A model with independent channels has a
//! higher NLL.

use protocol::Support;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::whole;
use crate::{DataConfig, DataError, DataShape, Dataset, Noise, Split, digits};

const CHANNELS: usize = 3;
/// The ink of a foreground pixel.
const FULL: u32 = digits::LEVELS as u32 - 1;

/// Settings of `colour_digits`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ColourDigits {
    /// Number of levels per channel, 2 to 256.
    #[schemars(range(min = 2, max = 256))]
    pub levels: u16,
    /// Seed of the colours.
    pub colour_seed: u64,
}

impl Default for ColourDigits {
    fn default() -> Self {
        Self { levels: 4, colour_seed: 0 }
    }
}

impl DataConfig for ColourDigits {
    const NAME: &'static str = "colour_digits";
    const ABOUT: &'static str =
        "the 8x8 digits in two random colours each, RGB of few levels: 1,197 / 200 / 400 images";

    fn describe(&self) -> Result<DataShape, DataError> {
        whole("levels", self.levels.into(), 2..=256, "2 to 256")?;
        Ok(DataShape {
            classes: Some(digits::CLASSES),
            ..DataShape::new(
                [CHANNELS, digits::SIDE, digits::SIDE],
                Support::Levels(self.levels),
                [digits::TRAIN, digits::VALIDATION, digits::TEST],
            )
        })
    }

    fn load(&self) -> Result<Dataset, DataError> {
        let shape = self.describe()?;
        let [train, validation, test] = digits::grey();
        let splits = [("train", &train), ("validation", &validation), ("test", &test)];
        Ok(Dataset::new(shape, splits.map(|(part, grey)| self.tint(part, grey))))
    }
}

/// Levels of a channel: background, then foreground, which is at least as high.
type Pair = [u32; 2];

impl ColourDigits {
    /// Colours a split; each split has a random stream of its own.
    fn tint(&self, part: &str, grey: &Split) -> Split {
        let mut noise = Noise::new(self.colour_seed, &format!("colour_digits/{part}"), 0);
        let top = f32::from(self.levels - 1);
        let mut pixels = Vec::with_capacity(CHANNELS * grey.pixels.len());
        for image in grey.images() {
            for pair in self.colours(&mut noise) {
                pixels.extend(image.iter().map(|pixel| level(pair, ink(*pixel)) as f32 / top));
            }
        }
        Split { labels: grey.labels.clone(), ..Split::new(pixels, CHANNELS * grey.image_len) }
    }

    fn colours(&self, noise: &mut Noise) -> [Pair; CHANNELS] {
        let mut draw = || noise.below(self.levels.into()) as u32;
        loop {
            let pairs = [(); CHANNELS].map(|()| {
                let [a, b] = [draw(), draw()];
                [a.min(b), a.max(b)]
            });
            if pairs.iter().any(|[low, high]| low < high) {
                return pairs;
            }
        }
    }
}

/// Ink of a grey pixel, 0 to 16.
fn ink(pixel: f32) -> u32 {
    (pixel * FULL as f32).round() as u32
}

/// Level of a channel for this ink.
fn level([low, high]: Pair, ink: u32) -> u32 {
    low + ((high - low) * ink + FULL / 2) / FULL
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of levels in the tests.
    const LEVELS: [u16; 4] = [2, 4, 17, 256];

    fn config(levels: u16) -> ColourDigits {
        ColourDigits { levels, ..ColourDigits::default() }
    }

    /// Levels of the images by channel.
    fn channels(split: &Split, levels: u16) -> Vec<[Vec<u32>; CHANNELS]> {
        let whole = |pixel: &f32| (pixel * f32::from(levels - 1)).round() as u32;
        let of_image =
            |image: &[f32]| [0, 1, 2].map(|channel| image[channel * 64..][..64].iter().map(whole).collect::<Vec<_>>());
        split.images().map(of_image).collect()
    }

    #[test]
    fn pixels_are_levels_and_labels_and_splits_are_those_of_the_digits() {
        for levels in LEVELS {
            let data = config(levels).load().unwrap();
            let grey = digits::grey();
            for (split, grey) in [&data.train, &data.validation, &data.test].into_iter().zip(&grey) {
                let top = f32::from(levels - 1);
                assert!(split.pixels.iter().all(|pixel| (0..levels).any(|k| f32::from(k) / top == *pixel)));
                assert_eq!((&split.labels, split.len()), (&grey.labels, grey.len()));
            }
        }
    }

    #[test]
    fn every_channel_rises_with_the_ink_by_the_stated_rule() {
        for levels in LEVELS {
            let train = config(levels).load().unwrap().train;
            let mut noise = Noise::new(0, "colour_digits/train", 0);
            for (image, grey) in channels(&train, levels).iter().zip(digits::grey()[0].images()) {
                let pairs = config(levels).colours(&mut noise);
                assert!(pairs.iter().any(|[low, high]| low < high), "a digit vanished");
                for (channel, [low, high]) in image.iter().zip(pairs) {
                    assert!(low <= high && high < u32::from(levels));
                    let expected = grey.iter().map(|pixel| (low as f32 + (high - low) as f32 * pixel + 0.5).floor());
                    assert!(channel.iter().map(|level| *level as f32).eq(expected), "{low} {high} {channel:?}");
                }
            }
        }
    }

    /// The mutual information of two levels, in nats, from their frequencies.
    fn information(pairs: impl Iterator<Item = (u32, u32)>, levels: usize) -> f64 {
        let mut counts = vec![0.0; levels * levels];
        for (a, b) in pairs {
            counts[a as usize * levels + b as usize] += 1.0;
        }
        let n: f64 = counts.iter().sum();
        let of_first = |a: usize| (0..levels).map(|b| counts[a * levels + b]).sum::<f64>();
        let of_second = |b: usize| (0..levels).map(|a| counts[a * levels + b]).sum::<f64>();
        let cells = (0..levels).flat_map(|a| (0..levels).map(move |b| (a, b)));
        cells
            .map(|(a, b)| (counts[a * levels + b], of_first(a) * of_second(b)))
            .filter(|(count, _)| *count > 0.0)
            .map(|(count, product)| count / n * (count * n / product).ln())
            .sum()
    }

    #[test]
    fn channels_are_dependent_at_a_fixed_position() {
        let images = channels(&config(4).load().unwrap().train, 4);
        // One pixel with and without strokes, over all images: its position is fixed, so only the image itself can make
        // its channels dependent.
        let seen = |channel: usize| images.iter().map(move |image| image[channel][3 * 8 + 3]);
        for (first, second) in [(0, 1), (0, 2), (1, 2)] {
            let together = information(seen(first).zip(seen(second)), 4);
            let apart = information(seen(first).zip(seen(second).cycle().skip(1)), 4);
            assert!(together > 0.03 && apart < 0.01, "{first} {second}: {together} {apart}");
            // Within an image, where the colours are fixed; each pixel, then each with another one.
            let within = |shift| {
                let of = |image: &[Vec<u32>; CHANNELS]| {
                    let pixel = |channel: usize, at: usize| image[channel][at % 64];
                    information((0..64).map(|at| (pixel(first, at), pixel(second, at + shift))), 4)
                };
                images.iter().map(of).sum::<f64>() / images.len() as f64
            };
            let (together, apart) = (within(0), within(29));
            assert!(together > 0.3 && apart < 0.1, "{first} {second}: {together} {apart}");
        }
    }

    #[test]
    fn colours_have_a_seed_of_their_own_and_all_of_them_occur() {
        let load = |colour_seed| ColourDigits { levels: 2, colour_seed }.load().unwrap();
        assert_eq!(load(1).sha256(), load(1).sha256());
        assert_ne!(load(1).sha256(), load(2).sha256());
        let mut noise = Noise::new(0, "test", 0);
        let mut seen: Vec<_> = (0..2_000).map(|_| config(2).colours(&mut noise)).collect();
        seen.sort_unstable();
        seen.dedup();
        // Each channel dark, light or of two levels, less the 8 ways in which nothing can be seen.
        assert_eq!(seen.len(), 27 - 8);
    }

    #[test]
    fn levels_out_of_range_are_refused() {
        for levels in [0, 1, 257] {
            let DataError::Setting(problem) = config(levels).load().err().unwrap() else {
                panic!("the error is about a setting")
            };
            assert_eq!(problem.to_string(), format!("levels: {levels} is out of range"));
            assert_eq!(problem.help.unwrap(), "allowed: 2 to 256");
        }
    }
}
