//! Answers in a terminal.

use protocol::text::columns;
use protocol::{Claim, FigureName, Plan, Quantity, Relation, Statement};

use super::text::answer_text;
use crate::results::Results;
use crate::tables::fixture::Fixture;
use crate::tables::results_of_values;

/// Results of the fixture with claims of each outcome.
fn with_claims(fixture: &Fixture) -> Results {
    let nll = || FigureName { variant: "nade".into(), figure: "nll".into(), settings: Default::default() };
    let claim = |limit: f64| {
        let (left, right) = (Quantity::Figure(nll()), Quantity::Number(limit));
        let statement = Statement::Compare { left, relation: Relation::Less, right };
        Claim { name: format!("nade is below {limit}"), section: None, statement }
    };
    let plan = Plan { claims: [30.0, 10.0, 19.6].map(claim).into(), ..fixture.plan.clone() };
    Results::read(fixture.grid.clone(), plan)
}

#[test]
fn the_first_screen_is_text() {
    insta::assert_snapshot!(answer_text(&with_claims(&Fixture::new()), 100, false));
}

#[test]
fn many_sections_get_short_answers() {
    let fixture = Fixture::new();
    let mut plan = fixture.plan.clone();
    for trial in &mut plan.trials {
        trial.section = Some(format!("Section of {}", trial.variant));
    }
    insta::assert_snapshot!(answer_text(&Results::read(fixture.grid.clone(), plan), 80, false));
}

#[test]
fn two_variants_have_a_best_one_and_a_lead() {
    let folder = tempfile::tempdir().unwrap();
    let values = [vec![Some(3.0), Some(3.1), Some(2.9)], vec![Some(1.0), Some(1.1), None]];
    let results = results_of_values(folder.path(), &values, protocol::Pairs::All, false);
    insta::assert_snapshot!(answer_text(&results, 80, false));
}

#[test]
fn text_keeps_to_the_width_and_has_the_same_words() {
    let results = with_claims(&Fixture::new());
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let wide = words(&answer_text(&results, usize::MAX, false));
    for width in [40, 60, 80] {
        let text = answer_text(&results, width, false);
        assert_eq!(words(&text), wide);
        for line in text.lines() {
            assert!(columns(line) <= width || line.split_whitespace().count() == 1, "{width}: {line}");
        }
    }
}

#[test]
fn a_grid_without_results_has_no_best_variant() {
    let fixture = Fixture::new();
    let trials = fixture.plan.trials.iter().filter(|trial| trial.variant == "nade hidden=500").cloned().collect();
    let results = Results::read(fixture.grid.clone(), Plan { trials, ..fixture.plan.clone() });
    let text = answer_text(&results, 80, false);
    assert!(text.contains("No variant has a score.") && text.contains("not run: not started"), "{text}");
}
