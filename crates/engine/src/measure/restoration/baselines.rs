//! Baselines that need no training.

use data::{Parts, Split};

use super::quality::{Frame, positions};
use crate::Restored;

/// Pastes the parts onto the mean training image, at their positions in `own`, later parts on top. The mask covers the
/// parts.
pub(super) fn paste(own: &Restored, parts: &Parts, train: &Split, frame: &Frame) -> Restored {
    let mut mean = vec![0.0f64; train.image_len];
    for image in train.images() {
        mean.iter_mut().zip(image).for_each(|(sum, pixel)| *sum += f64::from(*pixel));
    }
    let background: Vec<f32> = mean.iter().map(|sum| (sum / train.len() as f64) as f32).collect();
    let (mut pixels, mut masks) = (Vec::new(), Vec::new());
    let own = own.images.images().zip(own.masks.chunks_exact(frame.plane()));
    for ((image, mask), parts_of_image) in own.zip(parts.rows()) {
        let (mut pasted, mut covered) = (background.clone(), vec![0.0; frame.plane()]);
        let found = positions(image, mask, parts_of_image, parts.part_len, frame);
        for (part, position) in parts_of_image.chunks_exact(parts.part_len).zip(found) {
            for (index, value) in frame.window(parts.part_len, position).zip(part) {
                pasted[index] = *value;
                covered[index % frame.plane()] = 1.0;
            }
        }
        pixels.extend(pasted);
        masks.extend(covered);
    }
    Restored { images: Split::new(pixels, train.image_len), masks }
}

/// Training image with the nearest parts, and its mask.
pub(super) fn nearest(parts: &Parts, train: &Split) -> Restored {
    let Some(known) = &train.parts else { return Restored::default() };
    let chosen: Vec<usize> = parts
        .rows()
        .map(|own| {
            let distances = known.rows().map(|other| between(own, other, parts.part_len)).enumerate();
            distances.min_by(|(_, a), (_, b)| a.total_cmp(b)).map_or(0, |(index, _)| index)
        })
        .collect();
    let images = Split::new(train.select(&chosen).pixels, train.image_len);
    Restored { images, masks: known.select(&chosen).masks }
}

/// Distance between two sets of parts in any order: the sum over both sets of the squared distances of each part to the
/// nearest part of the other set.
fn between(a: &[f32], b: &[f32], part_len: usize) -> f32 {
    let squared = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
    let one_way = |from: &[f32], to: &[f32]| -> f32 {
        let to_nearest =
            |part: &[f32]| to.chunks_exact(part_len).map(|other| squared(part, other)).fold(f32::INFINITY, f32::min);
        from.chunks_exact(part_len).map(to_nearest).sum()
    };
    one_way(a, b) + one_way(b, a)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_ignores_the_order_of_parts() {
        let (a, b) = ([0.0, 1.0, 5.0, 5.0], [5.0, 5.0, 0.0, 1.0]);
        assert_eq!(between(&a, &b, 2), 0.0);
        assert_eq!(between(&a, &[0.0, 1.0, 0.0, 1.0], 2), 41.0);
    }
}
