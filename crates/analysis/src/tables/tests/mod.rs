//! Every table of a small grid.

mod csv_tables;
mod figure_identity;
mod terminal_table;

use super::fixture::Fixture;
use super::tables;

fn written() -> Fixture {
    let fixture = Fixture::new();
    let names: Vec<_> = tables(&fixture.results())
        .unwrap()
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        names,
        [
            "tables.schema.json",
            "measurements.csv",
            "trials.csv",
            "summary.csv",
            "comparisons.csv",
            "likelihoods.csv",
            "likelihood_comparisons.csv",
            "facts.csv",
            "claims.csv",
            "curves.csv",
            "costs.csv"
        ]
    );
    fixture
}

/// The header and the rows that hold any of `words`.
pub(super) fn rows(text: &str, words: &[&str]) -> String {
    let keep = |(index, line): &(usize, &str)| *index == 0 || words.iter().any(|word| line.contains(word));
    text.lines().enumerate().filter(keep).map(|(_, line)| line).collect::<Vec<_>>().join("\n")
}
