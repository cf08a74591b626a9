//! Calibration of a bound with a gap, such as `ais`: distances from the bound in nats, and the bracket that the gap makes.

use protocol::Kind;
use serde::Serialize;
use stats::Interval;

use super::axis::{Axis, Tick};
use crate::compare::{BracketPosition, Calibration, Distance, LikelihoodTable};
use crate::report::group_data::grouped;
use crate::report::variant_style::{VariantStyle, VariantStyles};
use crate::tables::{Group, digits_after_point, readable};

/// Bounds are on the scale if they are at most this many ranges of brackets and exact values away.
const NEAR: f64 = 4.0;

/// Plot of all bounds with a gap in a table of log-likelihoods.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CalibrationPlot {
    /// Names of the bounds.
    pub(crate) bounds: String,
    pub(crate) ticks: Vec<Tick>,
    /// Position of the bounds.
    pub(crate) zero: f64,
    pub(crate) variants: Vec<CalibratedVariant>,
}

/// A bound of one variant, with its other values. Positions are percentages of the plot.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CalibratedVariant {
    pub(crate) style: VariantStyle,
    pub(crate) bound: String,
    /// Left end and width of the bracket.
    pub(crate) bracket: [f64; 2],
    /// Left end and width of the interval of the upper end.
    pub(crate) interval: Option<[f64; 2]>,
    /// The bound and its gap in numbers.
    pub(crate) text: String,
    pub(crate) others: Vec<CalibratedValue>,
}

/// Another value of the variant.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CalibratedValue {
    pub(crate) figure: String,
    pub(crate) kind: String,
    /// `exact`, `lower` or `upper`.
    pub(crate) class: &'static str,
    pub(crate) at: f64,
    pub(crate) interval: Option<[f64; 2]>,
    /// `true` if the value is beyond the left or right end of the scale, at which it is drawn.
    pub(crate) is_outside: bool,
    pub(crate) text: String,
    /// Position of an exact value relative to the bracket, in words.
    pub(crate) position: String,
}

/// Plots of the tables of a group.
pub(crate) fn calibration_plots(
    tables: &[LikelihoodTable],
    group: &Group,
    styles: &VariantStyles,
) -> Vec<CalibrationPlot> {
    let is_here = |table: &&LikelihoodTable| table.section == group.section && table.data == group.data;
    tables.iter().filter(is_here).filter_map(|table| plot(&table.calibrations, styles)).collect()
}

fn plot(all: &[Calibration], styles: &VariantStyles) -> Option<CalibrationPlot> {
    let axis = axis(all)?;
    let mut bounds: Vec<&str> = all.iter().map(|one| one.figure.name.as_str()).collect();
    bounds.dedup();
    let variant = |one: &Calibration| CalibratedVariant {
        style: styles.get(&one.variant),
        bound: one.figure.name.clone(),
        bracket: bar(&axis, [0.0, one.gap]),
        interval: one.gap_interval.map(|gap| bar(&axis, [gap.low, gap.high])),
        text: format!("{}, gap {}", number(one.bound, 4), with_half(one.gap, one.gap_interval)),
        others: one.others.iter().map(|other| value(one, other, &axis)).collect(),
    };
    Some(CalibrationPlot {
        bounds: bounds.join(", "),
        ticks: axis.ticks(5),
        zero: axis.at(0.0),
        variants: all.iter().map(variant).collect(),
    })
}

/// Axis of the brackets, the exact values and the bounds that are not far from them.
fn axis(all: &[Calibration]) -> Option<Axis> {
    let interval = |interval: Option<Interval>| interval.map(|i| [i.low, i.high]).into_iter().flatten();
    let gaps = all.iter().flat_map(|one| [0.0, one.gap].into_iter().chain(interval(one.gap_interval)));
    let exact = all.iter().flat_map(|one| &one.others).filter(|other| other.kind == Kind::Exact);
    let near: Vec<f64> = gaps.chain(exact.flat_map(|o| [o.mean].into_iter().chain(interval(o.interval)))).collect();
    let low = near.iter().copied().fold(f64::INFINITY, f64::min);
    let high = near.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let most = NEAR * (high - low);
    let bounds = all.iter().flat_map(|one| &one.others).map(|other| other.mean);
    let bounds = bounds.filter(|mean| (low - most..=high + most).contains(mean));
    // Differences have no logarithm: 0 is among them.
    Axis::of(near.iter().copied().chain(bounds))
}

fn value(calibration: &Calibration, other: &Distance, axis: &Axis) -> CalibratedValue {
    let images = other.images.filter(|images| Some(*images) != calibration.images);
    let images = images.map(|images| format!(" on {images} images")).unwrap_or_default();
    let position = match calibration.position(other) {
        Some(BracketPosition::Within) => "within the bracket",
        Some(BracketPosition::Above) => "above the bracket",
        Some(BracketPosition::Below) => "below the bound",
        None => "",
    };
    let sign = if other.mean > 0.0 { "+" } else { "" };
    let clamped = |interval: Interval| [interval.low, interval.high].map(|end| axis.at(end).clamp(0.0, 100.0));
    CalibratedValue {
        figure: other.figure.name.clone(),
        kind: other.kind.to_string().replace('_', " "),
        class: match other.kind {
            Kind::LowerBound => "lower",
            Kind::UpperBound => "upper",
            Kind::Exact | Kind::Estimate => "exact",
        },
        at: axis.at(other.mean).clamp(0.0, 100.0),
        interval: other.interval.map(clamped).map(|[left, right]| [left, rounded(right - left)]),
        is_outside: !axis.contains(other.mean),
        text: format!("{sign}{}{images}", with_half(other.mean, other.interval)),
        position: position.to_owned(),
    }
}

/// Left end and width of a bar.
fn bar(axis: &Axis, ends: [f64; 2]) -> [f64; 2] {
    let [low, high] = ends.map(|end| axis.at(end));
    [low.min(high), rounded((high - low).abs())]
}

/// A mean, and half of its interval.
fn with_half(mean: f64, interval: Option<Interval>) -> String {
    let Some(half) = interval.map(|interval| (interval.high - interval.low) / 2.0) else { return number(mean, 3) };
    let decimals = digits_after_point(half, 2);
    format!("{} ± {}", grouped(&readable(mean, decimals)), readable(half, decimals))
}

fn number(value: f64, digits: i32) -> String {
    grouped(&readable(value, digits_after_point(value, digits)))
}

fn rounded(percent: f64) -> f64 {
    (percent * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::likelihood_fixture::families;

    #[test]
    fn the_bracket_starts_at_the_bound_and_distant_bounds_are_at_the_edge() {
        let tables = families().comparisons().likelihoods;
        let plot = plot(&tables[0].calibrations, &VariantStyles::default()).unwrap();
        assert_eq!(plot.bounds, "ais, ais_observed");
        let vae = &plot.variants[0];
        assert!((vae.bracket[0] - plot.zero).abs() < 0.02 && vae.bracket[1] > 1.0, "{vae:?}");
        assert!(plot.variants[1].bracket[1] > 1.9 * vae.bracket[1], "the gap of the second one is twice as large");
        // The brackets cover 0.4 nats: the ELBO, 2.5 nats below, is at the edge; IWAE is on the scale.
        let found: Vec<(&str, bool)> =
            vae.others.iter().map(|other| (other.figure.as_str(), other.is_outside)).collect();
        assert_eq!(found, [("elbo", true), ("iwae_50", false)]);
        assert_eq!(vae.others[0].at, 0.0);
        assert!(vae.others[0].text.starts_with("-2.5") && vae.text.contains("gap 0.20"), "{vae:?}");
    }

    #[test]
    fn tables_without_a_gap_have_no_plot() {
        assert!(plot(&[], &VariantStyles::default()).is_none());
    }
}
