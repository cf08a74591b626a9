//! No sentence of an answer and no cell of a matrix contradicts a verdict.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use protocol::Pairs;
use stats::Verdict;

use super::super::context::ReportContext;
use super::super::effect::SeenFrom;
use super::super::view::{GroupView, View};
use crate::compare::{Comparison, Marks};
use crate::results::Results;
use crate::tables::results_of_values;

/// The verdict that a sentence of an answer states, and that of its comparison.
fn stated_and_known(sentence: &str, rows: &[&Comparison]) -> Option<(String, Verdict)> {
    let (variant, rest) = sentence.split_once(" is ")?;
    let stated = sentence.rsplit_once(": ")?.1.to_owned();
    let seen = rows.iter().filter_map(|row| SeenFrom::of(row, variant));
    let follows = |end: char| move |other: &str| rest.contains(&format!("than {other}{end}"));
    let is_named = |other: &str| [' ', ',', ':'].into_iter().any(|end| follows(end)(other));
    let named = |other: &str| is_named(other) || rest.contains(&format!("from {other}"));
    let seen = seen.into_iter().find(|seen| named(seen.other))?;
    let is_lower = rest.contains(" lower than ");
    (seen.effect.is_some_and(|effect| effect == 0.0 || (effect < 0.0) == is_lower)).then_some((stated, seen.verdict))
}

fn check(group: &GroupView, results: &Results, all: bool) -> Result<(), TestCaseError> {
    let comparisons = results.comparisons();
    let rows: Vec<&Comparison> = comparisons.rows.iter().filter(|row| row.figure.is_some()).collect();
    let number = |verdict: Verdict| rows.iter().filter(|row| row.verdict == verdict).count();
    let (marks, best) = (Marks::of(comparisons), &group.answer.best);
    let figure = rows.first().and_then(|row| row.figure.clone());
    let marked = |label: &str| figure.as_ref().is_some_and(|figure| marks.contains(label, figure));
    let mut expected: Vec<&str> =
        group.variants.iter().map(|style| style.label.as_str()).filter(|label| marked(label)).collect();
    let mut listed: Vec<&str> = best.variants.iter().map(|(style, _)| style.label.as_str()).collect();
    listed.sort_unstable();
    expected.sort_unstable();
    prop_assert_eq!(&listed, &expected);
    for sentence in best.leads.iter().filter(|line| !line.contains("more comparison")) {
        let found = stated_and_known(sentence, &rows);
        let Some((stated, known)) = found else {
            return Err(TestCaseError::fail(format!("no comparison: {sentence}")));
        };
        prop_assert_eq!(stated, known.to_string(), "{}", sentence);
    }
    prop_assert_eq!(group.answer.open.len() + group.answer.more_open, number(Verdict::Undecided));
    if best.meaning.starts_with("Not known") {
        prop_assert_eq!(number(Verdict::Better) + number(Verdict::Worse), 0);
    }
    if let Some(text) = best.certainty.first() {
        let decided = rows.len() - number(Verdict::Undecided);
        prop_assert!(text.starts_with(&format!("{decided} of {} comparison", rows.len())), "{}", text);
    }
    for (style, cells) in group.figure_matrices.iter().flat_map(|matrix| &matrix.rows) {
        prop_assert_eq!(cells[0].class == "best", marked(&style.label));
    }
    let pairs = group.pair_matrix.iter().flat_map(|matrix| matrix.rows.iter().map(|row| (&matrix.variants, row)));
    for (variants, (row, cells)) in pairs {
        prop_assert!(all);
        for (column, cell) in variants.iter().zip(cells) {
            let seen =
                rows.iter().filter_map(|one| SeenFrom::of(one, &row.label)).find(|one| one.other == column.label);
            prop_assert_eq!(cell.class, seen.map_or(String::new(), |seen| seen.verdict.to_string()));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn answers_follow_from_verdicts(
        means in prop::collection::vec((0..4_u8, 1..5_usize), 1..5), noise in prop::collection::vec(-1.0..1.0_f64, 30),
        lost in prop::collection::vec(prop::bool::weighted(0.1), 30), all: bool, higher: bool,
    ) {
        let mut draws = noise.iter().zip(&lost);
        let mut value = |mean: u8| {
            let (noise, lost) = draws.next().expect("enough draws");
            (!lost).then_some(f64::from(mean) + 0.3 * noise)
        };
        let variants: Vec<Vec<Option<f64>>> =
            means.iter().map(|(mean, seeds)| (0..*seeds).map(|_| value(*mean)).collect()).collect();
        let folder = tempfile::tempdir().unwrap();
        let pairs = if all { Pairs::All } else { Pairs::Baseline };
        let results = results_of_values(folder.path(), &variants, pairs, higher);
        let view = View::of(&results, &ReportContext::default()).unwrap();
        for group in view.sections.iter().flat_map(|section| &section.groups) {
            check(group, &results, all)?;
        }
    }
}
