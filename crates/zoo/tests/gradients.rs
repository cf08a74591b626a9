//! Law of gradients: wgpu and the CPU agree on every gradient of every registered model, parameter by parameter.
//!
//! A law on losses alone would miss a gradient that is wrong by a constant factor, which Adam divides out. Without a
//! graphics adapter the devices are not compared; if GENBENCH_REQUIRE_WGPU is set, the test fails. The gradients of the
//! CPU are always checked for completeness.

use burn::prelude::Device;
use data::{CaptionShape, Captions, DataShape, Noise, PartShape, Parts, Split};
use engine::device::{HAS_WGPU, adapters, open};
use engine::{Batch, LossGradient, ModelEntry, ParameterGradient, Step};
use protocol::Support;
use serde_json::Value;
use zoo::MODELS;

const IMAGES: usize = 16;
/// Largest allowed difference, relative to the largest derivative by the parameter.
const TOLERANCE: f32 = 1e-4;
/// Smallest scale of the comparison, as a fraction of the largest derivative of the loss: small derivatives are sums
/// that cancel.
const LEAST: f32 = 1e-2;

/// Model with tiny settings on data that it supports.
struct Subject {
    entry: &'static ModelEntry,
    settings: Value,
    shape: DataShape,
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let DataShape { channels, height, width, support, .. } = self.shape;
        write!(f, "{} {} on {channels}x{height}x{width} {support}", self.entry.name, self.settings)
    }
}

impl Subject {
    fn is_closed_form(&self) -> bool {
        (self.entry.closed_form)(&self.settings)
    }

    fn gradients(&self, device: &Device) -> Vec<LossGradient> {
        let trainer = (self.entry.build)(&self.settings, &self.shape, 0, device).expect("checked");
        let batch = Batch::new(images(&self.shape), device);
        trainer.gradients(&batch, &Step { index: 0, lr_factor: 1.0, seed: 0 })
    }
}

/// Returns data for all models, in groups. A later group is for settings that support no earlier one.
fn shapes() -> [Vec<DataShape>; 3] {
    let bare = |sides, support| DataShape::new(sides, support, [IMAGES; 3]);
    let levels = Support::Levels(3);
    let captions = Some(CaptionShape { vocabulary: 5, words: 3 });
    let parts = Some(PartShape { count: 2, side: 3 });
    [
        vec![
            bare([1, 6, 6], Support::Binary),
            bare([1, 6, 6], levels),
            bare([3, 4, 4], levels),
            bare([1, 6, 6], Support::Real),
            DataShape { captions, ..bare([1, 12, 12], Support::Binary) },
            DataShape { parts, ..bare([1, 12, 12], Support::Binary) },
            DataShape { other: Some([1, 8, 8]), ..bare([1, 8, 8], Support::Binary) },
        ],
        vec![bare([1, 12, 12], Support::Binary), bare([3, 12, 12], levels)],
        vec![bare([1, 2, 3], Support::Binary)],
    ]
}

/// Returns all tiny settings of every model, on the data that they support.
fn subjects() -> Vec<Subject> {
    let mut subjects = Vec::new();
    for entry in MODELS {
        for settings in (entry.tiny)() {
            let takes = |shape: &DataShape| (entry.check)(&settings, shape).is_ok();
            // Captions, parts and second domains are only for models that need them.
            let suits = |shape: &DataShape| {
                let bare = DataShape { captions: None, parts: None, other: None, ..*shape };
                takes(shape) && (bare == *shape || !takes(&bare))
            };
            let groups = shapes().map(|group| group.into_iter().filter(suits).collect::<Vec<_>>());
            let suited = groups.into_iter().find(|group| !group.is_empty());
            let suited = suited.unwrap_or_else(|| panic!("{} {settings} supports none of the data", entry.name));
            subjects.extend(suited.into_iter().map(|shape| Subject { entry, settings: settings.clone(), shape }));
        }
    }
    subjects
}

/// Returns random images of a shape, with their captions, parts or second domain.
fn images(shape: &DataShape) -> Split {
    let mut noise = Noise::new(0, "gradients", 0);
    let levels = match shape.support {
        Support::Levels(levels) => usize::from(levels),
        _ => 2,
    };
    let mut draw = |count: usize| -> Vec<f32> {
        (0..count * shape.pixels()).map(|_| noise.below(levels) as f32 / (levels - 1) as f32).collect()
    };
    let mut images = Split::new(draw(IMAGES), shape.pixels());
    images.other = shape.other.map(|_| Box::new(Split::new(draw(IMAGES), shape.pixels())));
    let mut noise = Noise::new(1, "gradients", 0);
    images.captions = shape.captions.map(|CaptionShape { vocabulary, words }| Captions {
        words: (0..IMAGES * words).map(|_| noise.below(vocabulary) as u16).collect(),
        caption_len: words,
    });
    let mask_len = shape.height * shape.width;
    images.parts = shape.parts.map(|PartShape { count, side }| Parts {
        pixels: noise.uniforms(IMAGES * count * side * side),
        count,
        part_len: side * side,
        masks: (0..IMAGES * mask_len).map(|_| f32::from(u8::from(noise.bernoulli(0.2)))).collect(),
        mask_len,
        places: vec![[0, 0]; IMAGES * count],
    });
    images
}

fn largest(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |largest, value| largest.max(value.abs()))
}

/// Returns the largest derivative of a loss.
fn scale(gradient: &LossGradient) -> f32 {
    gradient.parameters.iter().map(|parameter| largest(&parameter.values)).fold(0.0, f32::max)
}

fn agree(a: &ParameterGradient, b: &ParameterGradient, of_loss: f32) -> bool {
    let allowed = TOLERANCE * largest(&a.values).max(LEAST * of_loss);
    a.name == b.name
        && a.values.len() == b.values.len()
        && a.values.iter().zip(&b.values).all(|(a, b)| (a - b).abs() <= allowed)
}

/// Returns the name of the first parameter whose gradients differ.
fn difference(expected: &[LossGradient], found: &[LossGradient]) -> Option<String> {
    if expected.len() != found.len() {
        return Some(format!("{} losses against {}", expected.len(), found.len()));
    }
    expected.iter().zip(found).find_map(|(a, b)| {
        if a.loss != b.loss || a.parameters.len() != b.parameters.len() {
            return Some(format!("{} against {}", a.loss, b.loss));
        }
        let differs = |(a_parameter, b_parameter): &(&ParameterGradient, &ParameterGradient)| {
            !agree(a_parameter, b_parameter, scale(a))
        };
        let (parameter, _) = a.parameters.iter().zip(&b.parameters).find(differs)?;
        Some(format!("{} by {}", a.loss, parameter.name))
    })
}

#[test]
fn every_loss_has_a_gradient_by_every_parameter() {
    let device = Device::flex().autodiff();
    for subject in subjects() {
        let gradients = subject.gradients(&device);
        assert_eq!(gradients.is_empty(), subject.is_closed_form(), "{subject}");
        for gradient in &gradients {
            assert!(!gradient.parameters.is_empty(), "{subject}: {}", gradient.loss);
            let scale = scale(gradient);
            assert!(scale > 0.0 && scale.is_finite(), "{subject}: {} has a gradient of {scale}", gradient.loss);
            for parameter in &gradient.parameters {
                let known = !parameter.values.is_empty() && parameter.values.iter().all(|value| value.is_finite());
                assert!(known, "{subject}: {} by {}", gradient.loss, parameter.name);
            }
        }
    }
}

#[test]
fn wgpu_has_the_gradients_of_the_cpu() {
    if adapters().is_empty() {
        let why = if HAS_WGPU { "there is no graphics adapter" } else { "this build has no wgpu" };
        assert!(std::env::var_os("GENBENCH_REQUIRE_WGPU").is_none(), "{why}");
        eprintln!("not checked: {why}");
        return;
    }
    let (device, _) = open("wgpu").expect("there is an adapter");
    for subject in subjects() {
        let difference = difference(&subject.gradients(&Device::flex().autodiff()), &subject.gradients(&device));
        assert!(difference.is_none(), "{subject}: {difference:?}");
    }
}

/// Broken model: the gradient of one parameter is wrong by a factor.
#[test]
fn a_gradient_that_is_wrong_by_a_factor_is_caught() {
    let device = Device::flex().autodiff();
    for subject in subjects() {
        let right = subject.gradients(&device);
        assert_eq!(difference(&right, &right), None, "{subject}");
        for (loss, gradient) in right.iter().enumerate() {
            for (parameter, values) in gradient.parameters.iter().enumerate() {
                if largest(&values.values) < LEAST * scale(gradient) {
                    continue;
                }
                let mut scaled = right.clone();
                scaled[loss].parameters[parameter].values.iter_mut().for_each(|value| *value *= 1.001);
                let expected = Some(format!("{} by {}", gradient.loss, values.name));
                assert_eq!(difference(&right, &scaled), expected, "{subject}");
            }
        }
    }
}
