//! Provenance of the numbers: builds, machines, devices, data.

use protocol::Plan;
use protocol::text::{count, portable};
use serde::Serialize;

use super::context::ReportContext;
use crate::store::Record;
use crate::summary::labelled_data;

/// Line of the provenance table: a property and its distinct values.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Origin {
    pub(super) what: &'static str,
    pub(super) values: Vec<String>,
}

/// Known properties; unknown ones are omitted.
pub(super) fn origins(plan: &Plan, records: &[Record], context: &ReportContext) -> Vec<Origin> {
    let outcomes = || records.iter().filter_map(|record| record.outcome.as_ref());
    let hosts = outcomes().map(|outcome| &outcome.host).map(|host| {
        format!(
            "{}: {}, {}, {}, {} a trial",
            host.name,
            host.cpu,
            host.os,
            count(host.cores, "logical processor"),
            count(host.threads, "thread")
        )
    });
    let devices = outcomes().filter_map(|outcome| outcome.device.as_ref()).map(|device| {
        let more: Vec<_> = [&device.adapter, &device.api, &device.driver]
            .into_iter()
            .filter(|text| !text.is_empty())
            .cloned()
            .collect();
        format!("{}: {}", device.name, more.join(", "))
    });
    let labels = labelled_data(plan);
    let data = records.iter().filter_map(|record| {
        let facts = record.outcome.as_ref()?.data.as_ref()?;
        let label = labels.iter().find(|(spec, _)| spec.is_same(&record.trial.data)).map(|(_, label)| label.as_str());
        let [channels, height, width] = facts.shape;
        Some(format!(
            "{}: {} training, {} validation and {} test images of {channels}x{height}x{width}, SHA-256 {}",
            label.unwrap_or(&record.trial.data.name),
            facts.train,
            facts.validation,
            facts.test,
            facts.sha256
        ))
    });
    let all = [
        ("Trials run by", counted(outcomes().map(|outcome| outcome.genbench.clone()))),
        ("Code", counted(outcomes().filter_map(|outcome| outcome.build.as_ref().map(|build| build.code.clone())))),
        ("Report written by", counted([context.genbench.clone()].into_iter().filter(|text| !text.is_empty()))),
        ("Cargo.lock, SHA-256", counted(context.lock_sha256.clone().into_iter())),
        ("Command", counted(context.command.iter().map(|command| portable(command)))),
        ("Machine", counted(hosts)),
        ("Device", counted(devices)),
        ("Choice of device", counted(plan.device_note.clone().into_iter())),
        ("Data", counted(data)),
    ];
    all.into_iter().filter(|(_, values)| !values.is_empty()).map(|(what, values)| Origin { what, values }).collect()
}

/// Distinct texts, with the number of trials of each if they differ.
fn counted(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for text in texts {
        match counts.iter_mut().find(|(known, _)| *known == text) {
            Some((_, count)) => *count += 1,
            None => counts.push((text, 1)),
        }
    }
    let several = counts.len() > 1;
    let line =
        |(text, number): (String, usize)| if several { format!("{text} ({})", count(number, "trial")) } else { text };
    counts.into_iter().map(line).collect()
}
