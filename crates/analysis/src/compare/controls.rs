//! Comparisons of figures with their own controls.

use protocol::{Compare, Direction};

use super::comparison::Comparison;
use super::family::correct;
use super::images::ImageTerms;
use crate::summary::{FigureSummary, Summary, VariantSummary};

/// Comparison of every score with those of its controls that a model must beat. The controls of one figure of one
/// variant share the correction.
pub(super) fn with_controls(summary: &Summary, compare: &Compare, images: &ImageTerms) -> Vec<Comparison> {
    let mut all = Vec::new();
    for variant in &summary.variants {
        let scores = variant.figures.iter().filter(|summed| {
            summed.spread.is_some() && !summed.figure.volatile && summed.figure.direction != Direction::Neither
        });
        for score in scores {
            let mut rows: Vec<Comparison> = to_beat(variant, score)
                .map(|control| {
                    let row = Comparison::of((variant, score), (variant, control), compare, None, images);
                    // A control is never lost: a variant that loses seeds is held against one that loses none.
                    Comparison { control: control.figure.control.clone(), lost: (row.lost.0, 0), ..row }
                })
                .collect();
            correct(&mut rows, 1);
            all.extend(rows);
        }
    }
    all
}

/// Controls of `score` with a value for every seed that has a score. Else the two
/// means would be over different seeds.
fn to_beat<'a>(variant: &'a VariantSummary, score: &'a FigureSummary) -> impl Iterator<Item = &'a FigureSummary> {
    variant.figures.iter().filter(|other| {
        let kind = other.figure.control.as_ref().map(|control| control.kind);
        kind.is_some_and(protocol::ControlKind::is_to_beat)
            && other.figure.is_control_of(&score.figure)
            && other.trials == score.trials
    })
}

#[cfg(test)]
mod tests {
    use protocol::{Control, Kind, Measurement, TrialId, Unit};
    use stats::Verdict;

    use super::super::tests::{S, values, variant};
    use super::*;
    use crate::compare::Comparisons;
    use crate::summary::{Figure, Spread};

    fn control(control: Control, values: &[f64], variant: &str) -> FigureSummary {
        let figure = Measurement::new(control.name(), Kind::Exact, Unit::Nats, Direction::Neither, 0.0);
        let trials = (0..values.len()).map(|seed| TrialId(format!("{variant}{seed}"))).collect();
        let figure = Figure::of(&Measurement { control: Some(control), ..figure });
        let spread = Spread::of(values);
        let values = values.to_vec();
        FigureSummary { figure, trials, values, spread, se_test: None, images: None, reasons: vec![], likelihood: None }
    }

    fn compared(scores: &[S], controls: Vec<FigureSummary>) -> Comparisons {
        let mut variant = variant("v", scores);
        variant.figures.extend(controls);
        let summary = Summary { grid: "g".into(), about: String::new(), variants: vec![variant] };
        Comparisons::of(&summary, &Compare::default(), &ImageTerms::none())
    }

    #[test]
    fn a_score_is_better_or_worse_than_its_control_or_undecided() {
        let of = |control| Control::new("nll", protocol::ControlKind::Baseline, control);
        let controls = vec![
            control(Control::untrained("nll"), &[30.0, 31.0, 32.0, 33.0, 34.0], "v"),
            control(of("rule"), &[10.0; 5], "v"),
            control(of("equal"), &[20.0, 20.01, 20.02, 20.03, 20.04], "v"),
            control(Control::real("nll"), &[1.0; 5], "v"),
        ];
        let found = compared(&values(20.0, 5), controls);
        assert!(found.rows.is_empty(), "controls are no variants");
        let rows: Vec<_> = found.controls.iter().map(|row| (row.control.clone().unwrap().label, row.verdict)).collect();
        let (untrained, rule, equal) = ("untrained".to_owned(), "rule".to_owned(), "equal".to_owned());
        assert_eq!(rows, [(untrained, Verdict::Better), (rule, Verdict::Worse), (equal, Verdict::Undecided)]);
        assert!(found.controls.iter().all(|row| row.family == 3 && row.baseline == "v"));
    }

    #[test]
    fn a_control_without_a_value_for_a_seed_is_not_compared() {
        let found = compared(&values(20.0, 5), vec![control(Control::untrained("nll"), &[30.0; 4], "v")]);
        assert!(found.controls.is_empty());
        // A lost seed has neither a score nor a control, and the variant is not better.
        let scores: Vec<S> = values(20.0, 4).into_iter().chain([S::Lost]).collect();
        let found = compared(&scores, vec![control(Control::untrained("nll"), &[30.0; 4], "v")]);
        assert_eq!(found.controls[0].verdict, Verdict::Undecided);
    }
}
