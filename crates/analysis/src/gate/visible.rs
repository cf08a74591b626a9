//! Power of a baseline: the smallest visible loss of each gating figure, and the number of seeds that see twice the margin.

use std::fmt;

use super::baseline::{Baseline, BaselineFigure, BaselineVariant};
use super::check::{GateSettings, RUN_ALPHA, is_score};
use super::margin::Margin;
use super::power::{Needed, Spreads};
use super::primary::gating;
use crate::summary::{Figure, Spread, figure_labels};
use crate::tables::{digits_after_point, readable};

/// The loss that a baseline can see in one figure.
#[derive(Clone, Debug, PartialEq)]
pub struct VisibleLoss {
    /// Label of the variant.
    pub variant: String,
    /// Label of the figure.
    pub figure: String,
    /// Mean over seeds.
    pub mean: f64,
    /// Number of seeds.
    pub seeds: usize,
    /// Margin of the figure.
    pub margin: Margin,
    /// Smallest loss that is seen with a probability of 80%; `None` if one seed shows no spread.
    pub loss: Option<f64>,
    /// Seeds that see a loss of twice the margin, with the same probability; `None` if one seed shows no spread, or without
    /// seeds.
    pub needed: Option<Needed>,
    /// `true` if the figure is one computation without seeds.
    pub closed_form: bool,
}

/// The loss that `baseline` can see in each figure that gates.
///
/// The spread of the differences between two builds is unknown before there is a second build. It is taken to be that of
/// independent seeds, the square root of two times the spread over seeds. Pairs of equal seeds mostly differ by less.
#[must_use]
pub fn visible_losses(baseline: &Baseline, settings: &GateSettings) -> Vec<VisibleLoss> {
    let gating: Vec<(&BaselineVariant, &BaselineFigure, String)> =
        baseline.variants.iter().flat_map(|variant| gating_of(variant, settings)).collect();
    let level = 1.0 - RUN_ALPHA / gating.len().max(1) as f64;
    let visible = |(variant, figure, label): (&BaselineVariant, &BaselineFigure, String)| {
        let margin = Margin::of(figure, &settings.margin);
        let spread = Spread::of(&figure.values())?;
        let closed_form = variant.closed_form && figure.terms.is_some();
        let spreads = Spreads { sd: [spread.sd.map(|sd| sd * std::f64::consts::SQRT_2), None], images: None };
        let known = !closed_form && spread.sd.is_some();
        Some(VisibleLoss {
            variant: variant.trial.variant.clone(),
            figure: label,
            mean: spread.mean,
            seeds: spread.n,
            margin,
            loss: spreads.visible_loss(margin.value, spread.n, level).filter(|_| known),
            needed: known.then(|| spreads.needed_to_see(margin.value, level)),
            closed_form,
        })
    };
    gating.into_iter().filter_map(visible).collect()
}

fn gating_of<'a>(
    variant: &'a BaselineVariant,
    settings: &GateSettings,
) -> Vec<(&'a BaselineVariant, &'a BaselineFigure, String)> {
    let figures: Vec<&BaselineFigure> = variant.figures.iter().filter(|one| is_score(&one.figure)).collect();
    let identities: Vec<&Figure> = figures.iter().map(|one| &one.figure).collect();
    let labels = figure_labels(&identities.iter().map(|one| (*one).clone()).collect::<Vec<_>>());
    let gates = gating(&identities, &settings.gate);
    let all = figures.into_iter().zip(labels).zip(gates);
    all.filter(|(_, gates)| *gates).map(|((figure, label), _)| (variant, figure, label)).collect()
}

impl fmt::Display for VisibleLoss {
    /// Such as `nade nll 19.04: margin 0.095; 3 seeds see a loss of 0.52; 11 seeds see twice the margin`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |value: f64| readable(value, digits_after_point(value, 2));
        let (variant, figure, mean) = (&self.variant, &self.figure, readable(self.mean, 3));
        write!(f, "{variant}  {figure} {mean}: margin {}", short(self.margin.value))?;
        let seeds = protocol::text::count(self.seeds, "seed");
        match (self.loss, self.needed) {
            _ if self.closed_form => f.write_str("; one computation: further seeds bring nothing"),
            (Some(loss), Some(Needed::Seeds(needed))) if needed <= self.seeds => {
                write!(f, "; {seeds} see a loss of {}", short(loss))
            }
            (Some(loss), Some(needed)) => {
                write!(f, "; {seeds} see a loss of {}; {needed} see twice the margin", short(loss))
            }
            _ => write!(f, "; {seeds}: one seed shows no spread"),
        }
    }
}
