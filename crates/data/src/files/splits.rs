//! Training, validation and test splits from files that have training and test images only.

use protocol::Problem;

use crate::{DataError, DataShape, Noise};

/// Largest number of validation images with `validation: 0`.
pub(super) const MAX_VALIDATION: usize = 10_000;

/// The settings `train`, `validation` and `test`; 0 stands for the default number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counts {
    pub(crate) train: usize,
    pub(crate) validation: usize,
    pub(crate) test: usize,
}

impl Counts {
    /// Numbers of training, validation and test images for files with `train` and `test` images.
    pub(crate) fn of(self, train: usize, test: usize) -> Result<[usize; 3], DataError> {
        let validation = match self.validation {
            0 => (train / 10).clamp(1, MAX_VALIDATION),
            set => set,
        };
        if validation >= train {
            let message = format!("{validation} of {train} images leaves none for training");
            return Err(Problem::new("validation", message).into());
        }
        Ok([limit("train", self.train, train - validation)?, validation, limit("test", self.test, test)?])
    }
}

/// The number that the setting `name` takes of `there` images; 0 stands for all.
pub(super) fn limit(name: &str, wanted: usize, there: usize) -> Result<usize, Problem> {
    match wanted {
        0 => Ok(there),
        _ if wanted > there => Err(Problem::new(name, format!("{wanted} images requested, but there are {there}"))
            .help(format!("allowed: 1 to {there}, or 0 for all"))),
        _ => Ok(wanted),
    }
}

/// Indices of the training and the validation images among `count` training images of the set `name`, restricted to
/// those that `keep` accepts.
///
/// Training images are the front and validation images the back of one fixed order, so that the size of one part does
/// not change the images of the other.
pub(crate) fn carve(name: &str, count: usize, keep: impl Fn(usize) -> bool, shape: &DataShape) -> [Vec<usize>; 2] {
    let mut order = Noise::new(0, &format!("{name}/split"), 0).permutation(count);
    order.retain(|index| keep(*index));
    let back = order.split_off(order.len() - shape.validation);
    order.truncate(shape.train);
    [order, back]
}
