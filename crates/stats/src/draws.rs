//! Resamples of a bootstrap. They depend on the seed and the sizes of the strata only, so they are drawn once for all
//! figures of a grid.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rand::distr::{Distribution, Uniform};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// The resamples of every stratum.
#[derive(Debug)]
pub(super) struct Draws {
    pub(super) strata: Vec<Drawn>,
}

/// The resamples of one stratum, as indices into it.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    /// The distinct resamples.
    pub(super) distinct: Vec<Vec<u32>>,
    /// Number of draws of each distinct resample.
    pub(super) counts: Vec<usize>,
    /// Index of each resample into `distinct`.
    pub(super) which: Vec<u32>,
}

/// Seed, number of resamples, sizes of the strata, and whether order is ignored.
type Key = (u64, usize, Vec<usize>, bool);

static CACHE: LazyLock<Mutex<HashMap<Key, Arc<Draws>>>> = LazyLock::new(Mutex::default);
/// Largest number of cached entries. A grid has few sizes; above the limit the cache is emptied to bound the memory.
const MAX_CACHED: usize = 64;

/// The resamples for strata of these sizes; `None` if a stratum has fewer than two values. With `sorted`, resamples that
/// differ in order only are equal.
pub(super) fn draws(seed: u64, resamples: usize, lengths: &[usize], sorted: bool) -> Option<Arc<Draws>> {
    if lengths.is_empty() || lengths.iter().any(|length| *length < 2) {
        return None;
    }
    let key = (seed, resamples, lengths.to_vec(), sorted);
    if let Some(known) = CACHE.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Some(Arc::clone(known));
    }
    let drawn = Arc::new(draw(seed, resamples, lengths, sorted)?);
    let mut known = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= MAX_CACHED {
        known.clear();
    }
    known.insert(key, Arc::clone(&drawn));
    Some(drawn)
}

/// Draws the resamples in the same order as `Bootstrap::interval`.
fn draw(seed: u64, resamples: usize, lengths: &[usize], sorted: bool) -> Option<Draws> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let ranges: Vec<_> = lengths.iter().map(|length| Uniform::new(0, *length as u64)).collect::<Result<_, _>>().ok()?;
    let mut seen: Vec<HashMap<Vec<u32>, u32>> = vec![HashMap::new(); lengths.len()];
    let mut strata: Vec<Drawn> = lengths.iter().map(|_| Drawn::default()).collect();
    for _ in 0..resamples {
        for ((range, length), (seen, drawn)) in ranges.iter().zip(lengths).zip(seen.iter_mut().zip(&mut strata)) {
            let mut indices: Vec<u32> = (0..*length).map(|_| range.sample(&mut random) as u32).collect();
            if sorted {
                indices.sort_unstable();
            }
            let next = drawn.distinct.len() as u32;
            let which = *seen.entry(indices.clone()).or_insert(next);
            if which == next {
                drawn.distinct.push(indices);
                drawn.counts.push(0);
            }
            drawn.counts[which as usize] += 1;
            drawn.which.push(which);
        }
    }
    Some(Draws { strata })
}
