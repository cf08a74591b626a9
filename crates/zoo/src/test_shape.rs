//! The shape of a data set, for tests.

use data::DataShape;
use protocol::Support;

/// A binary data set of 8 training, 8 validation and 8 test images.
pub(crate) fn shape(channels: usize, height: usize, width: usize) -> DataShape {
    DataShape::new([channels, height, width], Support::Binary, [8, 8, 8])
}
