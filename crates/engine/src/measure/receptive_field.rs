//! Receptive field: the pixels on which the distribution of one pixel depends.

use std::path::Path;

use data::Split;
use protocol::{Direction, Kind, Measurement, TrialDir, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};
use crate::Autoregressive;
use crate::sheet;

/// Number of test images in which every pixel is changed; a dependency must appear in one of them.
const IMAGES: usize = 16;

/// Receptive field of the middle pixel of an autoregressive model.
///
/// - `receptive_field`: number of pixels on which the conditional of the middle pixel depends, found by changes of each
///   pixel of test images.
/// - `receptive_field_before`: number of pixels before the middle pixel in the ordering.
///
/// The picture `receptive_field.png` shows the middle pixel white and the receptive field light. Preceding pixels
/// outside of it (a blind spot) are dark, later pixels are black.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct ReceptiveField {}

impl MeasureConfig for ReceptiveField {
    const NAME: &'static str = "receptive_field";
    const ABOUT: &'static str = "number of pixels on which the conditional of the middle pixel depends, with a picture";

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        const NAMES: [&str; 2] = ["receptive_field", "receptive_field_before"];
        let Some(model) = subject.model.autoregressive() else {
            let reason = "the model is not autoregressive";
            let absent = |name| Measurement::absent(name, Kind::Exact, Unit::Count, Direction::Neither, reason);
            return Ok(NAMES.map(absent).to_vec());
        };
        let shape = &subject.data.shape;
        // The last channel of an RGB pixel, which may depend on all channels of every preceding pixel.
        let middle = ((shape.channels - 1) * shape.height + shape.height / 2) * shape.width + shape.width / 2;
        let field = dependencies(model, &subject.data.test.take(IMAGES), middle);
        let before: Vec<usize> = model.ordering().into_iter().take_while(|pixel| *pixel != middle).collect();
        draw(&TrialDir(subject.dir.to_owned()).samples(), subject, middle, &field, &before)?;
        let counts = [field.iter().filter(|depends| **depends).count(), before.len()];
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

/// Returns whether a change of each pixel changes the conditional of `middle` in any image.
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
    field: &[bool],
    before: &[usize],
) -> Result<(), MeasureError> {
    let mut pixels = vec![0.0; field.len()];
    before.iter().for_each(|pixel| pixels[*pixel] = 0.25);
    field.iter().zip(&mut pixels).filter(|(depends, _)| **depends).for_each(|(_, pixel)| *pixel = 0.75);
    pixels[middle] = 1.0;
    // Each channel is shown as a grey image.
    let mut shape = subject.data.shape;
    let plane = shape.height * shape.width;
    shape.channels = 1;
    shape.support = protocol::Support::Continuous;
    std::fs::create_dir_all(folder)?;
    let planes = Split::new(pixels, plane);
    Ok(sheet::write(&folder.join("receptive_field.png"), &planes, &shape, planes.len())?)
}
