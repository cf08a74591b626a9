//! Law 3: changing a pixel leaves every conditional at or before it bit-identical.

use data::Split;
use engine::{Autoregressive, Conditionals};

use crate::subject::{Subject, in_every_ordering};

fn is_causal(subject: &Subject, model: &dyn Autoregressive) -> Result<(), String> {
    let images = subject.data.test.take(64);
    let (ordering, pixels) = (model.ordering(), subject.pixels());
    let mut sorted = ordering.clone();
    sorted.sort_unstable();
    if sorted != (0..pixels).collect::<Vec<_>>() {
        return Err(format!("{ordering:?} is no ordering of {pixels} pixels"));
    }
    let before = model.conditionals(&images);
    for (position, &changed) in ordering.iter().enumerate() {
        let mut others = images.clone();
        others.pixels.iter_mut().skip(changed).step_by(pixels).for_each(|pixel| *pixel = subject.other(*pixel));
        let after = model.conditionals(&others);
        for &seen in &ordering[..=position] {
            let bits = |conditionals: &Conditionals, image| {
                conditionals.of(image, seen).iter().map(|number| number.to_bits()).collect::<Vec<_>>()
            };
            if let Some(image) = (0..images.len()).find(|image| bits(&before, *image) != bits(&after, *image)) {
                return Err(format!("image {image}: pixel {seen} depends on pixel {changed}, which comes later"));
            }
        }
    }
    Ok(())
}

/// The classic defect: the mask of the first layer lets the pixel itself through, ever so little.
struct Leaky<'a>(&'a dyn Autoregressive);

impl Autoregressive for Leaky<'_> {
    fn ordering(&self) -> Vec<usize> {
        self.0.ordering()
    }

    fn conditionals(&self, images: &Split) -> Conditionals {
        let mut conditionals = self.0.conditionals(images);
        let width = conditionals.family.width();
        for (numbers, pixel) in conditionals.numbers.chunks_exact_mut(width).zip(&images.pixels) {
            numbers[0] += 1e-5 * pixel;
        }
        conditionals
    }

    fn sample_from(&self, uniforms: &[f32]) -> Split {
        self.0.sample_from(uniforms)
    }
}

#[test]
fn conditionals_see_the_past_alone_and_the_smallest_leak_is_caught() {
    let mut asked = 0;
    for subject in in_every_ordering() {
        let model = subject.trained();
        let Some(autoregressive) = model.autoregressive() else { continue };
        is_causal(&subject, autoregressive).unwrap_or_else(|error| panic!("{subject}: {error}"));
        assert!(is_causal(&subject, &Leaky(autoregressive)).is_err(), "{subject}");
        asked += 1;
    }
    assert!(asked > 10, "only {asked} models were asked");
}
