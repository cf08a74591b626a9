//! Whether a score ranks samplers in the features of one extractor as in those of another.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use super::text::cell;
use crate::audit::{Heard, Rho, over_seeds, unique};
use stats::spearman;

/// How one score's ranks in two feature spaces agree, at one number of images.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike {
    /// The score without its features.
    pub score: String,
    /// Test images, and as many samples.
    pub images: usize,
    /// The two feature spaces.
    pub features: (String, String),
    /// Over all samplers. `None` where the score ties or is absent in one of them.
    pub rho: Option<Rho>,
}

/// `score (features)`, taken apart.
fn parts(name: &str) -> Option<(&str, &str)> {
    let (score, features) = name.strip_suffix(')')?.rsplit_once(" (")?;
    Some((score, features))
}

/// Of every score that was heard in two feature spaces or more, in the order in which they were heard.
#[must_use]
pub fn alike(heard: &[Heard]) -> Vec<Alike> {
    let named: Vec<(&str, &str, &Heard)> =
        heard.iter().filter_map(|one| parts(&one.score).map(|(score, features)| (score, features, one))).collect();
    let scores = unique(named.iter().map(|(score, ..)| *score));
    let mut sizes: Vec<usize> = named.iter().map(|(.., one)| one.images).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let mut all = Vec::new();
    for score in scores {
        let spaces = unique(named.iter().filter(|(of, ..)| *of == score).map(|(_, features, _)| *features));
        for images in &sizes {
            let of = |features: &str| -> Vec<&Heard> {
                let is_it = |(of, space, one): &&(&str, &str, &Heard)| {
                    *of == score && *space == features && one.images == *images
                };
                named.iter().filter(is_it).map(|(.., one)| *one).collect()
            };
            for (index, first) in spaces.iter().enumerate() {
                for second in &spaces[index + 1..] {
                    let rho = between(&of(first), &of(second));
                    let features = ((*first).to_owned(), (*second).to_owned());
                    all.push(Alike { score: score.to_owned(), images: *images, features, rho });
                }
            }
        }
    }
    all
}

/// Of the values that the same samplers have under the same seeds; `None` unless every one has both.
fn between(first: &[&Heard], second: &[&Heard]) -> Option<Rho> {
    let mut seeds: BTreeMap<u64, Vec<(f64, f64)>> = BTreeMap::new();
    for one in first {
        let same = |other: &&&Heard| other.seed == one.seed && other.fault == one.fault && other.share == one.share;
        seeds.entry(one.seed).or_default().push((one.value?, second.iter().find(same)?.value?));
    }
    over_seeds(&seeds.values().map(|pairs| spearman(pairs)).collect::<Option<Vec<_>>>()?)
}

#[derive(Serialize)]
struct Row<'a> {
    score: &'a str,
    images: usize,
    features: &'a str,
    other_features: &'a str,
    spearman_mean: Option<f64>,
    spearman_least: Option<f64>,
    spearman_most: Option<f64>,
}

/// As CSV.
pub(super) fn csv(all: &[Alike]) -> std::io::Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    for one in all {
        table.serialize(Row {
            score: &one.score,
            images: one.images,
            features: &one.features.0,
            other_features: &one.features.1,
            spearman_mean: one.rho.map(|rho| rho.mean),
            spearman_least: one.rho.map(|rho| rho.least),
            spearman_most: one.rho.map(|rho| rho.most),
        })?;
    }
    crate::audit::finished(table)
}

/// As a section of the findings; nothing where no score has a second feature space.
pub(super) fn markdown(out: &mut String, all: &[Alike]) -> std::fmt::Result {
    if all.is_empty() {
        return Ok(());
    }
    let pairs = unique(all.iter().map(|one| (one.features.0.as_str(), one.features.1.as_str())));
    writeln!(out, "\n## Do the features agree?\n")?;
    writeln!(
        out,
        "Spearman's rank correlation of a score's values of all samplers in one feature space with those in another: the \
         mean over seeds and the least of any. Near 1 the choice of features does not change the order.\n"
    )?;
    let heads: Vec<String> = pairs.iter().map(|(first, second)| format!("{first}, {second}")).collect();
    writeln!(out, "| score | images | {} |\n|---|---:|{}", heads.join(" | "), "---:|".repeat(heads.len()))?;
    for (score, images) in unique(all.iter().map(|one| (one.score.as_str(), one.images))) {
        let of = |pair: &(&str, &str)| {
            let is_it = |one: &&Alike| {
                one.score == score
                    && one.images == images
                    && (one.features.0.as_str(), one.features.1.as_str()) == *pair
            };
            cell(all.iter().find(is_it).and_then(|one| one.rho))
        };
        let cells: Vec<String> = pairs.iter().map(of).collect();
        writeln!(out, "| {score} | {images} | {} |", cells.join(" | "))?;
    }
    Ok(())
}
