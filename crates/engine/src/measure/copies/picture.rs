//! Picture of samples with the nearest training image below each.

use std::io;
use std::path::Path;

use data::{DataShape, Split};

use super::squared_distances;
use crate::sheet;

/// Samples in a row.
const COLUMNS: usize = 8;
/// Rows of samples, each with a row of training images below it.
const ROWS: usize = 4;

/// Writes `nearest.png` into `folder`: rows of samples, and below each sample the training image that is nearest to it.
pub(super) fn write(folder: &Path, samples: &Split, train: &Split, shape: &DataShape) -> io::Result<()> {
    let pairs = pairs(&samples.take(ROWS * COLUMNS), train);
    sheet::write_rows(&folder.join("nearest.png"), &pairs, shape, COLUMNS)
}

/// Rows of samples and of their nearest training images in turn. Samples beyond the last whole row are left out, unless there is
/// no whole row.
fn pairs(samples: &Split, train: &Split) -> Split {
    let columns = COLUMNS.min(samples.len()).max(1);
    let mut pixels = Vec::new();
    for row in 0..samples.len() / columns {
        let row = row * columns..(row + 1) * columns;
        row.clone().for_each(|at| pixels.extend_from_slice(samples.image(at)));
        row.for_each(|at| pixels.extend_from_slice(train.image(nearest(samples.image(at), train))));
    }
    Split::new(pixels, samples.image_len)
}

/// Index of the training image that is nearest to an image.
fn nearest(image: &[f32], train: &Split) -> usize {
    let distances = squared_distances(image, train).enumerate();
    distances.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(pixels: &[f32]) -> Split {
        Split::new(pixels.to_vec(), 1)
    }

    #[test]
    fn each_sample_stands_above_its_nearest_image() {
        let train = split(&[0.0, 0.5, 1.0]);
        assert_eq!(pairs(&split(&[0.1, 0.9, 0.6]), &train).pixels, [0.1, 0.9, 0.6, 0.0, 1.0, 0.5]);
        let many: Vec<f32> = (0..2 * COLUMNS + 1).map(|at| at as f32 / 16.0).collect();
        let rows = pairs(&split(&many), &train);
        assert_eq!(rows.len(), 4 * COLUMNS, "two whole rows");
        assert_eq!(rows.pixels[2 * COLUMNS..3 * COLUMNS], many[COLUMNS..2 * COLUMNS]);
    }
}
