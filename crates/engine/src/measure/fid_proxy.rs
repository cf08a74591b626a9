//! Frechet distance between samples and test images in the features of a small frozen network.

use data::DataShape;
use protocol::{Control, ControlKind, Direction, Kind, Measurement, Problem, Unit, text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::frechet::{Gaussian, frechet_distance, frechet_se, null_floor};
use super::{BadModel, MeasureConfig, MeasureError, Subject};
use crate::Features;
use crate::features::{Extractor, FeaturesOf};

/// Frechet distance between samples and test images in the features of a small frozen network.
///
/// - `fid_proxy`: distance of samples to test images; lower is better.
/// - `fid_proxy_floor`: null floor, the expected distance of a perfect model at the same number of images, from random halves
///   of the test images.
/// - `fid_proxy_real`: distance of validation images to test images. It uses as many validation images as samples, or all of
///   a smaller split; `n` is their number.
/// - `fid_proxy_untrained`: distance of samples of the untrained model.
///
/// This is not the published FID, because the network differs. Compare figures of the same data and extractor only.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct FidProxy {
    /// Number of samples and of test images, at least 10; 0 means all test images.
    #[schemars(extend("not" = {"minimum": 1, "maximum": 9}))]
    samples: usize,
    /// Maximum number of features, at least 1. A fifth of the number of samples is the upper limit.
    #[schemars(range(min = 1))]
    dim: usize,
    /// Frozen network that computes the features.
    features: FeaturesOf,
    /// Binarization of the samples of grey generators by the rule of the data, if the data are binarized. `false` compares
    /// the grey samples.
    binarize: bool,
}

impl Default for FidProxy {
    fn default() -> Self {
        Self { samples: 0, dim: 32, features: FeaturesOf::Auto, binarize: true }
    }
}

impl FidProxy {
    fn count(&self, test: usize) -> usize {
        if self.samples == 0 { test } else { self.samples.min(test) }
    }
}

impl MeasureConfig for FidProxy {
    const NAME: &'static str = "fid_proxy";
    const ABOUT: &'static str =
        "Frechet distance between samples and test images in features of a small frozen network, with its null floor";
    /// 2: the null floor from halves of the images, and binarized samples.
    const VERSION: u32 = 2;

    fn check(&self, data: &DataShape) -> Result<(), Problem> {
        if self.dim == 0 {
            return Err(Problem::new("dim", "a distance needs at least one feature").help("at least 1"));
        }
        if self.count(data.test) < 10 {
            let count = self.count(data.test);
            return Err(Problem::new("samples", format!("too few: {}", text::count(count, "image")))
                .help("at least 10 samples and 10 test images"));
        }
        self.features.check(data)
    }

    fn controls(&self) -> Vec<Control> {
        let floor = Control::new("fid_proxy", ControlKind::Ceiling, "floor");
        vec![floor, Control::real("fid_proxy"), Control::untrained("fid_proxy")]
    }

    fn exposes(&self) -> &'static [BadModel] {
        &[BadModel::Untrained, BadModel::Constant, BadModel::Marginals]
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let absent = |(name, direction): (&str, Direction), reason: &str| {
            Measurement::absent(name, Kind::Estimate, Unit::One, direction, reason)
        };
        let none = |reason: &str| Ok(FIGURES.map(|figure| absent(figure, reason)).to_vec());
        let Some(sampler) = subject.model.sampler() else { return none("the model has no sampler") };
        let n = self.count(subject.data.test.len());
        let dim = self.dim.min(n / 5);
        let extractor = Extractor::obtain(self.features, subject.data, subject.data_sha256, dim, subject.cache)?;
        let (fake, support) = match subject.samples_as(sampler, n, "measure/fid_proxy", self.binarize) {
            Ok((fake, support)) => (extractor.features(&fake), support),
            Err(reason) => return none(reason),
        };
        let real = extractor.features(&subject.data.test.take(n));
        if !(fake.are_sound() && real.are_sound()) {
            return none("a feature is not finite");
        }
        let of = |features: &Features| Gaussian::fit(&features.values, dim);
        let floor = null_floor(&real, n, n);
        let remark = format!("null floor {floor:.3} for {n} images against {n}; {}", extractor.describe());
        let figure = |(name, direction): (&str, Direction), value, n, support, remark: &str| {
            Measurement::new(name, Kind::Estimate, Unit::One, direction, value).with_n(n).on(support).remark(remark)
        };
        let distance = |at: usize, images: &Features, support, remark: &str| {
            let value = frechet_distance(&of(&real), &of(images));
            figure(FIGURES[at], value, images.rows().len(), support, remark).with_se(frechet_se(&real, images))
        };
        let others = extractor.features(&subject.data.validation.take(n));
        let m = others.rows().len();
        let of_real = if !others.are_sound() {
            absent(FIGURES[2], "a feature is not finite")
        } else if m / 5 < dim {
            absent(FIGURES[2], &format!("{m} validation images are too few for {dim} features"))
        } else {
            let remark = format!(
                "validation images instead of samples; null floor {:.3} for {m} images against {n}",
                null_floor(&real, m, n)
            );
            distance(2, &others, subject.data.shape.support, &remark)
        };
        Ok(vec![distance(0, &fake, support, &remark), figure(FIGURES[1], floor, n, support, &remark), of_real])
    }
}

const FIGURES: [(&str, Direction); 3] =
    [("fid_proxy", Direction::Lower), ("fid_proxy_floor", Direction::Neither), ("fid_proxy_real", Direction::Neither)];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use data::{Binarize, BinarizeMode, Dataset, Noise, Split};
    use protocol::Support;

    use super::*;
    use crate::{GenerativeModel, Sampler};

    /// Sampler of white noise, the distribution of the images: a perfect model.
    struct Perfect;

    impl GenerativeModel for Perfect {
        fn parameters(&self) -> u64 {
            0
        }

        fn sampler(&self) -> Option<&dyn Sampler> {
            Some(self)
        }
    }

    impl Sampler for Perfect {
        fn support(&self) -> Support {
            Support::Real
        }

        fn sample(&self, count: usize, noise: &mut Noise) -> Split {
            Split::new(noise.normals(16 * count), 16)
        }
    }

    fn figures(validation: usize) -> [Measurement; 3] {
        let counts = [10, validation, 1_000];
        let split = |stream: usize| Perfect.sample(counts[stream], &mut Noise::new(0, "images", stream as u64));
        let data = Dataset::new(DataShape::new([1, 4, 4], Support::Real, counts), [split(0), split(1), split(2)]);
        let (model, nowhere) = (&Perfect, Path::new(""));
        let subject = Subject { model, data: &data, data_sha256: "", seed: 0, dir: nowhere, cache: nowhere };
        let figures = FidProxy { dim: 8, ..FidProxy::default() }.measure(&subject).expect("nothing is trained");
        figures.try_into().expect("three figures")
    }

    #[test]
    fn a_perfect_model_the_floor_and_real_images_agree() {
        let [model, floor, real] = figures(1_000);
        let floor = floor.value.unwrap();
        for figure in [model, real] {
            let ratio = figure.value.unwrap() / floor;
            assert!((0.4..2.0).contains(&ratio) && figure.n == Some(1_000), "{figure:?} {floor}");
            assert!(figure.se.is_some_and(|se| se > 0.0 && se < floor), "{figure:?} {floor}");
        }
    }

    /// Draws a grey level per pixel, as a GAN does.
    struct Grey;

    impl GenerativeModel for Grey {
        fn parameters(&self) -> u64 {
            0
        }

        fn sampler(&self) -> Option<&dyn Sampler> {
            Some(self)
        }
    }

    impl Sampler for Grey {
        fn support(&self) -> Support {
            Support::Continuous
        }

        fn sample(&self, count: usize, noise: &mut Noise) -> Split {
            Split::new((0..16 * count).map(|_| noise.uniform() as f32).collect(), 16)
        }
    }

    /// Grey levels that are perfect once they are binarized: then the figure is on the support of binary models and near its
    /// floor. On data without a rule, and without `binarize`, they stay grey.
    #[test]
    fn samples_of_a_grey_generator_are_binarized_by_the_rule_of_the_data() {
        let counts = [10, 400, 400];
        let coins = |stream: u64| {
            let mut noise = Noise::new(0, "coins", stream);
            Split::new(
                (0..16 * counts[stream as usize]).map(|_| f32::from(u8::from(noise.bernoulli(0.5)))).collect(),
                16,
            )
        };
        let take = |mode, binarize| {
            let shape = DataShape::new([1, 4, 4], Support::Binary, counts);
            let data =
                Dataset { binarize: Binarize { mode, seed: 0 }, ..Dataset::new(shape, [coins(0), coins(1), coins(2)]) };
            let (model, nowhere) = (&Grey, Path::new(""));
            let subject = Subject { model, data: &data, data_sha256: "", seed: 0, dir: nowhere, cache: nowhere };
            let config = FidProxy { dim: 8, binarize, ..FidProxy::default() };
            let [model, floor, _] = config.measure(&subject).unwrap().try_into().unwrap();
            (model.support.unwrap(), model.value.unwrap() / floor.value.unwrap())
        };
        for mode in [BinarizeMode::Threshold, BinarizeMode::Static, BinarizeMode::Dynamic] {
            let (support, ratio) = take(mode, true);
            assert!(support == Support::Binary && (0.3..2.0).contains(&ratio), "{mode:?}: {support} {ratio}");
        }
        for (mode, binarize) in [(BinarizeMode::Threshold, false), (BinarizeMode::None, true)] {
            let (support, ratio) = take(mode, binarize);
            assert!(support == Support::Continuous && ratio > 5.0, "{mode:?}: {support} {ratio}");
        }
    }

    #[test]
    fn too_few_real_images_give_a_reason() {
        let [_, _, real] = figures(30);
        assert_eq!(real.reason.as_deref(), Some("30 validation images are too few for 8 features"));
    }
}
