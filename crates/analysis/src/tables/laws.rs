//! Properties of tables of any records, and of their documentation.

use std::collections::HashMap;
use std::fmt::Write;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use protocol::{
    DeviceUsed, Direction, GridDir, Kind, Measurement, Outcome, Plan, Status, Support, Trial, Unit, fixtures,
};

use super::fixture::{read, trial};
use super::schema::TableSchema;
use super::write::fixed_schemas;
use super::*;
use crate::results::Results;
use crate::store::Record;
use crate::summary::Figure;

fn measurement() -> impl Strategy<Value = Measurement> {
    let name = prop::sample::select(vec!["nll", "elbo", "fid, \"proxy\"", "parameters", "absent"]);
    let kind = prop::sample::select(vec![Kind::Exact, Kind::LowerBound, Kind::Estimate]);
    let support = prop::option::of(prop::sample::select(vec![Support::Binary, Support::Levels(17)]));
    let value = prop_oneof![3 => (-1e6..1e6_f64).prop_map(Some), 2 => Just(None), 1 => Just(Some(f64::NAN))];
    let se = prop::option::of(0.0..10.0_f64);
    (name, kind, support, value, se, prop::option::of("[a-z,\"\n]{0,8}")).prop_map(
        |(name, kind, support, value, se, reason)| Measurement {
            value,
            se,
            support,
            reason,
            ..Measurement::new(name, kind, Unit::Nats, Direction::Lower, 0.0)
        },
    )
}

fn outcome(trial: &Trial, status: Status) -> Outcome {
    let device = Some(DeviceUsed::default());
    Outcome { device, steps: 1, train_s: 1.0, ..fixtures::outcome(trial.id(), status) }
}

/// A trial's ending and its figures, at most one of each kind of figure.
fn ending() -> impl Strategy<Value = (Option<Status>, Vec<Measurement>)> {
    let status = prop::sample::select(vec![None, Some(Status::Done), Some(Status::TimedOut { limit_s: 1.0 })]);
    (status, prop::collection::vec(measurement(), 0..6)).prop_map(|(status, mut figures)| {
        let mut seen = Vec::new();
        figures.retain(|figure| {
            let new = !seen.contains(&Figure::of(figure));
            seen.push(Figure::of(figure));
            new
        });
        (status, figures)
    })
}

/// A table read back: a map from header to cell for each row.
fn parsed(text: &str) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.deserialize().collect::<Result<Vec<_>, _>>();
    rows.unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 50, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_table_has_a_number_exactly_for_each_finite_value(endings in prop::collection::vec(ending(), 1..6)) {
        let folder = tempfile::tempdir().unwrap();
        let grid = GridDir::new(folder.path(), "any");
        let variant = |index: usize| if index.is_multiple_of(2) { "even" } else { "odd" };
        let trials: Vec<_> = (0..endings.len()).map(|index| trial(variant(index), index as u64)).collect();
        let plan = Plan::new("any", trials);
        let record = |(trial, (status, figures)): (&Trial, &(Option<Status>, Vec<Measurement>))| Record {
            id: trial.id(),
            trial: trial.clone(),
            dir: grid.trial(&trial.id()),
            outcome: status.clone().map(|status| outcome(trial, status)),
            measurements: figures.clone(),
            unreadable: None,
        };
        let records: Vec<_> = plan.trials.iter().zip(&endings).map(record).collect();
        let results = Results::of(grid.clone(), plan.clone(), records.clone());
        tables(&results).unwrap();

        let there = |figure: &&Measurement| figure.value.is_some_and(f64::is_finite);
        let figures: Vec<&Measurement> = endings.iter().flat_map(|(_, figures)| figures).collect();
        let long = parsed(&read(&grid, "measurements.csv"));
        prop_assert_eq!(long.len(), figures.len());
        for (row, figure) in long.iter().zip(&figures) {
            let value = figure.value.filter(|value| value.is_finite());
            prop_assert_eq!(row["value"].parse::<f64>().ok(), value);
            prop_assert_eq!(row["se"].parse::<f64>().ok(), figure.se.filter(|_| value.is_some()));
            prop_assert!(value.is_some() || (row["value"].is_empty() && !row["reason"].is_empty()));
        }

        let wide = parsed(&read(&grid, "trials.csv"));
        prop_assert_eq!(wide.len(), plan.trials.len());
        for (row, (_, figures)) in wide.iter().zip(&endings) {
            let numbers = row.iter().filter(|(header, cell)| header.contains("_nats") && !header.contains("_se_") && !cell.is_empty());
            prop_assert_eq!(numbers.count(), figures.iter().filter(there).count());
        }

        let summed = parsed(&read(&grid, "summary.csv"));
        let done = endings.iter().filter(|(status, _)| *status == Some(Status::Done)).flat_map(|(_, figures)| figures);
        let seeds: usize = summed.iter().map(|row| row["n_seeds"].parse::<usize>().unwrap()).sum();
        prop_assert_eq!(seeds, done.filter(there).count());
        for row in &summed {
            let n: usize = row["n_seeds"].parse().unwrap();
            prop_assert_eq!(row["mean"].is_empty(), n == 0);
            prop_assert_eq!(row["sd"].is_empty() && row["ci95_low"].is_empty(), n < 2);
            prop_assert!(n > 0 || !row["reason"].is_empty());
        }
        for width in [40, 100] {
            let text = summary_text(results.summary(), results.comparisons(), width, false);
            prop_assert!(!text.contains("NaN"));
        }
    }
}

#[test]
fn the_schema_names_every_column_of_every_table() {
    let fixture = super::fixture::Fixture::new();
    tables(&fixture.results()).unwrap();
    let package: serde_json::Value = serde_json::from_str(&read(&fixture.grid, "tables.schema.json")).unwrap();
    let resources = package["resources"].as_array().unwrap();
    assert_eq!(resources.len(), 10);
    for resource in resources {
        let text = read(&fixture.grid, resource["path"].as_str().unwrap());
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let names: Vec<_> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
        assert_eq!(text.lines().next().unwrap(), names.join(","));
    }
    let trials = resources.iter().find(|resource| resource["name"] == "trials").unwrap();
    let field = |name: &str| {
        let fields = trials["schema"]["fields"].as_array().unwrap();
        fields.iter().find(|field| field["name"] == name).unwrap().clone()
    };
    assert_eq!(field("train_s")["volatile"], true);
    assert_eq!(field("train_images_per_s")["volatile"], true);
    assert_eq!(field("nll_nats")["unit"], "nats");
    assert!(field("nll_nats").get("volatile").is_none());
}

/// A table's part of `docs/tables.md`.
fn documented(table: &TableSchema) -> String {
    let mut text = format!(
        "## {}\n\n{}\n\n| column | type | unit | volatile | meaning |\n|---|---|---|---|---|\n",
        table.file, table.about
    );
    for field in &table.fields {
        let (unit, volatile) = (field.unit.as_deref().unwrap_or_default(), if field.volatile { "yes" } else { "" });
        let _ = writeln!(text, "| `{}` | {} | {unit} | {volatile} | {} |", field.name, field.of.word(), field.about);
    }
    text.replace("|  |", "| |").replace("|  |", "| |").replace("joined by ` | `", "joined by ` \\| `")
}

#[test]
fn the_documentation_lists_every_column() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/tables.md");
    let docs = std::fs::read_to_string(path).unwrap();
    for table in fixed_schemas() {
        let part = documented(&table);
        assert!(docs.contains(&part), "docs/tables.md should contain:\n\n{part}");
    }
}
