//! Tests on features with known information.

use std::path::Path;

use data::Noise;
use protocol::Support;

use super::*;
use crate::{Encoder, GenerativeModel};

/// Features of an image.
type View = fn(&[f32]) -> Vec<f64>;

struct Eye(View);

impl GenerativeModel for Eye {
    fn parameters(&self) -> u64 {
        0
    }

    fn encoder(&self) -> Option<&dyn Encoder> {
        Some(self)
    }
}

impl Encoder for Eye {
    fn encode(&self, images: &Split) -> Features {
        let values: Vec<f64> = images.images().flat_map(self.0).collect();
        Features { width: values.len() / images.len(), values }
    }
}

struct Blind;

impl GenerativeModel for Blind {
    fn parameters(&self) -> u64 {
        0
    }
}

/// Real pixels x and y and a constant third pixel. The class is the sign of x y, which is not linearly separable. If
/// `easy`, the class is the sign of x, or 2 for x above 3.
fn plane(easy: bool) -> Dataset {
    let split = |name: &str, count: usize| {
        let mut noise = Noise::new(0, name, 0);
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let x = 2.0 * noise.normal();
            let y = noise.normal();
            labels.push(if easy { u16::from(x > 0.0) + u16::from(x > 3.0) } else { u16::from(x * y > 0.0) });
            pixels.extend([x as f32, y as f32, 0.7]);
        }
        Split { labels: Some(labels), ..Split::new(pixels, 3) }
    };
    let (train, validation, test) = (split("train", 1_500), split("validation", 300), split("test", 600));
    let shape = DataShape {
        classes: Some(if easy { 3 } else { 2 }),
        ..DataShape::new([1, 1, 3], Support::Real, [1_500, 300, 600])
    };
    Dataset::new(shape, [train, validation, test])
}

/// Figures of the linear probe, of nearest neighbours, and chance.
fn take_all(model: &dyn GenerativeModel, data: &Dataset) -> [Measurement; 6] {
    let nowhere = Path::new("");
    let subject = Subject { model, data, data_sha256: "", seed: 0, dir: nowhere, cache: nowhere };
    LinearProbe::default().measure(&subject).expect("nothing is written").try_into().expect("six figures")
}

fn take(model: &dyn GenerativeModel, data: &Dataset) -> [Measurement; 2] {
    let [probe, pixels, ..] = take_all(model, data);
    [probe, pixels]
}

#[test]
fn an_informative_feature_has_a_high_accuracy_and_pixels_do_not() {
    let product = Eye(|image| vec![f64::from(image[0] * image[1]).signum(), 3.0]);
    let [probe, pixels] = take(&product, &plane(false));
    assert_eq!((probe.value, probe.se, probe.n), (Some(1.0), None, Some(600)));
    let (value, se) = (pixels.value.unwrap(), pixels.se.unwrap());
    assert!((value - 0.5).abs() < 4.0 * se, "{value} ± {se} of two equal classes");
    assert!((se - (value * (1.0 - value) / 600.0).sqrt()).abs() < 1e-12);
    assert_eq!((probe.direction, pixels.direction), (Direction::Higher, Direction::Neither));
}

#[test]
fn neighbours_separate_classes_that_are_not_linearly_separable() {
    let eye = Eye(|image| image[..2].iter().map(|pixel| f64::from(*pixel)).collect());
    let [line, _, own, pixels, ..] = take_all(&eye, &plane(false));
    assert!(line.value.unwrap() < 0.6 && own.value.unwrap() > 0.93, "{line:?} {own:?}");
    assert_eq!(own.value, pixels.value, "the third pixel never varies");
    assert_eq!((own.direction, pixels.direction), (Direction::Higher, Direction::Neither));
    assert!(own.reason.unwrap().contains(", selected on validation images"));
}

#[test]
fn constant_features_predict_the_largest_class() {
    let constant = Eye(|_| vec![4.2, -1.0]);
    let data = plane(true);
    let [probe, pixels] = take(&constant, &data);
    let mut counts = [0.0; 3];
    labels(&data.test).for_each(|label| counts[label] += 1.0 / 600.0);
    let mut of_train = [0; 3];
    labels(&data.train).for_each(|label| of_train[label] += 1);
    let largest = (0..3).max_by_key(|class| of_train[*class]).unwrap();
    assert!((probe.value.unwrap() - counts[largest]).abs() < 1e-12, "{probe:?}");
    assert!(pixels.value.unwrap() > 0.85, "the sign of a pixel separates two of three classes: {pixels:?}");
    let chance = take_all(&constant, &data)[4].value.unwrap();
    assert!((chance - counts.into_iter().fold(0.0, f64::max)).abs() < 1e-12, "{chance}");
}

#[test]
fn the_scale_of_a_feature_does_not_matter() {
    let values: [View; 2] = [
        |image| image.iter().map(|pixel| f64::from(*pixel)).collect(),
        |image| image.iter().zip([1e6, 1e-3, 1.0]).map(|(pixel, c)| c * f64::from(*pixel) + 5.0).collect(),
    ];
    let [[a, _], [b, _]] = values.map(|encode| take(&Eye(encode), &plane(true)));
    assert!((a.value.unwrap() - b.value.unwrap()).abs() < 0.005);
    let [a, pixels] = take(&Eye(values[0]), &plane(true));
    assert_eq!(a.value, pixels.value, "the pixels themselves");
}

#[test]
fn inapplicable_figures_state_a_reason() {
    let reasons = |model: &dyn GenerativeModel, data: &Dataset| {
        take_all(model, data).map(|figure| {
            assert_eq!(figure.value, None);
            figure.reason.unwrap()
        })
    };
    assert_eq!(reasons(&Blind, &plane(true)), ["the model has no encoder"; 6]);
    let mut bare = plane(true);
    bare.shape.classes = None;
    let eye = Eye(|image| vec![f64::from(image[0])]);
    assert_eq!(reasons(&eye, &bare), ["the images have no labels"; 6]);
    let broken = Eye(|image| vec![f64::from(image[0]), f64::NAN]);
    let [probe, pixels] = take(&broken, &plane(true));
    assert_eq!(probe.reason.as_deref(), Some("a feature is not finite"));
    assert!(pixels.value.is_some());
}
