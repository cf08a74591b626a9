//! Agreement of a score's ranks in two feature spaces.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use protocol::text::escape;
use serde::Serialize;

use super::markdown::cell;
use super::rank_correlation::RankCorrelation;
use super::write::finished;
use super::{Score, sizes, unique};

/// Agreement of one score's ranks in two feature spaces, at one number of images.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureAgreement {
    /// Name of the score, without its feature space.
    pub score: String,
    /// Number of test images, and of samples.
    pub images: usize,
    /// The two feature spaces.
    pub features: (String, String),
    /// Correlation over all samplers. `None` if a value is absent or all values of one space are equal.
    pub correlation: Option<RankCorrelation>,
}

/// Splits `score (features)` into its two parts.
fn parts(name: &str) -> Option<(&str, &str)> {
    let (score, features) = name.strip_suffix(')')?.rsplit_once(" (")?;
    Some((score, features))
}

/// Agreement of every score that has two feature spaces or more, in the order of the scores.
#[must_use]
pub fn feature_agreements(scores: &[Score]) -> Vec<FeatureAgreement> {
    let named: Vec<(&str, &str, &Score)> =
        scores.iter().filter_map(|one| parts(&one.score).map(|(score, features)| (score, features, one))).collect();
    let names = unique(named.iter().map(|(score, ..)| *score));
    let with_features: Vec<Score> = named.iter().map(|(.., one)| (*one).clone()).collect();
    let sizes = sizes(&with_features);
    let mut all = Vec::new();
    for name in names {
        let spaces = unique(named.iter().filter(|(of, ..)| *of == name).map(|(_, features, _)| *features));
        for images in &sizes {
            let of = |features: &str| -> Vec<&Score> {
                let matches = |(of, space, one): &&(&str, &str, &Score)| {
                    *of == name && *space == features && one.images == *images
                };
                named.iter().filter(matches).map(|(.., one)| *one).collect()
            };
            for (index, first) in spaces.iter().enumerate() {
                for second in &spaces[index + 1..] {
                    let correlation = between(&of(first), &of(second));
                    let features = ((*first).to_owned(), (*second).to_owned());
                    all.push(FeatureAgreement { score: name.to_owned(), images: *images, features, correlation });
                }
            }
        }
    }
    all
}

/// Correlation of the values of equal samplers and seeds; `None` unless every sampler has both values.
fn between(first: &[&Score], second: &[&Score]) -> Option<RankCorrelation> {
    let mut seeds: BTreeMap<u64, Vec<(f64, f64)>> = BTreeMap::new();
    for one in first {
        let same = |other: &&&Score| other.seed == one.seed && other.fault == one.fault && other.share == one.share;
        seeds.entry(one.seed).or_default().push((one.value?, second.iter().find(same)?.value?));
    }
    RankCorrelation::of(&seeds)
}

#[derive(Serialize)]
struct Row<'a> {
    score: Cow<'a, str>,
    images: usize,
    features: Cow<'a, str>,
    other_features: Cow<'a, str>,
    spearman_mean: Option<f64>,
    spearman_least: Option<f64>,
    spearman_most: Option<f64>,
}

/// The agreements as CSV.
pub(super) fn csv(all: &[FeatureAgreement]) -> std::io::Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    for one in all {
        table.serialize(Row {
            score: escape::csv(&one.score),
            images: one.images,
            features: escape::csv(&one.features.0),
            other_features: escape::csv(&one.features.1),
            spearman_mean: one.correlation.map(|correlation| correlation.mean),
            spearman_least: one.correlation.map(|correlation| correlation.lowest),
            spearman_most: one.correlation.map(|correlation| correlation.highest),
        })?;
    }
    finished(table)
}

/// The agreements as a section of `audit.md`; nothing if no score has a second feature space.
pub(super) fn markdown(out: &mut String, all: &[FeatureAgreement]) -> std::fmt::Result {
    if all.is_empty() {
        return Ok(());
    }
    let pairs = unique(all.iter().map(|one| (one.features.0.as_str(), one.features.1.as_str())));
    writeln!(out, "\n## Agreement of feature spaces\n")?;
    writeln!(
        out,
        "Spearman's rank correlation between a score's values in two feature spaces, over all samplers: mean over seeds \
         (lowest of any seed). Near 1, the choice of features does not change the ranking.\n"
    )?;
    let heads: Vec<String> =
        pairs.iter().map(|(first, second)| escape::markdown(&format!("{first}, {second}")).into_owned()).collect();
    writeln!(out, "| score | images | {} |\n|---|---:|{}", heads.join(" | "), "---:|".repeat(heads.len()))?;
    for (score, images) in unique(all.iter().map(|one| (one.score.as_str(), one.images))) {
        let of = |pair: &(&str, &str)| {
            let matches = |one: &&FeatureAgreement| {
                one.score == score
                    && one.images == images
                    && (one.features.0.as_str(), one.features.1.as_str()) == *pair
            };
            cell(all.iter().find(matches).and_then(|one| one.correlation))
        };
        let cells: Vec<String> = pairs.iter().map(of).collect();
        writeln!(out, "| {} | {images} | {} |", escape::markdown(score), cells.join(" | "))?;
    }
    Ok(())
}
