//! Standard error of a difference between two variants on the same test images, from differences per image.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use npyz::NpyFile;
use protocol::{Control, GridDir};
use serde_json::Value;

use super::family::Comparisons;
use super::reason::reason;
use crate::summary::{Figure, FigureSummary, Spread, Summary};

impl Comparisons {
    /// Computes `se_test` from differences per image, for every figure whose terms both variants kept for all seeds with
    /// a value. An image that is hard for both variants then adds nothing, and such images cause most of the error.
    /// Comparisons of different images keep the unpaired error.
    #[must_use]
    pub fn by_image(mut self, grid: &GridDir, summary: &Summary) -> Self {
        let mut known: HashMap<(String, Figure), Option<Vec<f64>>> = HashMap::new();
        for row in self.rows.iter_mut().chain(&mut self.controls) {
            let Some(figure) = &row.figure else { continue };
            let mut of = |label: &String, control: Option<&Control>| {
                let variant = summary.variants.iter().find(|variant| variant.variant == *label)?;
                let is_compared = |other: &Figure| match control {
                    Some(_) => other.control.as_ref() == control && other.is_control_of(figure),
                    None => other == figure,
                };
                let summed = variant.figures.iter().find(|summed| is_compared(&summed.figure))?;
                let key = (label.clone(), summed.figure.clone());
                known.entry(key).or_insert_with(|| terms(grid, summed)).clone()
            };
            if let (Some(ours), Some(theirs)) = (of(&row.variant, None), of(&row.baseline, row.control.as_ref()))
                && let Some(se) = se_of_difference(&ours, &theirs)
            {
                (row.se_test, row.images_paired) = (Some(se), true);
                row.reason = reason(row);
            }
        }
        self
    }
}

/// Term of each test image, averaged over the seeds that have a value.
pub(crate) fn terms(grid: &GridDir, summed: &FigureSummary) -> Option<Vec<f64>> {
    let settings = serde_json::from_str(&summed.figure.settings).unwrap_or(Value::Null);
    let mut sum: Vec<f64> = Vec::new();
    for (id, value) in summed.trials.iter().zip(&summed.values) {
        let of_seed = read(&grid.trial(id).per_image(&summed.figure.name, &settings))?;
        let mean = of_seed.iter().sum::<f64>() / of_seed.len() as f64;
        // The file may belong to another measurement than the value in the table, or to other images.
        let belongs_to_value = (mean - value).abs() <= 1e-9 * value.abs().max(1.0);
        if !belongs_to_value || !(sum.is_empty() || sum.len() == of_seed.len()) {
            return None;
        }
        sum.resize(of_seed.len(), 0.0);
        sum.iter_mut().zip(of_seed).for_each(|(sum, term)| *sum += term / summed.trials.len() as f64);
    }
    (!sum.is_empty()).then_some(sum)
}

/// Terms of a file; `None` if the file is missing or is no array, and the unpaired error remains.
fn read(path: &Path) -> Option<Vec<f64>> {
    let file = File::open(path).ok()?;
    let most = file.metadata().ok()?.len() / 8;
    let array = NpyFile::new(BufReader::new(file)).ok()?;
    // No memory for terms that a damaged header only claims.
    if array.header().len() > most { None } else { array.into_vec().ok() }
}

fn se_of_difference(ours: &[f64], theirs: &[f64]) -> Option<f64> {
    let differences: Vec<f64> = ours.iter().zip(theirs).map(|(a, b)| a - b).collect();
    let spread = Spread::of(&differences).filter(|_| ours.len() == theirs.len())?;
    // Equal differences give no estimate of their spread: an error of 0 would claim certainty.
    spread.sd.filter(|sd| *sd > 0.0).map(|sd| sd / (spread.n as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_claims_more_than_the_file_has_is_no_array() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nll.npy");
        let write = |shape: &str| {
            let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({shape},), }}\n");
            let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
            bytes.extend((header.len() as u16).to_le_bytes());
            bytes.extend(header.into_bytes());
            bytes.extend(1.5f64.to_le_bytes());
            std::fs::write(&path, bytes).unwrap();
        };
        write("1");
        assert_eq!(read(&path), Some(vec![1.5]));
        write("1000000000000");
        assert_eq!(read(&path), None);
    }
}
