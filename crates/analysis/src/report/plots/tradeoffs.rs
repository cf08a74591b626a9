//! Quality against cost: a point per variant with the interval of its mean, and the Pareto front of the means.

use protocol::Direction;
use serde::Serialize;

use super::axis::{Axis, Tick};
use super::down;
use crate::report::costs_of_variants::{VariantCost, variant_costs};
use crate::report::group_data::{GroupData, interval_of};
use crate::report::variant_style::VariantStyle;
use crate::summary::{Figure, VariantSummary};
use crate::tables::{Class, Column, heads};

/// Plot of one figure against one cost.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Tradeoff {
    pub(crate) figure: [String; 3],
    pub(crate) cost: String,
    pub(crate) x_ticks: Vec<Tick>,
    pub(crate) y_ticks: Vec<Tick>,
    pub(crate) points: Vec<TradeoffPoint>,
    /// Path of the front in a square of side 100.
    pub(crate) front: String,
    /// Variants on the front, for readers of the text.
    pub(crate) on_front: Vec<String>,
}

/// Point of one variant. Positions are percentages of the plot, from the left and from the top.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TradeoffPoint {
    pub(crate) style: VariantStyle,
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// Upper and lower end of the interval.
    pub(crate) interval: Option<[f64; 2]>,
    pub(crate) text: String,
    pub(crate) cost_text: String,
}

/// Plots of the primary figure against every cost that at least two variants have, then of the figure of the most variants
/// if there is one of more variants.
pub(crate) fn tradeoffs(data: &GroupData<'_>, primary: Option<&Column>) -> Vec<Tradeoff> {
    let covered = |column: &Column| data.with_value(&column.figure).len();
    let compared = data.columns(Class::Quality).map(|(_, column)| column);
    // `max_by_key` returns the last one; the first measured figure leads.
    let widest = compared.filter(|column| !data.rows_of(&column.figure).is_empty()).rev().max_by_key(|c| covered(c));
    let widest = widest.filter(|column| primary.is_some_and(|primary| covered(column) > covered(primary)));
    let costs = variant_costs(data);
    let figures = primary.into_iter().chain(widest);
    figures.flat_map(|column| costs.iter().filter_map(|cost| tradeoff(data, column, cost))).collect()
}

fn tradeoff(data: &GroupData<'_>, column: &Column, cost: &VariantCost) -> Option<Tradeoff> {
    let figure = &column.figure;
    let found: Vec<_> = data
        .with_value(figure)
        .into_iter()
        .filter_map(|(variant, summed)| Some((variant, summed, cost.of(variant)?, summed.spread?.mean)))
        .collect();
    let differ = found.iter().any(|(.., cost, _)| *cost != found[0].2);
    if found.len() < 2 || !differ {
        return None;
    }
    let x = Axis::of(found.iter().map(|(.., cost, _)| *cost))?;
    let ends = |summed: &_| interval_of(summed).into_iter().flat_map(|(low, high)| [low, high]);
    let y = Axis::of(found.iter().flat_map(|(_, summed, _, mean)| [*mean].into_iter().chain(ends(summed))))?;
    let points = found.iter().map(|(variant, summed, cost_value, mean)| TradeoffPoint {
        style: data.style(variant),
        x: x.at(*cost_value),
        y: down(y.at(*mean)),
        interval: interval_of(summed).map(|(low, high)| [down(y.at(high)), down(y.at(low))]),
        text: data.cell_text(&variant.variant, figure).unwrap_or_default(),
        cost_text: cost.text(*cost_value),
    });
    let points = points.collect();
    let on_front =
        front(&found.iter().map(|(variant, _, cost, mean)| (*variant, *cost, *mean)).collect::<Vec<_>>(), figure, cost);
    Some(Tradeoff {
        figure: heads(&column.label, figure, data.board.support.is_none()),
        cost: cost.head(),
        x_ticks: x.ticks(5),
        y_ticks: y.ticks(5).into_iter().map(|tick| Tick { at: down(tick.at), ..tick }).collect(),
        points,
        front: path(&on_front, &x, &y),
        on_front: on_front.iter().map(|(variant, ..)| variant.variant.clone()).collect(),
    })
}

type Point<'a> = (&'a VariantSummary, f64, f64);

/// Points that no other point exceeds in one respect without losing in the other, by increasing cost.
fn front<'a>(points: &[Point<'a>], figure: &Figure, cost: &VariantCost) -> Vec<Point<'a>> {
    let signed = |point: &Point<'_>| {
        let cost = if cost.direction == Direction::Higher { -point.1 } else { point.1 };
        (cost, if figure.direction == Direction::Higher { -point.2 } else { point.2 })
    };
    let dominated = |point: &Point<'_>| {
        let (x, y) = signed(point);
        points.iter().map(signed).any(|(cost, value)| cost <= x && value <= y && (cost < x || value < y))
    };
    let mut front: Vec<Point<'a>> = points.iter().filter(|point| !dominated(point)).copied().collect();
    front.sort_by(|a, b| a.1.total_cmp(&b.1));
    front
}

/// Line through the points of the front.
fn path(front: &[Point<'_>], x: &Axis, y: &Axis) -> String {
    let point = |(at, (_, cost, value)): (usize, &Point<'_>)| {
        format!("{}{} {}", if at == 0 { 'M' } else { 'L' }, x.at(*cost), down(y.at(*value)))
    };
    if front.len() < 2 { String::new() } else { front.iter().enumerate().map(point).collect() }
}
