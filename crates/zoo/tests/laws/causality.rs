//! Law 3: flipping a pixel leaves every conditional at or before it bit-identical.

use data::Split;
use engine::Autoregressive;

use crate::subject::{PIXELS, all_images, entries, trained};

fn is_causal(model: &dyn Autoregressive) -> Result<(), String> {
    let images = all_images();
    let ordering = model.ordering();
    let mut sorted = ordering.clone();
    sorted.sort_unstable();
    if sorted != (0..PIXELS).collect::<Vec<_>>() {
        return Err(format!("{ordering:?} is no ordering of {PIXELS} pixels"));
    }
    let before = model.conditionals(&images);
    for (position, &flipped) in ordering.iter().enumerate() {
        let mut changed = images.clone();
        changed.pixels.iter_mut().skip(flipped).step_by(PIXELS).for_each(|pixel| *pixel = 1.0 - *pixel);
        let after = model.conditionals(&changed);
        for &seen in &ordering[..=position] {
            let same = |row: usize| before[row * PIXELS + seen].to_bits() == after[row * PIXELS + seen].to_bits();
            if let Some(row) = (0..images.len()).find(|row| !same(*row)) {
                return Err(format!("image {row}: pixel {seen} depends on pixel {flipped}, which comes later"));
            }
        }
    }
    Ok(())
}

#[test]
fn conditionals_see_the_past_alone() {
    for entry in entries() {
        let model = trained(entry);
        if let Some(autoregressive) = model.autoregressive() {
            is_causal(autoregressive).unwrap_or_else(|error| panic!("{}: {error}", entry.name));
        }
    }
}

/// The classic defect: the mask of the first layer lets the pixel itself through, ever so little.
struct Leaky<'a>(&'a dyn Autoregressive);

impl Autoregressive for Leaky<'_> {
    fn ordering(&self) -> Vec<usize> {
        self.0.ordering()
    }

    fn conditionals(&self, images: &Split) -> Vec<f32> {
        self.0.conditionals(images).iter().zip(&images.pixels).map(|(logit, pixel)| logit + 1e-6 * pixel).collect()
    }

    fn sample_from(&self, uniforms: &[f32]) -> Split {
        self.0.sample_from(uniforms)
    }
}

#[test]
fn the_smallest_leak_is_caught() {
    for entry in entries() {
        let model = trained(entry);
        if let Some(autoregressive) = model.autoregressive() {
            assert!(is_causal(&Leaky(autoregressive)).is_err(), "{}", entry.name);
        }
    }
}
