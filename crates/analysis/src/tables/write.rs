//! Writes every table of a grid.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;

use protocol::{GridDir, TrialId, atomic};

use super::schema::{TableSchema, package};
use super::summary::Summary;
use super::summary::labelled_data;
use super::traced::Traced;
use super::{comparisons_out, costs_out, curves, facts, long, summary_out, wide};
use crate::compare::Comparisons;
use crate::store::Record;
use protocol::Plan;

/// Writes `measurements.csv`, `trials.csv`, `summary.csv`, `comparisons.csv`, `facts.csv`,
/// `curves.csv`, `costs.csv` and their `tables.schema.json` into the grid's folder, each atomically. Returns
/// what was written.
///
/// # Errors
/// Any error of the file system, or a trace that cannot be read. What rests on
/// traces comes last: a bad one does not keep the other tables from being written.
pub fn tables(grid: &GridDir, plan: &Plan, records: &[Record]) -> io::Result<Vec<PathBuf>> {
    let records = in_plan_order(grid, plan, records);
    let labels = labelled_data(plan);
    let data: Vec<String> = records
        .iter()
        .map(|record| labels.iter().find(|(spec, _)| **spec == *record.trial.data))
        .map(|found| found.map(|(_, label)| label.clone()).unwrap_or_default())
        .collect();
    let columns = wide::figure_columns(&records);
    let schemas = schemas(&columns);

    let mut written = Vec::new();
    let mut write = |name: &str, bytes: &[u8]| {
        let path = grid.file(name);
        atomic::write(&path, bytes)?;
        written.push(path);
        io::Result::Ok(())
    };
    let mut schema = serde_json::to_vec_pretty(&package(&plan.grid, &schemas)).map_err(io::Error::other)?;
    schema.push(b'\n');
    write("tables.schema.json", &schema)?;
    write("measurements.csv", &long::csv(&records, &data)?)?;
    write("trials.csv", &wide::csv(&records, &data, &columns)?)?;
    let summary = Summary::of(plan, &records);
    write("summary.csv", &summary_out::csv(&summary)?)?;
    let comparisons = Comparisons::of(&summary, &plan.compare).by_image(grid, &summary);
    write("comparisons.csv", &comparisons_out::csv(&comparisons.rows)?)?;
    write("facts.csv", &facts::csv(&plan.facts)?)?;
    let (mut curves, mut costs) = (curves::Rows::new()?, costs_out::Rows::new()?);
    for record in &records {
        let traced = Traced::read(record)?;
        curves.add(record, &traced.curve)?;
        costs.add(record, &traced.costs)?;
    }
    write("curves.csv", &curves.finish()?)?;
    write("costs.csv", &costs.finish()?)?;
    Ok(written)
}

/// One record for each trial of the plan, under the plan's names; a trial without one has not run.
fn in_plan_order(grid: &GridDir, plan: &Plan, records: &[Record]) -> Vec<Record> {
    let by_id: HashMap<&TrialId, &Record> = records.iter().map(|record| (&record.id, record)).collect();
    let record = |trial: &protocol::Trial| {
        let id = trial.id();
        let known = by_id.get(&id);
        Record {
            trial: trial.clone(),
            dir: known.map_or_else(|| grid.trial(&id), |record| record.dir.clone()),
            outcome: known.and_then(|record| record.outcome.clone()),
            measurements: known.map(|record| record.measurements.clone()).unwrap_or_default(),
            id,
        }
    };
    plan.trials.iter().map(record).collect()
}

/// Every table; `columns` are those of the figures in `trials.csv`.
fn schemas(columns: &[wide::FigureColumn]) -> [TableSchema; 7] {
    let (summary, comparisons) = (summary_out::schema(), comparisons_out::schema());
    let (curves, costs) = (curves::schema(), costs_out::schema());
    [long::schema(), wide::schema(columns), summary, comparisons, curves, costs, facts::schema()]
}

/// The tables with the columns that every grid has.
#[cfg(test)]
pub(super) fn fixed_schemas() -> [TableSchema; 7] {
    schemas(&[])
}
