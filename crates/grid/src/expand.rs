//! From levels and axes to the combinations: the first axis is the slowest.

use std::sync::Arc;

use crate::diagnostics::{Diagnostic, Sink};
use crate::label::leaves;
use crate::meaning::{Axis, Block, Grid, Include, Layer, Variant};
use crate::merge::{lay_over, set};
use crate::source::{Source, Span};
use crate::written::{Entry, Node};

/// More trials than this are refused.
pub(crate) const MAX_TRIALS: u64 = 1_000_000;

/// A written variant with everything that it inherits.
pub(crate) struct Cell<'g> {
    pub(crate) section: Option<&'g str>,
    pub(crate) variant: &'g Variant,
    /// Where the block that holds the variant stands.
    pub(crate) block_span: Span,
    /// The device that was asked for.
    pub(crate) device: &'g str,
    /// Where that was asked; nowhere if it is the default or comes from the command line.
    pub(crate) device_span: Option<Span>,
    pub(crate) seeds: &'g [u64],
    source: &'g Arc<Source>,
    /// Top, block and variant, before any axis.
    settings: Node,
    /// Top, block and variant.
    pub(crate) layers: [&'g Layer; 3],
    /// Groups of axes that go together, in the order of their speed, slowest first.
    pub(crate) groups: Vec<Vec<&'g Axis>>,
}

/// One combination of a cell.
#[derive(Clone, Debug)]
pub(crate) struct Choice<'g> {
    /// One row number per group; a combination that an `include` made has none.
    pub(crate) rows: Option<Vec<usize>>,
    /// What `include` says of it, in order; a later one wins.
    pub(crate) includes: Vec<&'g Include>,
}

/// All cells of a grid, in order; `device` and `seeds` override what the grid says.
pub(crate) fn cells<'g>(
    grid: &'g Grid,
    device: Option<&'g str>,
    seeds: Option<&'g [u64]>,
    sink: &mut Sink,
) -> Vec<Cell<'g>> {
    let mut cells = Vec::new();
    let mut trials = Some(0_u64);
    for (block, variant) in
        grid.blocks.iter().flat_map(|block| block.variants.iter().map(move |variant| (block, variant)))
    {
        let mut cell = Cell::new(grid, block, variant, device, seeds);
        cell.set(&grid.set, sink);
        trials = trials.and_then(|sum| sum.checked_add(cell.combinations()?.checked_mul(cell.seeds.len() as u64)?));
        if trials.is_none_or(|sum| sum > MAX_TRIALS) {
            sink.push(
                Diagnostic::error(format!("more than {MAX_TRIALS} trials"))
                    .at(&grid.source, variant.span)
                    .help("with this variant the grid grows too large: shorten its axes or its seeds"),
            );
            return Vec::new();
        }
        cells.push(cell);
    }
    cells
}

impl<'g> Cell<'g> {
    fn new(
        grid: &'g Grid,
        block: &'g Block,
        variant: &'g Variant,
        device: Option<&'g str>,
        seeds: Option<&'g [u64]>,
    ) -> Self {
        let layers = [&grid.base, &block.layer, &variant.layer];
        let mut settings = Node::empty(variant.span);
        for layer in layers {
            lay_over(&mut settings, layer.settings.clone());
        }
        let inner_first = || layers.iter().rev();
        let asked = inner_first().find_map(|layer| layer.device.as_ref());
        let written = inner_first().find_map(|layer| layer.seeds.as_ref());
        Self {
            section: block.section.as_deref(),
            variant,
            block_span: block.layer.settings.span,
            device: device.or(asked.map(|asked| asked.value.as_str())).unwrap_or("auto"),
            device_span: asked.filter(|_| device.is_none()).map(|asked| asked.span),
            seeds: seeds.or(written.map(|written| written.value.as_slice())).unwrap_or(&[0]),
            source: &grid.source,
            settings,
            layers,
            groups: groups(&layers),
        }
    }

    /// Lays the command line's settings over the others; what an axis varies cannot be set.
    fn set(&mut self, all: &[Entry], sink: &mut Sink) {
        for entry in all {
            let inside = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'));
            let meets =
                |axis: &&&Axis| axis.key == entry.key || inside(&axis.key, &entry.key) || inside(&entry.key, &axis.key);
            if let Some(axis) = self.groups.iter().flatten().find(meets) {
                let message = format!("`{}` is set, and `{}` is varied", entry.key, axis.key);
                let one = Diagnostic::error(message).at(self.source, entry.key_span);
                let help = "choose among what a grid varies by `--only`, or take the axis out of the grid";
                sink.push(one.help(help).note(self.source, axis.span, "varied here"));
            } else if let Err(place) = set(&mut self.settings, &entry.key, entry.key_span, &entry.value) {
                let one = Diagnostic::error(format!("`{}` leads into a value that is no block", entry.key));
                sink.push(one.at(self.source, entry.key_span).note(self.source, place, "this value"));
            }
        }
    }

    /// The most combinations that there can be, if that fits a machine word.
    fn combinations(&self) -> Option<u64> {
        let includes: usize = self.layers.iter().map(|layer| layer.rules.include.len()).sum();
        let rows = |group: &Vec<&Axis>| group.first().map_or(0, |axis| axis.items.len()) as u64;
        let product = self.groups.iter().try_fold(1_u64, |product, group| product.checked_mul(rows(group)));
        product?.checked_add(includes as u64)
    }

    /// Every combination of the axes.
    pub(crate) fn product(&self) -> impl Iterator<Item = Choice<'g>> + '_ {
        let mut next = Some(vec![0; self.groups.len()]);
        std::iter::from_fn(move || {
            let this = next.take()?;
            let mut following = this.clone();
            for (digit, group) in following.iter_mut().zip(&self.groups).rev() {
                *digit += 1;
                if *digit < group[0].items.len() {
                    next = Some(following);
                    break;
                }
                *digit = 0;
            }
            Some(Choice { rows: Some(this), includes: Vec::new() })
        })
    }

    /// The axes with the values that a combination takes of them.
    pub(crate) fn chosen(&self, choice: &Choice<'_>) -> impl Iterator<Item = (&'g Axis, &'g Node)> {
        let rows = choice.rows.as_deref().unwrap_or_default();
        self.groups.iter().zip(rows).flat_map(|(group, row)| group.iter().map(|axis| (*axis, &axis.items[*row])))
    }

    /// The settings of one combination: a block of `model`, `data`, `train` and `measure`.
    ///
    /// # Errors
    /// Every key of an axis or an `include` that leads into a value that is no block.
    pub(crate) fn settings(&self, choice: &Choice<'_>) -> Result<Node, Vec<Diagnostic>> {
        let mut settings = self.settings.clone();
        let axes = self.chosen(choice).map(|(axis, item)| (axis.key.as_str(), axis.span, item));
        let included = choice.includes.iter().flat_map(|include| &include.entries.list);
        let mut order: Vec<_> =
            axes.chain(included.map(|entry| (entry.key.as_str(), entry.key_span, &entry.value))).collect();
        // A whole block first, then what reaches into it.
        order.sort_by_key(|(key, ..)| key.matches('.').count());
        let mut mistakes = Vec::new();
        for (key, span, item) in order {
            if let Err(place) = set(&mut settings, key, span, item) {
                let one = Diagnostic::error(format!("`{key}` leads into a value that has no such part"))
                    .at(self.source, span)
                    .help("an axis reaches into blocks of settings, and into items of a list by their number from 0");
                mistakes.push(one.note(self.source, place, "this value"));
            }
        }
        if mistakes.is_empty() { Ok(settings) } else { Err(mistakes) }
    }

    /// Keys and values of the axes with more than one value; of a combination that an `include`
    /// made, all of its own.
    pub(crate) fn varying(&self, choice: &Choice<'_>) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for (axis, item) in self.chosen(choice).filter(|(axis, _)| axis.items.len() > 1) {
            leaves(&axis.key, item, &mut pairs);
        }
        if choice.rows.is_none() {
            for entry in choice.includes.iter().flat_map(|include| &include.entries.list) {
                leaves(&entry.key, &entry.value, &mut pairs);
            }
        }
        pairs
    }

    /// Where two combinations of this cell part: the item of the slowest axis that differs, or the
    /// `include` that made one.
    pub(crate) fn parting(&self, choice: &Choice<'_>, other: &Choice<'_>) -> Option<Span> {
        let Some(rows) = &choice.rows else { return choice.includes.first().map(|include| include.entries.span) };
        let Some(others) = &other.rows else { return Some(self.variant.span) };
        let parts = rows.iter().zip(others).position(|(a, b)| a != b)?;
        Some(self.groups[parts][0].items[rows[parts]].span)
    }
}

/// The axes of all levels, outer ones slower. An inner axis replaces an outer one of the same key.
fn groups<'g>(layers: &[&'g Layer]) -> Vec<Vec<&'g Axis>> {
    let mut groups: Vec<Vec<&Axis>> = Vec::new();
    for layer in layers {
        for group in &mut groups {
            group.retain(|outer| layer.axes().all(|inner| inner.key != outer.key));
        }
        groups.retain(|group| !group.is_empty());
        groups.extend(layer.groups.iter().map(|group| group.iter().collect()));
    }
    groups
}
