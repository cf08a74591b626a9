//! Nearest-neighbour distance ratio: near copies, told from new images by a threshold from validation images.

use data::Split;

use super::squared_distances;

/// Share of validation images below the threshold, at most.
pub(super) const FALSE_ALARMS: f64 = 0.05;

/// Training images, each with the distance to the nearest other training image.
pub(super) struct NearCopies<'a> {
    train: &'a Split,
    /// Largest ratio of a near copy.
    pub(super) threshold: f64,
}

impl<'a> NearCopies<'a> {
    /// Calibrates the threshold: the largest ratio that at most a share [`FALSE_ALARMS`] of the validation images reach.
    ///
    /// # Errors
    /// The data have too few images, or so few different ones that a copy cannot be told from a new image: the error is
    /// the reason.
    pub(super) fn calibrated(train: &'a Split, validation: &Split) -> Result<Self, String> {
        if train.len() < 2 {
            return Err("a ratio of distances needs two training images".to_owned());
        }
        if validation.is_empty() {
            return Err("there are no validation images to choose the threshold on".to_owned());
        }
        let mut ratios = Self { train, threshold: 0.0 }.ratios(validation);
        ratios.sort_by(f64::total_cmp);
        let alarms = (FALSE_ALARMS * ratios.len() as f64).floor() as usize;
        // The next ratio is above the threshold, and so are all that are equal to it.
        let next = ratios[alarms];
        let below = ratios.iter().copied().take_while(|ratio| *ratio < next).last();
        let threshold = below.unwrap_or(next / 2.0);
        if next > 0.0 {
            return Ok(Self { train, threshold });
        }
        let equal = ratios.iter().filter(|ratio| **ratio == 0.0).count() as f64 / ratios.len() as f64;
        Err(format!(
            "{:.0}% of the validation images equal a training image, so that copies cannot be told",
            100.0 * equal
        ))
    }

    /// Share of images whose ratio is at most the threshold.
    pub(super) fn share(&self, images: &Split) -> f64 {
        let near = self.ratios(images).into_iter().filter(|ratio| *ratio <= self.threshold).count();
        near as f64 / images.len() as f64
    }

    /// Distance of each image to its nearest training image, divided by the distance of that training image to the
    /// nearest other one. An image that the training images contain twice is no copy of one of them: its ratio is 1.
    fn ratios(&self, images: &Split) -> Vec<f64> {
        let ratio = |image: &[f32]| {
            let (at, squared) = nearest(squared_distances(image, self.train));
            let others = squared_distances(self.train.image(at), self.train).enumerate();
            let (_, apart) = nearest(others.filter(|(other, _)| *other != at).map(|(_, squared)| squared));
            if apart == 0.0 { 1.0 } else { (f64::from(squared) / f64::from(apart)).sqrt() }
        };
        nn::simd::dispatch(|| images.images().map(ratio).collect())
    }
}

/// Position and value of the smallest distance, the first of equal ones.
fn nearest(squared: impl Iterator<Item = f32>) -> (usize, f32) {
    squared.enumerate().fold((0, f32::INFINITY), |best, one| if one.1 < best.1 { one } else { best })
}

#[cfg(test)]
mod tests {
    use data::Noise;

    use super::*;

    fn split(pixels: &[f32]) -> Split {
        Split::new(pixels.to_vec(), 1)
    }

    #[test]
    fn the_ratio_is_of_the_distances_to_and_between_training_images() {
        let train = split(&[0.0, 10.0, 14.0, 30.0, 30.0]);
        let near = NearCopies { train: &train, threshold: 0.0 };
        // 2 from 0, which is 10 from 10; 1 from 10, which is 4 from 14; on 14; on a pair of equal images.
        let ratios = near.ratios(&split(&[2.0, 9.0, 14.0, 30.0]));
        for (ratio, expected) in ratios.iter().zip([0.2, 0.25, 0.0, 1.0]) {
            assert!((ratio - expected).abs() < 1e-7, "{ratios:?}");
        }
    }

    #[test]
    fn at_most_one_validation_image_in_twenty_is_at_the_threshold() {
        let mut noise = Noise::new(0, "near copies", 0);
        let train = split(&noise.uniforms(50));
        for count in [1, 19, 20, 40, 200] {
            let validation = split(&noise.uniforms(count));
            let near = NearCopies::calibrated(&train, &validation).expect("continuous pixels");
            assert!(near.share(&validation) <= FALSE_ALARMS, "{count}");
            assert!(near.share(&train) == 1.0, "{count}: every training image is a copy of itself");
            assert!(near.share(&validation) > FALSE_ALARMS - 1.01 / count as f64, "{count}");
        }
    }

    #[test]
    fn equal_images_and_too_few_give_a_reason() {
        let train = split(&[0.0, 1.0, 3.0]);
        let reason = |train: &Split, validation: &Split| NearCopies::calibrated(train, validation).err().unwrap();
        assert!(reason(&train, &split(&[1.0, 3.0, 2.0, 0.0])).starts_with("75% of the validation images equal"));
        assert!(reason(&split(&[1.0]), &train).contains("two training images"));
        assert!(reason(&train, &Split::new(Vec::new(), 1)).contains("no validation images"));
    }
}
