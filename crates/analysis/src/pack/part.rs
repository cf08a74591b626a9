//! Parts of a pack: files of one kind, which can be left out together.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A kind of files in a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Plan, grid, trials, outcomes, figures, and the spans of the traces. Always packed.
    Records,
    /// Terms of the test images, from which comparisons pair images.
    Terms,
    /// Learning curves.
    Curves,
    /// Pictures.
    Samples,
}

impl Part {
    /// Parts that can be left out.
    pub const OPTIONAL: [Self; 3] = [Self::Terms, Self::Curves, Self::Samples];

    /// Name on the command line and in the manifest.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Terms => "terms",
            Self::Curves => "curves",
            Self::Samples => "samples",
        }
    }

    /// The part of a file, by its path in the archive. A trace holds the curves, and the spans that costs need.
    pub(super) fn of(path: &str) -> Self {
        match path.rsplit_once('.') {
            Some((_, "npy")) => Self::Terms,
            Some((_, "png")) => Self::Samples,
            Some((_, "jsonl")) => Self::Curves,
            _ => Self::Records,
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
