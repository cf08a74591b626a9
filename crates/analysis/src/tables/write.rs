//! Writes every table of a grid.

use std::io;
use std::path::PathBuf;

use protocol::atomic;

use super::schema::{TableSchema, package};
use super::{
    claims_out, comparisons_out, costs_out, curves_out, facts_out, likelihood_comparisons_out, likelihoods_out,
    measurements_out, summary_out, trials_out,
};
use crate::axes::Axes;
use crate::results::Results;
use crate::store::Record;
use crate::summary::labelled_data;

/// Writes `measurements.csv`, `trials.csv`, `summary.csv`, `comparisons.csv`, `likelihoods.csv`,
/// `likelihood_comparisons.csv`, `facts.csv`, `claims.csv`, `curves.csv`, `costs.csv` and their `tables.schema.json` into
/// the grid's folder, each atomically. Returns the paths of the written files.
///
/// # Errors
/// Any error of the file system, or a trace that cannot be read. Tables from traces are written last, so that a broken
/// trace does not prevent the others.
pub fn tables(results: &Results) -> io::Result<Vec<PathBuf>> {
    let (plan, records) = (results.plan(), results.records());
    let data = data_labels(results);
    let columns = trials_out::figure_columns(records);
    let axes = results.axes();
    let schemas = schemas(axes, &columns);

    let mut written = Vec::new();
    let mut write = |name: &str, bytes: &[u8]| {
        let path = results.out(name);
        atomic::write(&path, bytes)?;
        written.push(path);
        io::Result::Ok(())
    };
    let mut schema = serde_json::to_vec_pretty(&package(&plan.grid, &schemas)).map_err(io::Error::other)?;
    schema.push(b'\n');
    write("tables.schema.json", &schema)?;
    write("measurements.csv", &measurements_out::csv(records, &data, axes)?)?;
    write("trials.csv", &trials_out::csv(records, &data, axes, &columns)?)?;
    write("summary.csv", &summary_out::csv(results)?)?;
    write("comparisons.csv", &comparisons_out::csv(results.comparisons())?)?;
    let likelihoods = &results.comparisons().likelihoods;
    write("likelihoods.csv", &likelihoods_out::csv(likelihoods)?)?;
    write("likelihood_comparisons.csv", &likelihood_comparisons_out::csv(likelihoods)?)?;
    write("facts.csv", &facts_out::csv(&plan.facts)?)?;
    write("claims.csv", &claims_out::csv(results.claims())?)?;
    let (mut curves, mut costs) = (curves_out::Rows::new()?, costs_out::Rows::new()?);
    for (record, traced) in records.iter().zip(results.traces()) {
        let traced = traced.as_ref().map_err(|error| io::Error::new(error.kind(), error.to_string()))?;
        curves.add(record, &traced.curve)?;
        costs.add(record, &traced.costs)?;
    }
    write("curves.csv", &curves.finish()?)?;
    write("costs.csv", &costs.finish()?)?;
    Ok(written)
}

/// `measurements.csv` and its schema.
pub(crate) fn measurements(results: &Results) -> io::Result<(TableSchema, Vec<u8>)> {
    let axes = results.axes();
    Ok((measurements_out::schema(axes), measurements_out::csv(results.records(), &data_labels(results), axes)?))
}

/// Label of the data set of each record.
fn data_labels(results: &Results) -> Vec<String> {
    let labels = labelled_data(results.plan());
    let of = |record: &Record| labels.iter().find(|(spec, _)| spec.is_same(&record.trial.data));
    let found = results.records().iter().map(of);
    found.map(|found| found.map(|(_, label)| label.clone()).unwrap_or_default()).collect()
}

/// Schemas of all tables; `columns` are the figures' columns in `trials.csv`.
fn schemas(axes: &Axes, columns: &[trials_out::FigureColumn]) -> [TableSchema; 10] {
    let (measurements, trials) = (measurements_out::schema(axes), trials_out::schema(axes, columns));
    let (summary, comparisons) = (summary_out::schema(axes), comparisons_out::schema());
    let (likelihoods, of_likelihoods) = (likelihoods_out::schema(), likelihood_comparisons_out::schema());
    let (curves, costs) = (curves_out::schema(), costs_out::schema());
    let (facts, claims) = (facts_out::schema(), claims_out::schema());
    [measurements, trials, summary, comparisons, likelihoods, of_likelihoods, curves, costs, facts, claims]
}

/// Schemas with the columns that every grid has.
#[cfg(test)]
pub(super) fn fixed_schemas() -> [TableSchema; 10] {
    schemas(&Axes::default(), &[])
}
