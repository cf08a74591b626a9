//! Terms per test image in the file of a baseline.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use stats::Part;

use crate::summary::Spread;

/// Largest number of terms that are kept: enough for the variance, few enough to commit.
const MOST: usize = 2_000;

/// Terms of a figure, one per test image, averaged over seeds: 32-bit floats, little-endian, as Base64.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoredTerms(String);

impl StoredTerms {
    /// Stores the first 2,000 terms.
    #[must_use]
    pub fn of(terms: &[f64]) -> Self {
        let bytes: Vec<u8> = terms.iter().take(MOST).flat_map(|term| (*term as f32).to_le_bytes()).collect();
        Self(STANDARD.encode(bytes))
    }

    /// The terms; `None` if the text is damaged.
    fn terms(&self) -> Option<Vec<f64>> {
        let bytes = STANDARD.decode(&self.0).ok().filter(|bytes| bytes.len() % 4 == 0)?;
        let number = |chunk: &[u8]| Some(f64::from(f32::from_le_bytes(chunk.try_into().ok()?)));
        bytes.chunks_exact(4).map(number).collect()
    }

    /// The variance of the mean difference over `n` test images, from differences per image. `None` if the two have not
    /// equally many terms, or fewer than two.
    pub(super) fn part(&self, other: &Self, n: Option<u64>) -> Option<Part> {
        let (ours, theirs) = (self.terms()?, other.terms()?);
        if ours.len() != theirs.len() {
            return None;
        }
        let differences: Vec<f64> = ours.iter().zip(&theirs).map(|(a, b)| a - b).collect();
        let spread = Spread::of(&differences)?;
        let images = n.map_or(differences.len(), |n| n as usize).max(differences.len());
        let variance = spread.sd?.powi(2) / images as f64;
        Some(Part { variance, degrees: (spread.n - 1) as f64 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_is_the_variance_of_the_mean_difference() {
        let (a, b) = (StoredTerms::of(&[1.0, 2.0, 4.0]), StoredTerms::of(&[1.5, 1.5, 3.5]));
        // Differences -0.5, 0.5, 0.5: mean 1/6, sum of squares 2/3, variance 1/3.
        let part = a.part(&b, Some(3)).unwrap();
        assert!((part.variance - 1.0 / 9.0).abs() < 1e-7 && part.degrees == 2.0, "{part:?}");
        assert_eq!(a.part(&StoredTerms::of(&[1.0]), Some(3)), None);
        assert_eq!(StoredTerms("!".into()).part(&a, None), None);
    }

    #[test]
    fn only_the_first_terms_of_many_are_kept() {
        let many: Vec<f64> = (0..5_000).map(|at| f64::from(at % 7)).collect();
        let zeros = vec![0.0; 5_000];
        let part = StoredTerms::of(&many).part(&StoredTerms::of(&zeros), Some(5_000)).unwrap();
        assert!((part.variance - 4.0 / 5_000.0).abs() < 1e-5 && part.degrees == 1_999.0, "{part:?}");
    }
}
