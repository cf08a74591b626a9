//! `audit.md`: the results of an audit as Markdown.

use std::fmt::Write;

use protocol::text::count;
use protocol::text::escape::markdown as escape;

use super::feature_agreement::{self, FeatureAgreement};
use super::{Agreement, RankCorrelation, Score, TRUSTED, trusted_from};

/// Lists the samplers with their divergences, the scores with their correlations, and the agreement of feature spaces.
pub(super) fn markdown(scores: &[Score], agreements: &[Agreement], features: &[FeatureAgreement]) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut out, scores, agreements);
    let _ = feature_agreement::markdown(&mut out, features);
    out
}

fn write(out: &mut String, scores: &[Score], agreements: &[Agreement]) -> std::fmt::Result {
    writeln!(out, "# Metric audit\n\n## Samplers\n")?;
    writeln!(out, "| fault | share | JSD, nats (of ln 2 = 0.693) |\n|---|---:|---:|")?;
    let mut listed: Vec<(&str, f64)> = Vec::new();
    for one in scores {
        let sampler = (one.fault.as_str(), one.share);
        if listed.contains(&sampler) {
            continue;
        }
        listed.push(sampler);
        writeln!(out, "| {} | {} | {:.4} ± {:.4} |", escape(&one.fault), one.share, one.jsd_nats, one.jsd_se_nats)?;
    }
    let Some(first) = agreements.first() else { return Ok(()) };
    let mut seeds: Vec<u64> = scores.iter().map(|one| one.seed).collect();
    seeds.sort_unstable();
    seeds.dedup();
    writeln!(out, "\n## Scores\n")?;
    writeln!(
        out,
        "Spearman's rank correlation with the divergence, over all samplers and over the shares of one fault: mean of {} \
         (lowest of any seed). A score is trusted from the number of images at which the lowest is {TRUSTED} or more. \
         `-`: the score has no value, or the same value for all samplers.\n",
        count(seeds.len(), "seed")
    )?;
    let faults: Vec<_> = first.by_fault.iter().map(|(fault, _)| escape(fault)).collect();
    writeln!(out, "| score | images | all | {} | trusted |", faults.join(" | "))?;
    writeln!(out, "|---|---:|---:|{}---|", "---:|".repeat(faults.len()))?;
    let mut last = "";
    for one in agreements {
        let trust = match trusted_from(agreements, &one.score) {
            _ if one.score == last => String::new(),
            Some(images) => format!("from {}", count(images, "image")),
            None => "no".to_owned(),
        };
        let name = if one.score == last { "".into() } else { escape(&one.score) };
        let by_fault: Vec<String> = one.by_fault.iter().map(|(_, correlation)| cell(*correlation)).collect();
        writeln!(out, "| {name} | {} | {} | {} | {trust} |", one.images, cell(one.all), by_fault.join(" | "))?;
        last = &one.score;
    }
    Ok(())
}

/// Mean over seeds, and the lowest of any seed in brackets.
pub(super) fn cell(correlation: Option<RankCorrelation>) -> String {
    correlation.map_or_else(|| "-".to_owned(), |one| format!("{:.2} ({:.2})", one.mean, one.lowest))
}
