//! Three splits from files that have two: of training and of testing.

use protocol::Problem;

use crate::{DataError, DataShape, Noise};

/// The most validation images that `validation: 0` sets aside.
const MAX_VALIDATION: usize = 10_000;

/// The `train`, `validation` and `test` settings, where 0 leaves the number to the files.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counts {
    pub(crate) train: usize,
    pub(crate) validation: usize,
    pub(crate) test: usize,
}

impl Counts {
    /// The numbers of training, validation and test images, of files with `train` and `test` images.
    pub(crate) fn of(self, train: usize, test: usize) -> Result<[usize; 3], DataError> {
        let validation = match self.validation {
            0 => (train / 10).clamp(1, MAX_VALIDATION),
            set => set,
        };
        if validation >= train {
            let message = format!("{validation} of {train} training images leaves none to train on");
            return Err(Problem::new("validation", message).into());
        }
        let limit = |name: &str, limit: usize, there: usize| match limit {
            0 => Ok(there),
            _ if limit > there => Err(Problem::new(name, format!("{limit} images, but there are {there}"))
                .help(format!("1 to {there}, or 0 for all"))),
            _ => Ok(limit),
        };
        Ok([limit("train", self.train, train - validation)?, validation, limit("test", self.test, test)?])
    }
}

/// Which of `count` training images of the set called `name` are for training and for validation,
/// of those that `keep` takes.
///
/// They come from the front and from the back of one fixed order: neither number changes which
/// images the other part begins with.
pub(crate) fn carve(name: &str, count: usize, keep: impl Fn(usize) -> bool, shape: &DataShape) -> [Vec<usize>; 2] {
    let mut order = Noise::new(0, &format!("{name}/split"), 0).permutation(count);
    order.retain(|index| keep(*index));
    let back = order.split_off(order.len() - shape.validation);
    order.truncate(shape.train);
    [order, back]
}
