//! Tests on models with a known density.

use std::path::Path;
use std::sync::Arc;

use data::{DataConfig, DataShape, Dataset, Entropy, ExactDensity, Ising, Noise};
use protocol::Support;

use super::*;
use crate::{DensityBound, Elbo, ExplicitDensity, GenerativeModel};

const PIXELS: usize = 16;

/// Independent pixels, each 1 with the same probability: as a density, or as a loose bound on it.
struct Coins {
    white: f64,
    bound: bool,
}

impl GenerativeModel for Coins {
    fn parameters(&self) -> u64 {
        1
    }

    fn density(&self) -> Option<&dyn ExplicitDensity> {
        (!self.bound).then_some(self)
    }

    fn bound(&self) -> Option<&dyn DensityBound> {
        self.bound.then_some(self)
    }
}

impl ExplicitDensity for Coins {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        let of_pixel = |pixel: &f32| if *pixel > 0.5 { self.white.ln() } else { (1.0 - self.white).ln() };
        images.images().map(|image| image.iter().map(of_pixel).sum()).collect()
    }
}

impl DensityBound for Coins {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn elbo(&self, images: &Split, noise: &mut Noise) -> Vec<Elbo> {
        let nats = ExplicitDensity::log_density(self, images);
        nats.into_iter().map(|nats| Elbo { reconstruction: nats, kl: noise.uniform() }).collect()
    }

    fn iwae(&self, images: &Split, k: usize, _noise: &mut Noise) -> Vec<f64> {
        ExplicitDensity::log_density(self, images).into_iter().map(|nats| nats - 1.0 / k as f64).collect()
    }
}

/// The true density of [`coins`].
impl ExactDensity for Coins {
    fn log_density(&self, image: &[f32]) -> f64 {
        ExplicitDensity::log_density(self, &Split::new(image.to_vec(), PIXELS))[0]
    }

    fn entropy(&self) -> Entropy {
        Entropy { nats: 0.0, se: None }
    }
}

struct Nothing;

impl GenerativeModel for Nothing {
    fn parameters(&self) -> u64 {
        0
    }
}

/// Images of independent pixels that are 1 with probability 0.25, or 0.5 in the held-out class.
fn coins() -> Dataset {
    let split = |name: &str, count: usize, white: f64| {
        let mut noise = Noise::new(0, name, 0);
        let pixels = (0..count * PIXELS).map(|_| f32::from(u8::from(noise.bernoulli(white)))).collect();
        Split::new(pixels, PIXELS)
    };
    let shape = DataShape::new([1, 4, 4], Support::Binary, [4_000, 500, 400]);
    let splits = [split("train", 4_000, 0.25), split("validation", 500, 0.25), split("test", 400, 0.25)];
    Dataset { held_out: Some(split("held_out", 300, 0.5)), ..Dataset::new(shape, splits) }
}

fn take(config: &AnomalyDetection, model: &dyn GenerativeModel, data: &Dataset) -> Vec<Measurement> {
    let nowhere = Path::new("");
    let subject = Subject { model, data, data_sha256: "", seed: 0, dir: nowhere, cache: nowhere };
    config.measure(&subject).expect("nothing is written")
}

fn find<'a>(figures: &'a [Measurement], name: &str) -> &'a Measurement {
    figures.iter().find(|figure| figure.name == name).unwrap_or_else(|| panic!("no {name}"))
}

fn value(figures: &[Measurement], name: &str) -> f64 {
    find(figures, name).value.unwrap_or_else(|| panic!("{:?}", find(figures, name)))
}

#[test]
fn every_kind_and_score_has_a_figure_and_blank_images_have_a_high_density() {
    use Anomaly::*;
    let config = AnomalyDetection {
        kinds: vec![HeldOut, Inverted, Noise, PixelNoise, Shuffled, Blank, Full],
        ..Default::default()
    };
    let figures = take(&config, &Coins { white: 0.25, bound: false }, &coins());
    assert_eq!(figures.len(), 7 * 4);
    assert!(
        figures.iter().all(|figure| figure.support == Some(Support::Binary) && figure.direction == Direction::Higher)
    );
    // The density depends on the number of white pixels only: 4 ± 1.7 in normal images, 8 ± 2 in others.
    for kind in ["held_out", "noise", "inverted"] {
        assert!(value(&figures, &format!("auroc_{kind}")) > 0.9, "{kind}");
    }
    assert_eq!(value(&figures, "auroc_full"), 1.0);
    assert_eq!(find(&figures, "auroc_full").se, None);
    // A blank image is more likely than normal images, and atypical.
    assert!(value(&figures, "auroc_blank") < 0.02);
    assert!(value(&figures, "auroc_blank_typicality") > 0.95);
    assert_eq!(find(&figures, "auroc_blank").n, Some(401));
    assert_eq!(find(&figures, "auroc_held_out").n, Some(700));
    // Shuffling exchangeable pixels changes nothing; pixel noise has the distribution of the data.
    assert_eq!(value(&figures, "auroc_shuffled"), 0.5);
    let own = find(&figures, "auroc_pixel_noise");
    assert!((own.value.unwrap() - 0.5).abs() < 4.0 * own.se.unwrap(), "{own:?}");
}

#[test]
fn the_ratio_of_a_background_model_is_at_chance() {
    // The model equals the background, so that the ratio has no information.
    let data = coins();
    struct Own(Background);
    impl GenerativeModel for Own {
        fn parameters(&self) -> u64 {
            16
        }
        fn density(&self) -> Option<&dyn ExplicitDensity> {
            Some(self)
        }
    }
    impl ExplicitDensity for Own {
        fn support(&self) -> Support {
            Support::Binary
        }
        fn log_density(&self, images: &Split) -> Vec<f64> {
            // Rounded as by a model in f32.
            self.0.log_density(images).into_iter().map(|nats| f64::from(nats as f32)).collect()
        }
    }
    let own = Own(Background::fit(&data.train, Support::Binary));
    let figures = take(&AnomalyDetection { mutation: 0.0, ..AnomalyDetection::default() }, &own, &data);
    for kind in ["held_out", "inverted", "noise", "blank"] {
        assert_eq!(value(&figures, &format!("auroc_{kind}_ratio")), 0.5, "{kind}");
    }
}

#[test]
fn figures_by_a_bound_state_it() {
    let model = Coins { white: 0.25, bound: true };
    let elbo = take(&AnomalyDetection::default(), &model, &coins());
    assert!(find(&elbo, "auroc_noise").reason.as_ref().unwrap().contains("ELBO"));
    assert_eq!(find(&elbo, "auroc_blank").n, Some(500), "a random bound is drawn for each copy");
    let iwae = take(&AnomalyDetection { k: 10, ..AnomalyDetection::default() }, &model, &coins());
    assert!(find(&iwae, "auroc_noise").reason.as_ref().unwrap().contains("10 samples"));
    assert!(value(&iwae, "auroc_noise") > 0.9);
}

#[test]
fn inapplicable_figures_state_a_reason() {
    let without = Dataset { held_out: None, ..coins() };
    let config = AnomalyDetection { scores: vec![Score::LogDensity], ..AnomalyDetection::default() };
    let figures = take(&config, &Coins { white: 0.25, bound: false }, &without);
    assert_eq!(figures.len(), 4, "without a true density there is no optimal AUROC");
    let held_out = find(&figures, "auroc_held_out");
    assert!(held_out.value.is_none() && held_out.reason.as_ref().unwrap().contains("`hold_out`"));
    assert!(take(&config, &Nothing, &without).iter().all(|figure| figure.value.is_none() && figure.reason.is_some()));
}

#[test]
fn images_are_limited_and_kinds_are_drawn_independently() {
    let model = Coins { white: 0.25, bound: false };
    let few = AnomalyDetection { images: 50, ..AnomalyDetection::default() };
    let figures = take(&few, &model, &coins());
    assert_eq!(find(&figures, "auroc_held_out").n, Some(100));
    let alone = take(&AnomalyDetection { kinds: vec![Anomaly::Noise], ..few }, &model, &coins());
    assert_eq!(find(&alone, "auroc_noise"), find(&figures, "auroc_noise"));
}

#[test]
fn wrong_settings_are_refused() {
    let shape = coins().shape;
    let check = |config: AnomalyDetection| config.check(&shape).unwrap_err().to_string();
    let base = AnomalyDetection::default;
    assert_eq!(check(AnomalyDetection { kinds: vec![], ..base() }), "kinds: the list is empty");
    let twice = vec![Score::Ratio, Score::LogDensity, Score::Ratio];
    assert_eq!(check(AnomalyDetection { scores: twice, ..base() }), "scores.2: is a duplicate in the list");
    assert_eq!(check(AnomalyDetection { k: 0, ..base() }), "k: 0 is out of range");
    assert_eq!(check(AnomalyDetection { mutation: 1.5, ..base() }), "mutation: 1.5 is out of range");
    base().check(&shape).unwrap();
}

#[test]
fn real_pixels_have_a_gaussian_background_and_no_inversion() {
    let mut data = coins();
    data.shape.support = Support::Real;
    let model = Coins { white: 0.25, bound: false };
    let figures = take(&AnomalyDetection::default(), &model, &data);
    for name in ["auroc_inverted", "auroc_noise", "auroc_blank_complexity"] {
        assert!(find(&figures, name).value.is_none(), "{name}");
    }
    assert!(value(&figures, "auroc_blank_ratio").is_finite());
}

#[test]
fn the_optimal_auroc_is_known_where_both_densities_are() {
    use Anomaly::*;
    let coins = Dataset { truth: Some(Arc::new(Coins { white: 0.25, bound: false })), ..coins() };
    let kinds = vec![HeldOut, Inverted, Noise, PixelNoise, Shuffled, Blank];
    let config = AnomalyDetection { kinds, ..AnomalyDetection::default() };
    // The model has a wrong mean, but the right order of images by brightness.
    let figures = take(&config, &Coins { white: 0.4, bound: false }, &coins);
    assert_eq!(figures.len(), 6 * 5);
    assert!(find(&figures, "auroc_held_out_optimal").value.is_none());
    assert_eq!(find(&figures, "auroc_noise_optimal").direction, Direction::Neither);
    for kind in ["noise", "inverted"] {
        let [model, best] = ["", "_optimal"].map(|of| value(&figures, &format!("auroc_{kind}{of}")));
        assert_eq!(model, best, "{kind}: the same order");
    }
    // No score separates exchangeable pixels from shuffled ones, or the data from themselves.
    assert_eq!(value(&figures, "auroc_shuffled_optimal"), 0.5);
    let own = find(&figures, "auroc_pixel_noise_optimal");
    assert!((own.value.unwrap() - 0.5).abs() < 4.0 * own.se.unwrap(), "{own:?}");
    let blank = coins.test.images().filter(|image| image.iter().all(|pixel| *pixel == 0.0)).count();
    let ties = 0.5 * blank as f64 / coins.test.len() as f64;
    assert!((value(&figures, "auroc_blank_optimal") - (1.0 - ties)).abs() < 1e-12);
}

/// On data with structure, no score exceeds the true likelihood ratio: neither for the true density as a model nor for
/// a wrong model.
#[test]
fn no_score_exceeds_the_optimal_auroc() {
    use Anomaly::*;
    let data = Ising { height: 4, width: 4, beta: 0.3, train: 500, validation: 200, test: 600, ..Ising::default() };
    let data = data.load().expect("generated");
    struct Truth(Arc<dyn ExactDensity>);
    impl GenerativeModel for Truth {
        fn parameters(&self) -> u64 {
            0
        }
        fn density(&self) -> Option<&dyn ExplicitDensity> {
            Some(self)
        }
    }
    impl ExplicitDensity for Truth {
        fn support(&self) -> Support {
            Support::Binary
        }
        fn log_density(&self, images: &Split) -> Vec<f64> {
            images.images().map(|image| self.0.log_density(image)).collect()
        }
    }
    let config = AnomalyDetection { kinds: vec![Noise, PixelNoise, Shuffled, Blank], ..AnomalyDetection::default() };
    let truth = Truth(data.truth.clone().expect("it is known"));
    let models: [&dyn GenerativeModel; 2] = [&truth, &Coins { white: 0.4, bound: false }];
    for (index, figures) in models.map(|model| take(&config, model, &data)).iter().enumerate() {
        for kind in ["noise", "pixel_noise", "shuffled", "blank"] {
            let ceiling = value(figures, &format!("auroc_{kind}_optimal"));
            for score in ["", "_ratio", "_typicality", "_complexity"] {
                let figure = find(figures, &format!("auroc_{kind}{score}"));
                let (found, se) = (figure.value.unwrap(), figure.se.unwrap_or(0.0));
                assert!(found <= ceiling + 4.0 * se + 1e-12, "{kind}{score} of model {index}: {found} over {ceiling}");
            }
        }
        assert!(value(figures, "auroc_noise_optimal") > 0.7 && value(figures, "auroc_shuffled_optimal") > 0.7);
    }
    let of_truth = take(&config, &truth, &data);
    let [own, ceiling] = ["auroc_noise", "auroc_noise_optimal"].map(|name| value(&of_truth, name));
    assert!((own - ceiling).abs() < 1e-3, "the true density is the optimal score against noise");
}
