//! Two variants on the same test images: the error of their difference, image by image.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use npyz::NpyFile;
use protocol::GridDir;
use serde_json::Value;

use super::family::Comparisons;
use super::reason::reason;
use crate::summary::{Figure, FigureSummary, Spread, Summary};

impl Comparisons {
    /// With `se_test` of the differences image by image of every figure whose terms both variants kept for every seed
    /// that has a value. An image that is hard for both then weighs nothing, and most of the error over test images is
    /// such. Figures of other support, kind or settings have not met, and other images than the other's have no pairs.
    #[must_use]
    pub fn by_image(mut self, grid: &GridDir, summary: &Summary) -> Self {
        let mut known: HashMap<(String, Figure), Option<Vec<f64>>> = HashMap::new();
        for row in &mut self.rows {
            let Some(figure) = &row.figure else { continue };
            let mut of = |label: &String| {
                let terms = known.entry((label.clone(), figure.clone())).or_insert_with(|| {
                    let variant = summary.variants.iter().find(|variant| variant.variant == *label)?;
                    terms(grid, variant.figures.iter().find(|known| known.figure == *figure)?)
                });
                terms.clone()
            };
            if let (Some(ours), Some(theirs)) = (of(&row.variant), of(&row.baseline))
                && let Some(se) = se_of_difference(&ours, &theirs)
            {
                (row.se_test, row.images_paired) = (Some(se), true);
                row.reason = reason(row);
            }
        }
        self
    }
}

/// The figure's term of each test image, the mean over the seeds that have a value.
fn terms(grid: &GridDir, summed: &FigureSummary) -> Option<Vec<f64>> {
    let settings = serde_json::from_str(&summed.figure.settings).unwrap_or(Value::Null);
    let mut sum: Vec<f64> = Vec::new();
    for (id, value) in summed.trials.iter().zip(&summed.values) {
        let of_seed = read(&grid.trial(id).per_image(&summed.figure.name, &settings))?;
        let mean = of_seed.iter().sum::<f64>() / of_seed.len() as f64;
        // Of another measurement than the one in the table, or of other images.
        let is_its_own = (mean - value).abs() <= 1e-9 * value.abs().max(1.0);
        if !is_its_own || !(sum.is_empty() || sum.len() == of_seed.len()) {
            return None;
        }
        sum.resize(of_seed.len(), 0.0);
        sum.iter_mut().zip(of_seed).for_each(|(sum, term)| *sum += term / summed.trials.len() as f64);
    }
    (!sum.is_empty()).then_some(sum)
}

/// A file that is not there, or is none, leaves the unpaired error in its place.
fn read(path: &Path) -> Option<Vec<f64>> {
    NpyFile::new(BufReader::new(File::open(path).ok()?)).ok()?.into_vec().ok()
}

fn se_of_difference(ours: &[f64], theirs: &[f64]) -> Option<f64> {
    let differences: Vec<f64> = ours.iter().zip(theirs).map(|(a, b)| a - b).collect();
    let spread = Spread::of(&differences).filter(|_| ours.len() == theirs.len())?;
    // Differences that are all the same do not tell how they spread: not knowing is not certainty.
    spread.sd.filter(|sd| *sd > 0.0).map(|sd| sd / (spread.n as f64).sqrt())
}
