//! Shape of a small data set, for tests.

use data::DataShape;
use protocol::Support;

/// Returns the shape of a binary data set with 8 training, 8 validation and 8 test images.
pub(crate) fn shape(channels: usize, height: usize, width: usize) -> DataShape {
    DataShape::new([channels, height, width], Support::Binary, [8, 8, 8])
}
