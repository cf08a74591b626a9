//! Marks, verdicts, report and terminal never contradict each other.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use protocol::{Compare, Direction, GridDir, Kind, Measurement, Pairs, Plan, Status, Support, Unit, fixtures};
use stats::Verdict;

use super::fixture::trial;
use super::{Board, summary_text};
use crate::compare::Marks;
use crate::results::Results;
use crate::store::Record;

/// Results of variants with these values of `nll`; `None` is a failed seed.
pub(crate) fn results(folder: &std::path::Path, variants: &[Vec<Option<f64>>], pairs: Pairs, higher: bool) -> Results {
    let grid = GridDir::new(folder, "any");
    let name = |at: usize| format!("v{at}");
    let seeds = |(at, seeds): (usize, &Vec<Option<f64>>)| {
        (0..seeds.len()).map(|seed| trial(&name(at), seed as u64)).collect::<Vec<_>>()
    };
    let trials: Vec<_> = variants.iter().enumerate().flat_map(seeds).collect();
    let direction = if higher { Direction::Higher } else { Direction::Lower };
    let record = |(trial, value): (&protocol::Trial, &Option<f64>)| {
        let failed = Status::Diverged { step: 1, what: "loss".into() };
        let figure = |value: &f64| {
            let figure = Measurement::new("nll", Kind::Exact, Unit::Nats, direction, *value);
            figure.with_se(0.05).with_n(100).on(Support::Binary)
        };
        Record {
            id: trial.id(),
            trial: trial.clone(),
            dir: grid.trial(&trial.id()),
            outcome: Some(fixtures::outcome(trial.id(), if value.is_some() { Status::Done } else { failed })),
            measurements: value.iter().map(figure).collect(),
            unreadable: None,
        }
    };
    let records = trials.iter().zip(variants.iter().flatten()).map(record).collect();
    let plan = Plan { compare: Compare { pairs, ..Compare::default() }, ..Plan::new("any", trials) };
    Results::of(grid, plan, records)
}

/// Rows of the terminal or of the Markdown table whose cell is marked.
fn marked_rows(text: &str, is_marked: impl Fn(&str) -> bool) -> Vec<String> {
    let name = |line: &str| line.trim_start_matches("| ").split_whitespace().next().unwrap_or_default().to_owned();
    let rows = text.lines().filter(|line| line.trim_start_matches("| ").starts_with('v') && !line.contains("variant"));
    rows.filter(|line| is_marked(line)).map(name).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn marks_follow_from_verdicts(
        means in prop::collection::vec((0..4_u8, 1..6_usize), 1..5), noise in prop::collection::vec(-1.0..1.0_f64, 30),
        lost in prop::collection::vec(prop::bool::weighted(0.1), 30), all: bool, higher: bool,
    ) {
        let mut at = 0;
        let variants: Vec<Vec<Option<f64>>> = means.iter().map(|(mean, seeds)| (0..*seeds).map(|_| {
            at += 1;
            (!lost[at - 1]).then_some(f64::from(*mean) * 3.0 + 0.3 * noise[at - 1])
        }).collect()).collect();
        let folder = tempfile::tempdir().unwrap();
        let pairs = if all { Pairs::All } else { Pairs::Baseline };
        let results = results(folder.path(), &variants, pairs, higher);
        let comparisons = results.comparisons();
        let board = Board::of(results.summary(), comparisons);
        let marks = Marks::of(comparisons);
        let cells = board.groups.iter().flat_map(|group| group.rows.iter().map(|row| (row.variant.clone(), row.cells.first())));
        let marked: Vec<String> =
            cells.filter(|(_, cell)| cell.is_some_and(|cell| cell.marked)).map(|(variant, _)| variant).collect();

        // Verdicts.
        let rows = comparisons.rows.iter().filter(|row| row.figure.is_some());
        let is = |variant: &str, verdicts: [Verdict; 2]| rows.clone().any(|row| {
            (row.variant == variant && row.verdict == verdicts[0]) || (row.baseline == variant && row.verdict == verdicts[1])
        });
        for variant in &marked {
            prop_assert!(!is(variant, [Verdict::Worse, Verdict::Better]), "{variant} is worse and marked");
            prop_assert!(all || is(variant, [Verdict::Better, Verdict::Worse]), "{variant} is not better than the baseline");
        }
        if all {
            let members: std::collections::BTreeSet<&str> =
                rows.clone().flat_map(|row| [row.variant.as_str(), row.baseline.as_str()]).collect();
            let never_worse: Vec<&str> =
                members.iter().copied().filter(|variant| !is(variant, [Verdict::Worse, Verdict::Better])).collect();
            let expected = if never_worse.len() == members.len() { vec![] } else { never_worse };
            let mut found: Vec<&str> = marked.iter().map(String::as_str).collect();
            found.sort_unstable();
            prop_assert_eq!(found, expected);
        } else {
            prop_assert!(!marked.iter().any(|variant| variant == "v0"), "the baseline is not better than itself");
        }

        // Terminal, Markdown and page.
        let figure = comparisons.rows.iter().find_map(|row| row.figure.clone());
        prop_assert!(marked.iter().all(|variant| figure.as_ref().is_some_and(|figure| marks.contains(variant, figure))));
        let text = summary_text(results.summary(), comparisons, usize::MAX, false);
        prop_assert_eq!(&marked_rows(&text, |line| line.contains('*')), &marked, "{}", text);
        prop_assert_eq!(text.contains(&format!("*: {}.", marks.meaning())), !marked.is_empty());
        let written = crate::report(&results, &crate::ReportContext::default()).unwrap();
        let markdown = std::fs::read_to_string(written.markdown).unwrap();
        prop_assert_eq!(&marked_rows(&markdown, |line| line.contains("**")), &marked, "{}", markdown);
        let page = std::fs::read_to_string(written.html).unwrap();
        // Once in the interval plot and once in the table.
        prop_assert_eq!(page.matches("aria-label=\"marked\"").count(), 2 * marked.len());
        prop_assert_eq!(page.matches("<li><span class=\"star\"").count(), marked.len());
    }
}
