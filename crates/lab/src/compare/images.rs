//! Two variants on the same test images: the error of their difference, image by image.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;

use npyz::NpyFile;
use protocol::{GridDir, TrialDir};

use super::Comparisons;
use super::reason::reason;
use crate::table::{FigureSummary, Spread, Summary};

/// The figure whose terms lie in the trials' folders, one for each test image: minus log p, in nats.
const NLL: &str = "nll";

impl Comparisons {
    /// With `se_test` of the differences of each image's NLL, where both variants kept them for every seed that has a
    /// value. An image that is hard for both then weighs nothing, and most of the error over test images is such.
    #[must_use]
    pub fn by_image(mut self, grid: &GridDir, summary: &Summary) -> Self {
        let mut known: HashMap<String, Option<Vec<f64>>> = HashMap::new();
        for row in &mut self.rows {
            let Some(figure) = row.figure.as_ref().filter(|figure| figure.name == NLL) else { continue };
            for label in [&row.variant, &row.baseline] {
                if !known.contains_key(label) {
                    let variant = summary.variants.iter().find(|variant| variant.variant == *label);
                    let summed =
                        variant.and_then(|variant| variant.figures.iter().find(|known| known.figure == *figure));
                    known.insert(label.clone(), summed.and_then(|summed| terms(grid, summed)));
                }
            }
            let of = |label: &String| known.get(label).and_then(Option::as_ref);
            if let (Some(ours), Some(theirs)) = (of(&row.variant), of(&row.baseline))
                && let Some(se) = se_of_difference(ours, theirs)
            {
                (row.se_test, row.images_paired) = (Some(se), true);
                row.reason = reason(row);
            }
        }
        self
    }
}

/// The NLL of each test image, the mean over the seeds that have a value.
fn terms(grid: &GridDir, summed: &FigureSummary) -> Option<Vec<f64>> {
    let mut sum: Vec<f64> = Vec::new();
    for (id, value) in summed.trials.iter().zip(&summed.values) {
        let log_density = read(&grid.trial(id))?;
        let mean = -log_density.iter().sum::<f64>() / log_density.len() as f64;
        // Of another measurement than the one in the table, or of other images.
        let is_its_own = (mean - value).abs() <= 1e-9 * value.abs().max(1.0);
        if !is_its_own || !(sum.is_empty() || sum.len() == log_density.len()) {
            return None;
        }
        sum.resize(log_density.len(), 0.0);
        sum.iter_mut().zip(log_density).for_each(|(sum, nats)| *sum -= nats / summed.trials.len() as f64);
    }
    (!sum.is_empty()).then_some(sum)
}

/// A file that is not there, or is none, leaves the unpaired error in its place.
fn read(dir: &TrialDir) -> Option<Vec<f64>> {
    NpyFile::new(BufReader::new(File::open(dir.log_density()).ok()?)).ok()?.into_vec().ok()
}

fn se_of_difference(ours: &[f64], theirs: &[f64]) -> Option<f64> {
    let differences: Vec<f64> = ours.iter().zip(theirs).map(|(a, b)| a - b).collect();
    let spread = Spread::of(&differences).filter(|_| ours.len() == theirs.len())?;
    Some(spread.sd? / (spread.n as f64).sqrt())
}
