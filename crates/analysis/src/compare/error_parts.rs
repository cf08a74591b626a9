//! Parts of the error of a difference: the seeds of each side, and the test images.

use protocol::Unit;
use stats::Part;

use super::sides::Sides;
use crate::summary::{FigureSummary, Spread, VariantSummary};

/// Parts of the variance of a difference between two means.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct SeedParts {
    /// Seeds of the variant; in a paired comparison, the pairs.
    pub(super) variant: Option<Part>,
    /// Seeds of the baseline.
    pub(super) baseline: Option<Part>,
    /// Standard deviations over seeds behind the two parts.
    pub(super) sd: (f64, f64),
    /// Reason why the seeds show no error, so that nothing can be tested.
    pub(super) obstacle: Option<String>,
    /// Remark on the parts.
    pub(super) remark: Option<String>,
}

/// Spread of one side over its seeds.
enum SideSpread {
    /// The variant has no seeds: repeats of one computation.
    ClosedForm,
    /// One seed.
    Single,
    /// All seeds have one value.
    Flat,
    /// Standard deviation and number of seeds.
    Known(f64, usize),
}

impl SeedParts {
    pub(super) fn of(
        sides: &Sides,
        first: (&VariantSummary, &FigureSummary),
        second: (&VariantSummary, &FigureSummary),
        is_paired: bool,
    ) -> Self {
        use SideSpread::{ClosedForm, Flat, Known, Single};
        if is_paired {
            return Self::of_pairs(sides);
        }
        let spread = |side: &[Option<f64>], (variant, summed): (&VariantSummary, &FigureSummary)| {
            SideSpread::of(&side.iter().copied().flatten().collect::<Vec<f64>>(), variant, summed)
        };
        let (a, b) = (spread(&sides.first, first), spread(&sides.second, second));
        let (ours, theirs) = (&first.0.variant, name_of(second));
        let obstacle = |text: String| Self { obstacle: Some(text), ..Self::default() };
        match (a, b) {
            (Single, _) => obstacle(format!("one seed of {ours} shows no spread")),
            (_, Single) => obstacle(format!("one seed of {theirs} shows no spread")),
            (Flat, Flat | ClosedForm) | (ClosedForm, Flat) => {
                obstacle("all seeds of a side have one value, which is no evidence of how seeds vary".to_owned())
            }
            (Known(sd, n), Flat) => Self::borrowed(sd, n, sides.values().1, theirs, ours),
            (Flat, Known(sd, n)) => {
                let Self { variant, baseline, sd, obstacle, remark } =
                    Self::borrowed(sd, n, sides.values().0, ours, theirs);
                Self { variant: baseline, baseline: variant, sd, obstacle, remark }
            }
            (a, b) => {
                let part = |side: &SideSpread| if let Known(sd, n) = side { Part::of_mean(*sd, *n) } else { None };
                let sd = |side: &SideSpread| if let Known(sd, _) = side { *sd } else { 0.0 };
                Self { variant: part(&a), baseline: part(&b), sd: (sd(&a), sd(&b)), ..Self::default() }
            }
        }
    }

    /// A side without spread is taken to vary as the other one. Both variances come from one estimate, so they are one part.
    fn borrowed(sd: f64, n: usize, flat: usize, flat_name: &str, other: &str) -> Self {
        let own = Part::of_mean(sd, n);
        let variance = sd * sd / flat as f64;
        Self {
            variant: own.map(|part| Part { variance: part.variance + variance, ..part }),
            baseline: None,
            sd: (sd, sd),
            obstacle: None,
            remark: Some(format!(
                "all seeds of {flat_name} have one value, which is no evidence of how seeds vary: the spread of {other} is used for both"
            )),
        }
    }

    fn of_pairs(sides: &Sides) -> Self {
        let differences = sides.differences();
        let sd = Spread::of(&differences).and_then(|spread| spread.sd);
        match sd.filter(|sd| *sd > 0.0) {
            Some(sd) => Self { variant: Part::of_mean(sd, differences.len()), sd: (sd, 0.0), ..Self::default() },
            None if differences.len() > 1 => {
                let text = "all pairs have one difference, which is no evidence of how seeds vary";
                Self { obstacle: Some(text.to_owned()), ..Self::default() }
            }
            None => Self { obstacle: Some("one pair shows no spread".to_owned()), ..Self::default() },
        }
    }
}

fn name_of<'a>((variant, summed): (&'a VariantSummary, &'a FigureSummary)) -> &'a str {
    summed.figure.control.as_ref().map_or(&variant.variant, |control| &control.label)
}

impl SideSpread {
    fn of(values: &[f64], variant: &VariantSummary, summed: &FigureSummary) -> Self {
        let Some(spread) = Spread::of(values) else { return Self::Single };
        // Repeats of one sum may differ by rounding.
        let flat = spread.sd.is_none_or(|sd| sd <= 1e-12 * spread.mean.abs());
        if flat && is_one_observation(variant, summed) {
            return Self::ClosedForm;
        }
        match spread.sd {
            None => Self::Single,
            Some(_) if flat => Self::Flat,
            Some(sd) => Self::Known(sd, spread.n),
        }
    }
}

/// Returns whether the seeds of a figure are repeats of one computation: a log-likelihood of a closed-form model.
pub(super) fn is_one_observation(variant: &VariantSummary, summed: &FigureSummary) -> bool {
    variant.closed_form && matches!(summed.figure.unit, Unit::Nats | Unit::BitsPerDim)
}
