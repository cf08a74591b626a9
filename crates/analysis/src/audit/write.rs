//! Files of an audit.

use std::borrow::Cow;
use std::io;
use std::path::Path;

use protocol::atomic;
use protocol::text::escape;
use serde::Serialize;

use super::agreement::agreements;
use super::feature_agreement::{self, feature_agreements};
use super::{Score, markdown, plot};

#[derive(Serialize)]
struct Row<'a> {
    score: Cow<'a, str>,
    images: usize,
    fault: Cow<'a, str>,
    spearman_mean: Option<f64>,
    spearman_least: Option<f64>,
    spearman_most: Option<f64>,
}

/// Writes `scores.csv`, `agreement.csv`, `features.csv`, `audit.svg` and `audit.md` into a folder.
///
/// # Errors
/// A file that cannot be written.
pub fn write(folder: &Path, scores: &[Score]) -> io::Result<()> {
    let (agreements, features) = (agreements(scores), feature_agreements(scores));
    let mut raw = csv::Writer::from_writer(Vec::new());
    for one in scores {
        let (score, fault) = (escape::csv(&one.score).into_owned(), escape::csv(&one.fault).into_owned());
        raw.serialize(Score { score, fault, ..one.clone() })?;
    }
    atomic::write(&folder.join("scores.csv"), &finished(raw)?)?;
    let mut table = csv::Writer::from_writer(Vec::new());
    for one in &agreements {
        let by_fault = one.by_fault.iter().map(|(fault, correlation)| (fault.as_str(), *correlation));
        for (fault, correlation) in by_fault.chain([("all", one.all)]) {
            table.serialize(Row {
                score: escape::csv(&one.score),
                images: one.images,
                fault: escape::csv(fault),
                spearman_mean: correlation.map(|correlation| correlation.mean),
                spearman_least: correlation.map(|correlation| correlation.lowest),
                spearman_most: correlation.map(|correlation| correlation.highest),
            })?;
        }
    }
    atomic::write(&folder.join("agreement.csv"), &finished(table)?)?;
    atomic::write(&folder.join("audit.svg"), plot::svg(&agreements).as_bytes())?;
    atomic::write(&folder.join("features.csv"), &feature_agreement::csv(&features)?)?;
    atomic::write(&folder.join("audit.md"), markdown::markdown(scores, &agreements, &features).as_bytes())
}

/// The bytes of a CSV file.
pub(super) fn finished(table: csv::Writer<Vec<u8>>) -> io::Result<Vec<u8>> {
    table.into_inner().map_err(|error| io::Error::other(error.to_string()))
}
