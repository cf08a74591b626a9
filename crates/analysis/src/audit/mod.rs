//! What a court of samplers says of scores: how well each ranks them as the true divergence does.

mod features;
mod plot;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use protocol::atomic;
use serde::Serialize;

pub use self::features::{Alike, alike};
use stats::spearman;

/// The least rank correlation over seeds at which a score is said to have earned trust.
pub const TRUSTED: f64 = 0.9;

/// What one score said of one sampler.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Heard {
    /// Test images, and as many samples.
    pub images: usize,
    /// The seed of data and samples.
    pub seed: u64,
    /// What is wrong with the sampler; "none" for the data's own distribution.
    pub fault: String,
    /// The share of its images that have the fault.
    pub share: f64,
    /// Its Jensen-Shannon divergence from the data.
    pub jsd_nats: f64,
    /// The standard error of that.
    pub jsd_se_nats: f64,
    /// The score, with the features that it looks at.
    pub score: String,
    /// What it said; nothing where it does not apply.
    pub value: Option<f64>,
    /// Whether larger is better.
    pub higher_is_better: bool,
}

/// Rank correlations over seeds, 1 where a score ranks as the divergence does, -1 where the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rho {
    /// The mean over seeds.
    pub mean: f64,
    /// The least of any seed.
    pub least: f64,
    /// The most of any seed.
    pub most: f64,
}

/// How a score ranks samplers at one number of images.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// The score.
    pub score: String,
    /// Test images, and as many samples.
    pub images: usize,
    /// Over the shares of one fault, in the order of the hearings. `None` where the score ties or is absent.
    pub by_fault: Vec<(String, Option<Rho>)>,
    /// Over all samplers.
    pub all: Option<Rho>,
}

/// Of every score at every number of images, in the order in which they were heard.
#[must_use]
pub fn agreements(heard: &[Heard]) -> Vec<Agreement> {
    let faults = unique(heard.iter().filter(|one| one.share > 0.0).map(|one| one.fault.clone()));
    let scores = unique(heard.iter().map(|one| one.score.clone()));
    let mut sizes: Vec<usize> = heard.iter().map(|one| one.images).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let mut all = Vec::new();
    for score in scores {
        for images in &sizes {
            let of: Vec<&Heard> = heard.iter().filter(|one| one.score == score && one.images == *images).collect();
            let of_fault = |fault: &String| {
                let some: Vec<_> = of.iter().filter(|one| one.fault == *fault || one.share == 0.0).copied().collect();
                (fault.clone(), rho(&some))
            };
            let by_fault = faults.iter().map(of_fault).collect();
            all.push(Agreement { score: score.clone(), images: *images, by_fault, all: rho(&of) });
        }
    }
    all
}

/// The least number of images from which on a score agrees with the divergence, whatever the seed.
#[must_use]
pub fn trusted_from(agreements: &[Agreement], score: &str) -> Option<usize> {
    let trusted = |one: &&Agreement| one.all.is_some_and(|rho| rho.least >= TRUSTED);
    let of: Vec<&Agreement> = agreements.iter().filter(|one| one.score == score).collect();
    of.iter().rev().take_while(|one| trusted(one)).last().map(|one| one.images)
}

/// `None` unless every sampler has a value under every seed.
fn rho(heard: &[&Heard]) -> Option<Rho> {
    let mut seeds: BTreeMap<u64, Vec<(f64, f64)>> = BTreeMap::new();
    for one in heard {
        let sign = if one.higher_is_better { -1.0 } else { 1.0 };
        seeds.entry(one.seed).or_default().push((sign * one.value?, one.jsd_nats));
    }
    over_seeds(&seeds.values().map(|pairs| spearman(pairs)).collect::<Option<Vec<_>>>()?)
}

/// `None` of none.
fn over_seeds(of_seeds: &[f64]) -> Option<Rho> {
    (!of_seeds.is_empty()).then(|| Rho {
        mean: of_seeds.iter().sum::<f64>() / of_seeds.len() as f64,
        least: of_seeds.iter().copied().fold(f64::INFINITY, f64::min),
        most: of_seeds.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    })
}

/// Each once, in the order of its first.
fn unique<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    all.fold(Vec::new(), |mut unique, one| {
        if !unique.contains(&one) {
            unique.push(one);
        }
        unique
    })
}

#[derive(Serialize)]
struct Row<'a> {
    score: &'a str,
    images: usize,
    fault: &'a str,
    spearman_mean: Option<f64>,
    spearman_least: Option<f64>,
    spearman_most: Option<f64>,
}

/// Writes `scores.csv`, `agreement.csv`, `features.csv`, `court.svg` and `court.md` into a folder.
///
/// # Errors
/// A file that cannot be written.
pub fn write(folder: &Path, heard: &[Heard]) -> io::Result<()> {
    let (agreements, alike) = (agreements(heard), alike(heard));
    let mut scores = csv::Writer::from_writer(Vec::new());
    heard.iter().try_for_each(|one| scores.serialize(one))?;
    atomic::write(&folder.join("scores.csv"), &finished(scores)?)?;
    let mut table = csv::Writer::from_writer(Vec::new());
    for one in &agreements {
        let by_fault = one.by_fault.iter().map(|(fault, rho)| (fault.as_str(), *rho));
        for (fault, rho) in by_fault.chain([("all", one.all)]) {
            table.serialize(Row {
                score: &one.score,
                images: one.images,
                fault,
                spearman_mean: rho.map(|rho| rho.mean),
                spearman_least: rho.map(|rho| rho.least),
                spearman_most: rho.map(|rho| rho.most),
            })?;
        }
    }
    atomic::write(&folder.join("agreement.csv"), &finished(table)?)?;
    atomic::write(&folder.join("court.svg"), plot::svg(&agreements).as_bytes())?;
    atomic::write(&folder.join("features.csv"), &features::csv(&alike)?)?;
    atomic::write(&folder.join("court.md"), text::markdown(heard, &agreements, &alike).as_bytes())
}

fn finished(table: csv::Writer<Vec<u8>>) -> io::Result<Vec<u8>> {
    table.into_inner().map_err(|error| io::Error::other(error.to_string()))
}
