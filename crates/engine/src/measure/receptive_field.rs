//! Receptive field: which pixels the distribution of one pixel depends on.

use std::path::Path;

use data::Split;
use protocol::{Direction, Kind, Measurement, TrialDir, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};
use crate::Autoregressive;
use crate::sheet;

/// Images that every pixel is changed in: a dependency must show in one of them.
const IMAGES: usize = 16;

/// `receptive_field`: how many pixels the middle one's conditional depends on, found by changing
/// each pixel of test images; with `receptive_field_before`, how many come before it in the
/// ordering. The picture `receptive_field.png` has the middle pixel white, those it depends on
/// light, those before it that it does not see (a blind spot) dark, those after it black.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct ReceptiveField {}

impl MeasureConfig for ReceptiveField {
    const NAME: &'static str = "receptive_field";
    const ABOUT: &'static str = "the pixels that the middle pixel's conditional depends on, counted and drawn";

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        const NAMES: [&str; 2] = ["receptive_field", "receptive_field_before"];
        let Some(model) = subject.model.autoregressive() else {
            let reason = "the model is no product of conditionals";
            let absent = |name| Measurement::absent(name, Kind::Exact, Unit::Count, Direction::Neither, reason);
            return Ok(NAMES.map(absent).to_vec());
        };
        let shape = &subject.data.shape;
        // Of an RGB pixel its last number: it may see all three of every pixel before.
        let middle = ((shape.channels - 1) * shape.height + shape.height / 2) * shape.width + shape.width / 2;
        let seen = dependencies(model, &subject.data.test.take(IMAGES), middle);
        let before: Vec<usize> = model.ordering().into_iter().take_while(|pixel| *pixel != middle).collect();
        draw(&TrialDir(subject.dir.to_owned()).samples(), subject, middle, &seen, &before)?;
        let counts = [seen.iter().filter(|seen| **seen).count(), before.len()];
        Ok(NAMES
            .into_iter()
            .zip(counts)
            .map(|(name, count)| {
                Measurement::new(name, Kind::Exact, Unit::Count, Direction::Neither, count as f64)
                    .with_n(subject.data.test.len().min(IMAGES))
            })
            .collect())
    }
}

/// For every pixel: whether changing it changes the conditional of `middle` in any image.
fn dependencies(model: &dyn Autoregressive, images: &Split, middle: usize) -> Vec<bool> {
    let before = model.conditionals(images);
    (0..images.image_len)
        .map(|pixel| {
            let mut changed = images.clone();
            let flip = |value: &mut f32| *value = if *value > 0.5 { 0.0 } else { 1.0 };
            changed.pixels.iter_mut().skip(pixel).step_by(images.image_len).for_each(flip);
            let after = model.conditionals(&changed);
            (0..images.len()).any(|image| before.of(image, middle) != after.of(image, middle))
        })
        .collect()
}

fn draw(
    folder: &Path,
    subject: &Subject<'_>,
    middle: usize,
    seen: &[bool],
    before: &[usize],
) -> Result<(), MeasureError> {
    let mut pixels = vec![0.0; seen.len()];
    before.iter().for_each(|pixel| pixels[*pixel] = 0.25);
    seen.iter().zip(&mut pixels).filter(|(seen, _)| **seen).for_each(|(_, pixel)| *pixel = 0.75);
    pixels[middle] = 1.0;
    // Numbers of a pixel are shown as one grey image each.
    let mut shape = subject.data.shape;
    let plane = shape.height * shape.width;
    shape.channels = 1;
    shape.support = protocol::Support::Continuous;
    std::fs::create_dir_all(folder)?;
    let maps = Split::new(pixels, plane);
    Ok(sheet::write(&folder.join("receptive_field.png"), &maps, &shape, maps.len())?)
}
