//! Names of the figures of a measure, known before a model is trained.

use data::{DataShape, Dataset, Split};
use protocol::{MeasureSpec, Support};

use super::{MeasureEntry, Subject};
use crate::GenerativeModel;

/// A model without any capability. Every measure returns its figures without values.
struct Nothing;

impl GenerativeModel for Nothing {
    fn parameters(&self) -> u64 {
        0
    }
}

impl MeasureEntry {
    /// Names of the figures for the settings of `spec`: those of a model without capabilities, because a measure always
    /// returns the same names. Empty for a measure of the timing pass.
    #[must_use]
    pub fn figure_names(&self, spec: &MeasureSpec) -> Vec<String> {
        let shape = DataShape { classes: Some(2), ..DataShape::new([1, 2, 2], Support::Continuous, [2, 2, 2]) };
        let split =
            || Split { labels: Some(vec![0, 1]), ..Split::new(vec![0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0], 4) };
        let data = Dataset::new(shape, [split(), split(), split()]);
        let nowhere = std::env::temp_dir().join("genbench-no-such-folder");
        let subject =
            Subject { model: &Nothing, data: &data, data_sha256: "", seed: 0, dir: &nowhere, cache: &nowhere };
        let figures = (self.measure)(&spec.config, &subject).unwrap_or_default();
        let controls = (self.controls)(&spec.config);
        let taken = Self::taken_controls(&controls).map(protocol::Control::name);
        figures.into_iter().map(|figure| figure.name).chain(taken).collect()
    }
}
