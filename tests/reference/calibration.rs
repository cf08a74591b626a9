//! The calibration of the regression gate: the tables of its page are those of its CSV tables, and its claims hold there.
//! A page without tables states that nothing was measured.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::pages::top;

type Row = BTreeMap<String, String>;

fn folder() -> PathBuf {
    top().join("results/reference/calibration")
}

/// Rows of a committed table, by column.
fn table(name: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(folder().join(name)).expect("a committed table");
    let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| header.iter().cloned().zip(row.iter().map(str::to_owned)).collect()).collect()
}

/// Returns whether the tables were written; the page must state it if not.
fn is_measured() -> bool {
    let page = fs::read_to_string(folder().join("README.md")).expect("the page");
    let measured = folder().join("runs.csv").exists() && folder().join("figures.csv").exists();
    assert_eq!(page.contains("Not measured yet."), !measured, "the page and the tables disagree");
    measured
}

fn number(row: &Row, column: &str) -> u64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} of {row:?}"))
}

/// Cells of the rows of a table of the page.
fn shown(name: &str) -> Vec<Vec<String>> {
    let page = fs::read_to_string(folder().join("README.md")).expect("the page");
    let (_, rest) = page.split_once(&format!("<!-- table {name} -->")).expect("the table is marked");
    let (table, _) = rest.split_once("<!-- end -->").expect("its end is marked");
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    table.lines().filter(|line| line.starts_with('|')).skip(2).map(cells).collect()
}

/// `6 of 8`: runs of a change with so many seeds that are worse.
fn worse(runs: &[Row], name: &str, seeds: &str) -> String {
    let row = runs.iter().find(|row| row["name"] == name && row["seeds"] == seeds);
    row.map_or_else(String::new, |row| format!("{} of {}", row["worse"], row["runs"]))
}

#[test]
fn the_page_shows_the_committed_tables() {
    if !is_measured() {
        return;
    }
    let (runs, figures) = (table("runs.csv"), table("figures.csv"));
    let (power, alarms) = (shown("power"), shown("alarms"));
    assert!(power.len() >= 20 && alarms.len() >= 2, "{} faults, {} controls", power.len(), alarms.len());
    for row in &power {
        assert_eq!(row[3..6], ["3", "5", "8"].map(|seeds| worse(&runs, &row[0], seeds)), "{row:?}");
        let of_all = figures.iter().filter(|one| one["name"] == row[0] && one["seeds"] == "8");
        let losses = of_all.filter_map(|one| one["loss_per_margin"].parse::<f64>().ok());
        let most = losses.fold(f64::NEG_INFINITY, f64::max);
        assert!((row[1].parse::<f64>().expect("a loss") - most).abs() <= 0.00501, "{row:?}: {most}");
    }
    for row in shown("beyond_margin") {
        let beyond = |one: &&Row, seeds: &str| {
            let is_fault = runs.iter().any(|run| run["name"] == one["name"] && run["kind"] == "fault");
            let ratio = one["loss_per_margin"].parse::<f64>();
            is_fault && one["figure"] == row[0] && one["seeds"] == seeds && ratio.is_ok_and(|ratio| ratio > 1.0)
        };
        for (cell, seeds) in row[2..].iter().zip(["3", "5", "8"]) {
            let own: Vec<&Row> = figures.iter().filter(|one| beyond(one, seeds)).collect();
            let sum = |column: &str| own.iter().map(|one| number(one, column)).sum::<u64>();
            assert_eq!(*cell, format!("{} of {}", sum("worse"), sum("runs")), "{row:?}");
        }
        let eight = figures.iter().filter(|one| beyond(one, "8")).count();
        assert_eq!(row[1], eight.to_string(), "{row:?}");
    }
    for row in &alarms {
        assert_eq!(row[1..], ["3", "5", "8"].map(|seeds| worse(&runs, &row[0], seeds)), "{row:?}");
    }
}

#[test]
fn the_advised_seeds_find_losses_of_two_margins() {
    if !is_measured() {
        return;
    }
    let ratio = |row: &Row| row["loss_per_margin"].parse::<f64>().expect("a ratio");
    let all = table("advised.csv");
    let beyond: Vec<&Row> = all.iter().filter(|row| ratio(row) > 1.0).collect();
    let rows = shown("advised");
    assert!(rows.len() == beyond.len() && rows.len() >= 20, "{} faults beyond the margin", rows.len());
    for row in &rows {
        let own = beyond.iter().find(|one| one["name"] == row[0] && one["variant"].split(' ').next() == Some(&row[1]));
        let own = own.unwrap_or_else(|| panic!("{row:?} is not in the table"));
        assert_eq!(row[5], format!("{} of {}", own["worse"], own["runs"]), "{row:?}");
        assert!((row[4].parse::<f64>().expect("a loss") - ratio(own)).abs() <= 0.00501, "{row:?}");
    }
    // So many seeds see a loss of two margins.
    for row in all.iter().filter(|row| ratio(row) > 2.0) {
        assert!(10 * number(row, "worse") >= 9 * number(row, "runs"), "{row:?}");
    }
    let identical: u64 = all.iter().map(|row| number(row, "identical")).sum();
    assert_eq!(identical, 0, "no fault is identical");
    for row in all.iter().filter(|row| ratio(row).abs() <= 1.0) {
        assert_eq!(number(row, "worse"), 0, "within the margin: {row:?}");
    }
}

#[test]
fn the_page_shows_every_law_that_a_fault_breaks() {
    if !is_measured() {
        return;
    }
    let laws = |row: &Row| row["laws"].split(' ').map(|law| format!("`{law}`")).collect::<Vec<_>>().join(", ");
    let all = table("laws.csv");
    let broken = all.iter().filter(|row| !row["laws"].is_empty());
    let expected: Vec<_> = broken.map(|row| vec![row["name"].clone(), row["model"].clone(), laws(row)]).collect();
    assert_eq!(shown("laws"), expected);
    let of_controls = expected.iter().filter(|row| row[0] == "sum_order" || row[0] == "scalar_kernels");
    assert_eq!(of_controls.count(), 0, "changes of bits break no law");
}

#[test]
fn the_page_shows_the_counts_and_a_sound_program_repeats_them() {
    if !is_measured() {
        return;
    }
    let all = table("counters.csv");
    let rows = shown("counters");
    for row in &rows {
        let own: Vec<&Row> = all.iter().filter(|one| one["name"] == row[0]).collect();
        let differing = own.iter().filter(|one| number(one, "differing") > 0);
        assert_eq!(row[1..3], [own.len().to_string(), differing.clone().count().to_string()], "{row:?}");
        let example = differing.clone().next().map_or_else(String::new, |one| {
            format!("`{}` {}: {} to {}", one["variant"], one["example"], one["sound"], one["faulty"])
        });
        assert_eq!(row[3], example);
    }
    let of = |name: &str| rows.iter().filter(|row| row[0].starts_with(name)).collect::<Vec<_>>();
    assert!(of("repeat_").len() >= 3 && of("repeat_").iter().all(|row| row[2] == "0"));
    assert!(of("extra_allocation").len() == 1 && of("extra_allocation").iter().all(|row| row[1] == row[2]));
}

#[test]
fn the_page_counts_the_duels() {
    if !is_measured() {
        return;
    }
    let all = table("speed.csv");
    let rows = shown("speed");
    assert!(rows.len() >= 6, "{} windows", rows.len());
    for row in &rows {
        let is_of =
            |one: &&Row| ["name", "variant", "margin", "window"].map(|column| &one[column]).into_iter().eq(&row[..4]);
        let own: Vec<&Row> = all.iter().filter(is_of).collect();
        let of = |verdict: &str| own.iter().filter(|one| one["verdict"] == verdict).count().to_string();
        let counts = [own.len().to_string(), of("worse"), of("equivalent"), of("undecided")];
        assert_eq!(row[4..8], counts, "{row:?}");
    }
    // A build against itself raises no alarm. A loss beyond the margin is found in at least nine of ten duels, in the window that
    // is slower.
    let is_slow = |one: &&Row| {
        let (name, window, margin) = (one["name"].as_str(), one["window"].as_str(), one["margin"].as_str());
        matches!((name, window), ("slow_step_10", "train") | ("slow_evaluation_10", "evaluate"))
            || (name, window, margin) == ("slow_step_3", "train", "0.01")
    };
    let (slow, others): (Vec<&Row>, Vec<&Row>) = all.iter().partition(is_slow);
    assert!(others.iter().all(|one| one["verdict"] != "worse"), "a false alarm");
    let found = slow.iter().filter(|one| one["verdict"] == "worse").count();
    assert!(10 * found >= 9 * slow.len() && slow.len() >= 20, "{found} of {}", slow.len());
}

#[test]
fn every_figure_of_every_run_has_one_verdict() {
    if !is_measured() {
        return;
    }
    let verdicts = ["worse", "better", "undecided", "equivalent", "identical"];
    for row in table("runs.csv") {
        let results = ["worse", "undecided", "no_regression"].map(|column| number(&row, column));
        assert_eq!(results.iter().sum::<u64>(), number(&row, "runs"), "{row:?}");
        let figures = verdicts.map(|verdict| number(&row, &format!("figures_{verdict}")));
        assert_eq!(figures.iter().sum::<u64>(), number(&row, "figures"), "{row:?}");
    }
    for row in table("figures.csv") {
        assert_eq!(verdicts.map(|verdict| number(&row, verdict)).iter().sum::<u64>(), number(&row, "runs"), "{row:?}");
    }
}

/// The goals of the gate, as far as the tables show them.
#[test]
fn changes_of_bits_raise_no_alarm_and_no_fault_is_identical() {
    if !is_measured() {
        return;
    }
    for row in table("runs.csv").iter().filter(|row| row["kind"] == "control") {
        assert_eq!(number(row, "worse"), 0, "a false alarm: {row:?}");
    }
    for row in table("figures.csv").iter().filter(|row| row["name"] != "sum_order" && row["name"] != "scalar_kernels") {
        assert_eq!(number(row, "identical"), 0, "a fault has no effect: {row:?}");
    }
    // A fault whose effect exceeds the margin is found with eight seeds, or the table shows that it is not.
    let exceeds = |row: &Row| row["loss_per_margin"].parse::<f64>().is_ok_and(|ratio| ratio > 1.0);
    let eight: Vec<Row> = table("figures.csv").into_iter().filter(|row| row["seeds"] == "8" && exceeds(row)).collect();
    let found = eight.iter().filter(|row| number(row, "worse") > 0).count();
    assert!(!eight.is_empty() && 2 * found > eight.len(), "{found} of {}", eight.len());
}
