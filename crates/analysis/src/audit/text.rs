//! The court's findings as Markdown.

use std::fmt::Write;

use super::features;
use super::features::Alike;
use crate::audit::{Agreement, Heard, Rho, TRUSTED, trusted_from};

/// The samplers with their divergences, the scores with their correlations, then whether feature spaces agree.
pub(super) fn markdown(heard: &[Heard], agreements: &[Agreement], alike: &[Alike]) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut out, heard, agreements);
    let _ = features::markdown(&mut out, alike);
    out
}

fn write(out: &mut String, heard: &[Heard], agreements: &[Agreement]) -> std::fmt::Result {
    writeln!(out, "# Scores in court\n\n## The samplers\n")?;
    writeln!(out, "| fault | share | JSD, nats (of ln 2 = 0.693) |\n|---|---:|---:|")?;
    let mut told: Vec<(&str, f64)> = Vec::new();
    for one in heard {
        let sampler = (one.fault.as_str(), one.share);
        if told.contains(&sampler) {
            continue;
        }
        told.push(sampler);
        writeln!(out, "| {} | {} | {:.4} ± {:.4} |", one.fault, one.share, one.jsd_nats, one.jsd_se_nats)?;
    }
    let Some(first) = agreements.first() else { return Ok(()) };
    let mut seeds: Vec<u64> = heard.iter().map(|one| one.seed).collect();
    seeds.sort_unstable();
    seeds.dedup();
    writeln!(out, "\n## The scores\n")?;
    writeln!(
        out,
        "Spearman's rank correlation with the divergence, the mean of {} and in brackets the least of any: over all \
         samplers, and over the shares of one fault. A score has earned trust from the number of images on at which \
         the least is {TRUSTED} or more. `-`: it gives no number or the same to all.\n",
        match seeds.len() {
            1 => "1 seed".to_owned(),
            n => format!("{n} seeds"),
        }
    )?;
    let faults: Vec<&str> = first.by_fault.iter().map(|(fault, _)| fault.as_str()).collect();
    writeln!(out, "| score | images | all | {} | trusted |", faults.join(" | "))?;
    writeln!(out, "|---|---:|---:|{}---|", "---:|".repeat(faults.len()))?;
    let mut last = "";
    for one in agreements {
        let trust = match trusted_from(agreements, &one.score) {
            _ if one.score == last => String::new(),
            Some(images) => format!("from {images} images"),
            None => "no".to_owned(),
        };
        let name = if one.score == last { "" } else { one.score.as_str() };
        let by_fault: Vec<String> = one.by_fault.iter().map(|(_, rho)| cell(*rho)).collect();
        writeln!(out, "| {name} | {} | {} | {} | {trust} |", one.images, cell(one.all), by_fault.join(" | "))?;
        last = &one.score;
    }
    Ok(())
}

pub(super) fn cell(rho: Option<Rho>) -> String {
    rho.map_or_else(|| "-".to_owned(), |rho| format!("{:.2} ({:.2})", rho.mean, rho.least))
}
