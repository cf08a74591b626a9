//! Results as JUnit XML: a trial is a test case.

use protocol::{Plan, Status};

use crate::junit_document::{JunitCase, JunitEnding, JunitSuite, junit_document};
use crate::store::Record;

/// Converts the results of a plan to one document with a suite per section. Failed trials are failures, crashed trials errors,
/// trials without an outcome skipped; figures are properties.
#[must_use]
pub fn junit(plan: &Plan, records: &[Record]) -> String {
    let mut sections: Vec<Option<&str>> = Vec::new();
    for record in records {
        let section = record.trial.section.as_deref();
        if !sections.contains(&section) {
            sections.push(section);
        }
    }
    let suite = |section: Option<&str>| JunitSuite {
        name: section.unwrap_or(&plan.grid).to_owned(),
        cases: records.iter().filter(|record| record.trial.section.as_deref() == section).map(case).collect(),
    };
    let suites: Vec<JunitSuite> = sections.into_iter().map(suite).collect();
    junit_document(&plan.grid, &suites)
}

fn case(record: &Record) -> JunitCase {
    let status = record.outcome.as_ref().map(|outcome| &outcome.status);
    let ending = match status {
        None => JunitEnding::Skipped,
        Some(Status::Done) => JunitEnding::Passed,
        Some(Status::Crashed { .. }) => JunitEnding::Error,
        Some(_) => JunitEnding::Failure,
    };
    let message = match status {
        None => "the trial has not ended".to_owned(),
        Some(status) => status.reason().unwrap_or_default(),
    };
    let values = record.measurements.iter().filter_map(|figure| Some((figure.name.clone(), figure.value?)));
    JunitCase {
        class: record.trial.variant.clone(),
        name: format!("seed {}", record.trial.seed),
        ending,
        kind: status.map(Status::word).unwrap_or_default().to_owned(),
        message,
        properties: values.collect(),
        seconds: Some(record.outcome.as_ref().map_or(0.0, |outcome| outcome.train_s)),
    }
}
