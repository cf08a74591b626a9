//! Error of a difference over test images, from differences per image.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::rc::Rc;

use npyz::NpyFile;
use protocol::{GridDir, TrialId};
use serde_json::Value;
use stats::Part;

use crate::summary::{FigureSummary, Spread};

type Key = (String, String, Vec<TrialId>);

/// Terms of figures, one per test image, averaged over seeds. Each average is computed once.
#[derive(Debug, Default)]
pub struct ImageTerms {
    source: Source,
    known: RefCell<HashMap<Key, Option<Rc<Vec<f64>>>>>,
}

/// Terms of one figure on the first images of the test split.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FirstImages {
    /// Term of each test image, averaged over seeds.
    pub(super) averaged: Vec<f64>,
    /// Mean and spread of the first images of each seed, by the number of images.
    pub(super) seeds: BTreeMap<usize, Vec<Spread>>,
}

#[derive(Debug, Default)]
enum Source {
    #[default]
    None,
    Folder(GridDir),
    #[cfg(test)]
    Memory(HashMap<TrialId, Vec<f64>>),
    #[cfg(test)]
    Named(HashMap<(TrialId, String), Vec<f64>>),
}

impl ImageTerms {
    /// No terms: the errors of the two variants over test images are combined as if the images were different ones.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The terms in the folders of a grid's trials.
    #[must_use]
    pub fn of(grid: &GridDir) -> Self {
        Self { source: Source::Folder(grid.clone()), ..Self::default() }
    }

    /// Terms of one figure in memory.
    #[cfg(test)]
    pub(super) fn in_memory(terms: HashMap<TrialId, Vec<f64>>) -> Self {
        Self { source: Source::Memory(terms), ..Self::default() }
    }

    /// Terms of figures in memory, by trial and name.
    #[cfg(test)]
    pub(super) fn named(terms: HashMap<(TrialId, String), Vec<f64>>) -> Self {
        Self { source: Source::Named(terms), ..Self::default() }
    }

    /// The variance of the mean difference over test images, of terms that are first averaged over seeds. `None` unless
    /// both figures kept their terms for all seeds with a value, on equally many images.
    pub(super) fn part(&self, ours: &FigureSummary, theirs: &FigureSummary) -> Option<Part> {
        paired_part(&self.averaged(ours)?, &self.averaged(theirs)?)
    }

    /// Term of each test image, averaged over the seeds that have a value. `None` if a seed kept none.
    pub(crate) fn averaged(&self, summed: &FigureSummary) -> Option<Rc<Vec<f64>>> {
        let figure = &summed.figure;
        let key = (figure.name.clone(), figure.settings.clone(), summed.trials.clone());
        self.known.borrow_mut().entry(key).or_insert_with(|| self.average(summed).map(Rc::new)).clone()
    }

    /// Term of each test image, averaged over the seeds that have a value.
    fn average(&self, summed: &FigureSummary) -> Option<Vec<f64>> {
        self.visited(summed, |_| ())
    }

    /// Average over seeds, and mean and standard error of the first images of each seed, for each of these numbers of
    /// images. `None` if a seed kept no terms.
    pub(super) fn of_first_images(&self, summed: &FigureSummary, counts: &[usize]) -> Option<FirstImages> {
        let mut seeds = vec![Vec::new(); counts.len()];
        let averaged = self.visited(summed, |of_seed| {
            for (count, seeds) in counts.iter().zip(&mut seeds) {
                seeds.extend(of_seed.get(..*count).and_then(Spread::of));
            }
        })?;
        Some(FirstImages { averaged, seeds: counts.iter().copied().zip(seeds).collect() })
    }

    /// Term of each test image, averaged over the seeds that have a value. `visit` gets the terms of each seed.
    fn visited(&self, summed: &FigureSummary, mut visit: impl FnMut(&[f64])) -> Option<Vec<f64>> {
        let mut sum: Vec<f64> = Vec::new();
        for (id, value) in summed.trials.iter().zip(&summed.values) {
            let of_seed = self.of_seed(id, summed)?;
            let mean = of_seed.iter().sum::<f64>() / of_seed.len() as f64;
            // The file may belong to another measurement than the value in the table, or to other images.
            let belongs_to_value = (mean - value).abs() <= 1e-9 * value.abs().max(1.0);
            if !belongs_to_value || !(sum.is_empty() || sum.len() == of_seed.len()) {
                return None;
            }
            visit(&of_seed);
            sum.resize(of_seed.len(), 0.0);
            sum.iter_mut().zip(of_seed).for_each(|(sum, term)| *sum += term / summed.trials.len() as f64);
        }
        (!sum.is_empty()).then_some(sum)
    }

    fn of_seed(&self, id: &TrialId, summed: &FigureSummary) -> Option<Vec<f64>> {
        match &self.source {
            Source::None => None,
            Source::Folder(grid) => {
                let settings = serde_json::from_str(&summed.figure.settings).unwrap_or(Value::Null);
                read(&grid.trial(id).per_image(&summed.figure.name, &settings))
            }
            #[cfg(test)]
            Source::Memory(terms) => terms.get(id).cloned(),
            #[cfg(test)]
            Source::Named(terms) => terms.get(&(id.clone(), summed.figure.name.clone())).cloned(),
        }
    }
}

/// The variance of the mean difference over equally many images. `None` with fewer than two images.
pub(super) fn paired_part(ours: &[f64], theirs: &[f64]) -> Option<Part> {
    let differences: Vec<f64> = ours.iter().zip(theirs).map(|(a, b)| a - b).collect();
    let spread = Spread::of(&differences).filter(|_| ours.len() == theirs.len())?;
    // Equal differences give no estimate of their spread: an error of 0 would claim certainty.
    Part::of_mean(spread.sd.filter(|sd| *sd > 0.0)?, spread.n)
}

/// Terms of a file; `None` if the file is missing or is no array.
fn read(path: &Path) -> Option<Vec<f64>> {
    let file = File::open(path).ok()?;
    let most = file.metadata().ok()?.len() / 8;
    let array = NpyFile::new(BufReader::new(file)).ok()?;
    // No memory for terms that a damaged header only claims.
    if array.header().len() > most { None } else { array.into_vec().ok() }
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
