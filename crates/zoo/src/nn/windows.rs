//! The squares of a grid that a convolution reads, as row numbers.
//!
//! A convolution is a selection of rows followed by a matrix product; its transpose is a matrix
//! product followed by adding rows where the other selects them. Both are single passes with
//! gradients that are single passes, which slices tap by tap are not.

use burn::prelude::*;

/// Squares of `kernel` x `kernel` places, `stride` apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Windows {
    pub(super) kernel: usize,
    pub(super) stride: usize,
    /// Places beyond the grid's edges, on every side.
    pub(super) padding: usize,
}

impl Windows {
    /// How many squares there are along a side; 0 if none fits.
    pub(super) const fn along(self, side: usize) -> usize {
        (side + 2 * self.padding + self.stride).saturating_sub(self.kernel) / self.stride
    }

    /// Places of a square.
    pub(super) const fn area(self) -> usize {
        self.kernel * self.kernel
    }

    /// Which place of a grid each place of each square is, `[image][row][column][tap]`, counted over
    /// all images; what lies beyond the edges is the place after the last.
    pub(super) fn places(self, [batch, height, width]: [usize; 3], device: &Device) -> Tensor<1, Int> {
        let (down, across) = (self.along(height), self.along(width));
        let beyond = (batch * height * width) as i64;
        let seen = |first: usize, tap: usize, side: usize| {
            (first * self.stride + tap).checked_sub(self.padding).filter(|place| *place < side)
        };
        let mut of_image = Vec::with_capacity(down * across * self.area());
        for (row, column) in (0..down).flat_map(|row| (0..across).map(move |column| (row, column))) {
            for i in 0..self.kernel {
                let row = seen(row, i, height);
                of_image.extend((0..self.kernel).map(|j| Some(row? * width + seen(column, j, width)?)));
            }
        }
        let image = |image: usize| {
            let first = image * height * width;
            of_image.iter().map(move |place| place.map_or(beyond, |place| (first + place) as i64))
        };
        let places: Vec<i64> = (0..batch).flat_map(image).collect();
        let count = places.len();
        Tensor::from_data(TensorData::new(places, [count]), device)
    }
}
