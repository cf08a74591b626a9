//! Figures of restored images against the true images.
//!
//! The position of a part in an image minimises the mean squared distance of its pixels plus one minus the mean of the
//! mask there; the first of equal positions in raster order.

use data::{DataShape, Parts, Split};

use crate::Restored;
use crate::progress::mean_se;

/// Numbers of channels, rows and columns.
pub(super) struct Frame {
    channels: usize,
    height: usize,
    width: usize,
}

impl Frame {
    pub(super) fn new(shape: &DataShape) -> Self {
        Self { channels: shape.channels, height: shape.height, width: shape.width }
    }

    pub(super) fn plane(&self) -> usize {
        self.height * self.width
    }

    fn side(&self, part_len: usize) -> usize {
        (part_len / self.channels).isqrt()
    }

    /// Indices of the numbers of an image under a part with its first pixel at `[top, left]`.
    pub(super) fn window(&self, part_len: usize, [top, left]: [usize; 2]) -> impl Iterator<Item = usize> {
        let (side, width, plane) = (self.side(part_len), self.width, self.plane());
        (0..part_len).map(move |index| {
            let (channel, within) = (index / (side * side), index % (side * side));
            channel * plane + (top + within / side) * width + left + within % side
        })
    }
}

/// Position of each part, `[row, column]` of its first pixel.
pub(super) fn positions(image: &[f32], mask: &[f32], parts: &[f32], part_len: usize, frame: &Frame) -> Vec<[usize; 2]> {
    let side = frame.side(part_len);
    let all = (0..=frame.height - side).flat_map(|top| (0..=frame.width - side).map(move |left| [top, left]));
    let all: Vec<[usize; 2]> = all.collect();
    let mismatch = |part: &[f32], position: [usize; 2]| {
        let of_pixel = |(index, value): (usize, &f32)| {
            f64::from(image[index] - value).powi(2) + 1.0 - f64::from(mask[index % frame.plane()])
        };
        frame.window(part_len, position).zip(part).map(of_pixel).sum::<f64>() / part_len as f64
    };
    parts
        .chunks_exact(part_len)
        .map(|part| {
            let distances = all.iter().map(|position| (mismatch(part, *position), *position));
            distances.min_by(|(a, _), (b, _)| a.total_cmp(b)).map_or([0, 0], |(_, position)| position)
        })
        .collect()
}

/// Mean distance of the parts of each image from their true positions, in pixels.
pub(super) fn centre_errors(restored: &Restored, parts: &Parts, frame: &Frame) -> Vec<f64> {
    let images = restored.images.images().zip(restored.masks.chunks_exact(frame.plane()));
    let images = images.zip(parts.rows()).zip(parts.places.chunks_exact(parts.count));
    images
        .map(|(((image, mask), own), truth)| {
            let found = positions(image, mask, own, parts.part_len, frame);
            let apart = |([row, column], truth): ([usize; 2], &[u16; 2])| {
                (row as f64 - f64::from(truth[0])).hypot(column as f64 - f64::from(truth[1]))
            };
            found.into_iter().zip(truth).map(apart).sum::<f64>() / parts.count as f64
        })
        .collect()
}

/// Intersection over union of each mask, thresholded at 0.5, and the true mask.
pub(super) fn ious(restored: &Restored, parts: &Parts) -> Vec<f64> {
    let of_mask = |(found, truth): (&[f32], &[f32])| {
        let both = |test: fn(bool, bool) -> bool| {
            found.iter().zip(truth).filter(|(a, b)| test(**a >= 0.5, **b >= 0.5)).count() as f64
        };
        both(|a, b| a && b) / both(|a, b| a || b)
    };
    restored.masks.chunks_exact(parts.mask_len).zip(parts.masks()).map(of_mask).collect()
}

/// Returns whether each number of image `index` counts: inside or outside of the true mask.
fn counts<'a>(test: &'a Split, index: usize, frame: &'a Frame, inside: bool) -> impl Fn(usize) -> bool + 'a {
    let masks = test.parts.as_ref().map_or(&[][..], |parts| &parts.masks);
    move |pixel| (masks[index * frame.plane() + pixel % frame.plane()] >= 0.5) == inside
}

/// Peak signal-to-noise ratio of all images together in dB, its standard error to first order, and the number of
/// images. The ratio is infinite for an error of 0.
pub(super) fn psnr(images: &Split, test: &Split, frame: &Frame, inside: bool) -> (f64, Option<f64>, usize) {
    let of_image = |(index, (image, truth)): (usize, (&[f32], &[f32]))| {
        let counts = counts(test, index, frame, inside);
        let squares: Vec<f64> = (0..image.len())
            .filter(|pixel| counts(*pixel))
            .map(|pixel| f64::from(image[pixel] - truth[pixel]).powi(2))
            .collect();
        squares.iter().sum::<f64>() / squares.len() as f64
    };
    let errors: Vec<f64> = images.images().zip(test.images()).enumerate().map(of_image).collect();
    let (mean, se) = mean_se(&errors);
    (-10.0 * mean.log10(), se.map(|se| 10.0 / std::f64::consts::LN_10 * se / mean), errors.len())
}

/// Structural similarity of each image (Wang et al., 2004, eq. 13, with their constants): the mean over the 3x3 windows
/// around the pixels that count, cropped at the edges.
pub(super) fn ssim(images: &Split, test: &Split, frame: &Frame, inside: bool) -> Vec<f64> {
    const C1: f64 = 0.01 * 0.01;
    const C2: f64 = 0.03 * 0.03;
    let window = |image: &[f32], truth: &[f32], pixel: usize| {
        let (channel, row, column) = (pixel / frame.plane(), pixel % frame.plane() / frame.width, pixel % frame.width);
        let rows = row.saturating_sub(1)..(row + 2).min(frame.height);
        let at = rows.flat_map(|row| {
            let columns = column.saturating_sub(1)..(column + 2).min(frame.width);
            columns.map(move |column| channel * frame.plane() + row * frame.width + column)
        });
        let pairs: Vec<(f64, f64)> = at.map(|at| (f64::from(image[at]), f64::from(truth[at]))).collect();
        let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / pairs.len() as f64;
        let (x, y) = (mean(&|pair| pair.0), mean(&|pair| pair.1));
        let (xx, yy) = (mean(&|pair| (pair.0 - x).powi(2)), mean(&|pair| (pair.1 - y).powi(2)));
        let xy = mean(&|pair| (pair.0 - x) * (pair.1 - y));
        (2.0 * x * y + C1) * (2.0 * xy + C2) / ((x * x + y * y + C1) * (xx + yy + C2))
    };
    let of_image = |(index, (image, truth)): (usize, (&[f32], &[f32]))| {
        let counts = counts(test, index, frame, inside);
        let values: Vec<f64> =
            (0..image.len()).filter(|pixel| counts(*pixel)).map(|pixel| window(image, truth, pixel)).collect();
        values.iter().sum::<f64>() / values.len() as f64
    };
    images.images().zip(test.images()).enumerate().map(of_image).collect()
}
