//! Dependence of the colours of one pixel.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Dependence of the colours of one pixel, each of which also depends on all colours of the preceding pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Colours {
    /// R, then G given R, then B given R and G.
    #[default]
    Sequential,
    /// Independent of each other given the preceding pixels.
    Independent,
}

impl Colours {
    /// Returns whether a colour depends on earlier colours of its own pixel, in an image of `channels` channels.
    pub(crate) fn depend(self, channels: usize) -> bool {
        self == Self::Sequential && channels > 1
    }
}
