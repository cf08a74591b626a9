//! Quality of images and masks restored from parts, with two baselines that need no training.

mod baselines;
mod quality;

use data::{DataShape, Split};
use protocol::{Control, ControlKind, Direction, Kind, Measurement, Problem, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::baselines::{nearest, paste};
use self::quality::{Frame, centre_errors, ious, psnr, ssim};
use super::{MeasureConfig, MeasureError, Subject};
use crate::Restored;
use crate::progress::mean_of_images;

/// Quality of images that the model restores from parts, over test images.
///
/// - `mask_iou`: intersection over union of the true mask and the restored mask, thresholded at 0.5; 0 to 1.
/// - `patch_error`: distance between the true position of a part and its best match in the restored image, in pixels.
/// - `psnr_in`, `psnr_out`: peak signal-to-noise ratio in dB, inside and outside of the true mask, from the squared
///   error of all images together.
/// - `ssim_in`, `ssim_out`: structural similarity inside and outside of the true mask, at most 1.
///
/// Two baselines have the same figures. `_paste` pastes the parts at the model's positions onto the mean training
/// image. `_nearest` is the training image with the nearest parts.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Restoration {
    /// Maximum number of test images, 1 to 100,000.
    #[schemars(range(min = 1, max = 100_000))]
    images: usize,
}

impl Default for Restoration {
    fn default() -> Self {
        Self { images: 400 }
    }
}

/// Suffixes of the model (none) and of the baselines.
const SUFFIXES: [&str; 3] = ["", "_paste", "_nearest"];
const FIGURES: [(&str, Direction); 6] = [
    ("mask_iou", Direction::Higher),
    ("patch_error", Direction::Lower),
    ("psnr_in", Direction::Higher),
    ("psnr_out", Direction::Higher),
    ("ssim_in", Direction::Higher),
    ("ssim_out", Direction::Higher),
];

impl MeasureConfig for Restoration {
    const NAME: &'static str = "restoration";
    const ABOUT: &'static str =
        "quality of images restored from parts: masks, positions and pixels, with two baselines";

    fn check(&self, _data: &DataShape) -> Result<(), Problem> {
        if !(1..=100_000).contains(&self.images) {
            return Err(Problem::new("images", format!("{} is out of range", self.images)).help("between 1 and 100000"));
        }
        Ok(())
    }

    fn controls(&self) -> Vec<Control> {
        let of = |(of, _)| ["paste", "nearest"].map(|label| Control::new(of, ControlKind::Baseline, label));
        FIGURES.into_iter().flat_map(of).collect()
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let test = subject.data.test.take(self.images);
        let (Some(restorer), Some(parts)) = (subject.model.restorer(), &test.parts) else {
            let absent = |(name, direction)| {
                let reason = "the model does not restore images from parts";
                Measurement::absent(name, Kind::Estimate, Unit::One, direction, reason)
            };
            return Ok(FIGURES.map(absent).to_vec());
        };
        let frame = Frame::new(&subject.data.shape);
        let own = restorer.restore(parts, &mut subject.noise("measure/restoration"));
        let pasted = paste(&own, parts, &subject.data.train, &frame);
        let near = nearest(parts, &subject.data.train);
        let all = [own, pasted, near];
        Ok(all.iter().zip(SUFFIXES).flat_map(|(restored, suffix)| figures(restored, &test, &frame, suffix)).collect())
    }
}

fn figures(restored: &Restored, test: &Split, frame: &Frame, suffix: &str) -> Vec<Measurement> {
    let Some(parts) = &test.parts else { return Vec::new() };
    // Baselines are descriptions, not scores.
    let direction = |at: usize| if suffix.is_empty() { FIGURES[at].1 } else { Direction::Neither };
    let name = |at: usize| format!("{}{suffix}", FIGURES[at].0);
    let mean = |at, values| mean_of_images(name(at), Kind::Estimate, Unit::One, direction(at), values);
    let ratio = |at, (value, se, n): (f64, Option<f64>, usize)| {
        let figure = Measurement::new(name(at), Kind::Estimate, Unit::One, direction(at), value);
        figure.with_se(se.unwrap_or(f64::NAN)).with_n(n)
    };
    let images = &restored.images;
    vec![
        mean(0, ious(restored, parts)),
        mean(1, centre_errors(restored, parts, frame)),
        ratio(2, psnr(images, test, frame, true)),
        ratio(3, psnr(images, test, frame, false)),
        mean(4, ssim(images, test, frame, true)),
        mean(5, ssim(images, test, frame, false)),
    ]
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use data::{DataConfig, Dataset, Noise, Parts, Puzzle};

    use super::*;
    use crate::{GenerativeModel, Restorer};

    /// Restorer that returns the true images, or grey images.
    struct Toy(Option<Split>);

    impl GenerativeModel for Toy {
        fn parameters(&self) -> u64 {
            0
        }
        fn restorer(&self) -> Option<&dyn Restorer> {
            Some(self)
        }
    }

    impl Restorer for Toy {
        fn restore(&self, parts: &Parts, _: &mut Noise) -> Restored {
            match &self.0 {
                Some(test) => Restored {
                    masks: test.parts.as_ref().expect("parts").masks.clone(),
                    images: Split::new(test.pixels.clone(), 64),
                },
                None => Restored {
                    images: Split::new(vec![0.5; parts.masks.len()], 64),
                    masks: vec![0.2; parts.masks.len()],
                },
            }
        }
    }

    fn value(model: &Toy, data: &Dataset, name: &str) -> f64 {
        let subject = Subject { model, data, data_sha256: "", seed: 0, dir: Path::new("."), cache: Path::new(".") };
        let figures = Restoration::default().measure(&subject).expect("measured");
        let figure = figures.iter().find(|figure| figure.name == name).expect("a figure");
        figure.value.unwrap_or(f64::INFINITY)
    }

    #[test]
    fn true_images_score_best_and_grey_images_do_not() {
        let data = Puzzle::default().load().expect("embedded");
        let (truth, grey) = (Toy(Some(data.test.clone())), Toy(None));
        for (name, best) in [("mask_iou", 1.0), ("patch_error", 0.0), ("ssim_in", 1.0), ("ssim_out", 1.0)] {
            assert!((value(&truth, &data, name) - best).abs() < 1e-6, "{name} of the truth");
            assert!((value(&grey, &data, name) - best).abs() > 0.1, "{name} of grey");
        }
        assert_eq!(value(&truth, &data, "psnr_in"), f64::INFINITY, "an error of 0 has an infinite ratio");
        assert!(value(&grey, &data, "psnr_in") < 10.0);
        // Pasted parts at the true positions are exact; the rest is the mean image.
        assert_eq!(value(&truth, &data, "psnr_in_paste"), f64::INFINITY);
        let (pasted, near) = (value(&truth, &data, "psnr_out_paste"), value(&truth, &data, "psnr_out_nearest"));
        assert!((8.0..20.0).contains(&pasted) && (8.0..20.0).contains(&near), "{pasted} {near}");
        let iou = value(&truth, &data, "mask_iou_nearest");
        assert!((0.3..0.9).contains(&iou), "{iou}");
    }
}
