//! Expansion of levels and axes into combinations. The first axis is the slowest.

use std::sync::Arc;

use crate::conflicts;
use crate::diagnostics::{Diagnostic, Sink};
use crate::equivalent::same_key;
use crate::grid::{Axis, Block, Grid, Include, Layer, Variant};
use crate::label_template::leaves;
use crate::merge::{lay_over, set};
use crate::node::{Entry, Node};
use crate::source::{Source, Span};

/// Largest number of trials of a grid.
pub(crate) const MAX_TRIALS: u64 = 1_000_000;

/// A listed variant with the settings that it inherits.
pub(crate) struct Cell<'g> {
    pub(crate) section: Option<&'g str>,
    pub(crate) variant: &'g Variant,
    /// Span of the block that holds the variant.
    pub(crate) block_span: Span,
    /// The requested device.
    pub(crate) device: &'g str,
    /// Span of the request; `None` for the default and for the command line.
    pub(crate) device_span: Option<Span>,
    pub(crate) seeds: &'g [u64],
    source: &'g Arc<Source>,
    /// Settings of top level, block and variant, before any axis.
    settings: Node,
    /// Top level, block and variant.
    pub(crate) layers: [&'g Layer; 3],
    /// Groups of zipped axes, slowest first.
    pub(crate) groups: Vec<Vec<&'g Axis>>,
}

/// One combination of a cell.
#[derive(Clone, Debug)]
pub(crate) struct Choice<'g> {
    /// One row number per group; `None` for a combination that an `include` added.
    pub(crate) rows: Option<Vec<usize>>,
    /// Entries of `include` that extend the combination, in order; a later one wins.
    pub(crate) includes: Vec<&'g Include>,
}

/// Returns all cells of a grid, in order. `device` and `seeds` override those of the grid.
pub(crate) fn cells<'g>(
    grid: &'g Grid,
    device: Option<&'g str>,
    seeds: Option<&'g [u64]>,
    sink: &mut Sink,
) -> Vec<Cell<'g>> {
    conflicts::among_sets(&grid.source, &grid.set, sink);
    let mut cells = Vec::new();
    let mut trials = Some(0_u64);
    for (block, variant) in
        grid.blocks.iter().flat_map(|block| block.variants.iter().map(move |variant| (block, variant)))
    {
        let mut cell = Cell::new(grid, block, variant, device, seeds);
        cell.set(grid, sink);
        trials = trials.and_then(|sum| sum.checked_add(cell.combinations()?.checked_mul(cell.seeds.len() as u64)?));
        if trials.is_none_or(|sum| sum > MAX_TRIALS) {
            sink.push(
                Diagnostic::error(format!("the grid has more than {MAX_TRIALS} trials"))
                    .at(&grid.source, variant.span)
                    .help("this variant exceeds the limit; use fewer values or fewer seeds"),
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
        let requested = inner_first().find_map(|layer| layer.device.as_ref());
        let listed = inner_first().find_map(|layer| layer.seeds.as_ref());
        Self {
            section: block.section.as_deref(),
            variant,
            block_span: block.layer.settings.span,
            device: device.or(requested.map(|device| device.value.as_str())).unwrap_or("auto"),
            device_span: requested.filter(|_| device.is_none()).map(|device| device.span),
            seeds: seeds.or(listed.map(|seeds| seeds.value.as_slice())).unwrap_or(&[0]),
            source: &grid.source,
            settings,
            layers,
            groups: groups(&layers),
        }
    }

    /// Refuses conflicts with axes, and lays the settings of the command line over the others: whole blocks, then keys inside them.
    fn set(&mut self, grid: &Grid, sink: &mut Sink) {
        let axes: Vec<&Axis> = self.groups.iter().flatten().copied().collect();
        conflicts::between_axes(self.source, &axes, &self.layers, sink);
        let mut all: Vec<&Entry> = grid.set.iter().collect();
        all.sort_by_key(|entry| entry.key.matches('.').count());
        for entry in all {
            if let Some(refused) = conflicts::with_set(self.source, &axes, &self.layers, entry) {
                sink.push(refused);
            } else if let Err(place) = set(&mut self.settings, &entry.key, entry.key_span, &entry.value) {
                let one = Diagnostic::error(format!("`{}` is a key inside a value that is not a block", entry.key));
                sink.push(one.at(self.source, entry.key_span).note(self.source, place, "the value"));
            }
        }
    }

    /// Upper limit of the number of combinations; `None` on overflow.
    fn combinations(&self) -> Option<u64> {
        let includes: usize = self.layers.iter().map(|layer| layer.rules.include.len()).sum();
        let rows = |group: &Vec<&Axis>| group.first().map_or(0, |axis| axis.items.len()) as u64;
        let product = self.groups.iter().try_fold(1_u64, |product, group| product.checked_mul(rows(group)));
        product?.checked_add(includes as u64)
    }

    /// All combinations of the axes.
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

    /// The axes, each with its value in a combination.
    pub(crate) fn chosen(&self, choice: &Choice<'_>) -> impl Iterator<Item = (&'g Axis, &'g Node)> {
        let rows = choice.rows.as_deref().unwrap_or_default();
        self.groups.iter().zip(rows).flat_map(|(group, row)| group.iter().map(|axis| (*axis, &axis.items[*row])))
    }

    /// The settings of one combination: a block of `model`, `data`, `train` and `measure`.
    ///
    /// # Errors
    /// Every key of an axis or an `include` that points into a value without that part.
    pub(crate) fn settings(&self, choice: &Choice<'_>) -> Result<Node, Vec<Diagnostic>> {
        let mut settings = self.settings.clone();
        let axes = self.chosen(choice).map(|(axis, item)| (axis.key.as_str(), axis.span, item));
        let included = choice.includes.iter().flat_map(|include| &include.entries.list);
        let mut order: Vec<_> =
            axes.chain(included.map(|entry| (entry.key.as_str(), entry.key_span, &entry.value))).collect();
        // Whole blocks come before keys inside them.
        order.sort_by_key(|(key, ..)| key.matches('.').count());
        let mut mistakes = Vec::new();
        for (key, span, item) in order {
            if let Err(place) = set(&mut settings, key, span, item) {
                let one = Diagnostic::error(format!("`{key}` does not exist in this value"))
                    .at(self.source, span)
                    .help("a dotted key can name keys of a block, and items of a list by their number, counted from 0");
                mistakes.push(one.note(self.source, place, "the value"));
            }
        }
        if mistakes.is_empty() { Ok(settings) } else { Err(mistakes) }
    }

    /// Keys and values of the axes that have several values; all settings of a combination that an `include` added.
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

    /// Span that distinguishes `choice` from `other`: the item of the slowest axis that differs, or the `include` that
    /// added `choice`.
    pub(crate) fn distinguishing(&self, choice: &Choice<'_>, other: &Choice<'_>) -> Option<Span> {
        let Some(rows) = &choice.rows else { return choice.includes.first().map(|include| include.entries.span) };
        let Some(others) = &other.rows else { return Some(self.variant.span) };
        let group = rows.iter().zip(others).position(|(a, b)| a != b)?;
        Some(self.groups[group][0].items[rows[group]].span)
    }
}

/// Groups of axes of all levels, outer levels slower. An inner axis replaces an outer one of the same setting.
fn groups<'g>(layers: &[&'g Layer]) -> Vec<Vec<&'g Axis>> {
    let mut groups: Vec<Vec<&Axis>> = Vec::new();
    for layer in layers {
        for group in &mut groups {
            group.retain(|outer| layer.axes().all(|inner| !same_key(&inner.key, &outer.key)));
        }
        groups.retain(|group| !group.is_empty());
        groups.extend(layer.groups.iter().map(|group| group.iter().collect()));
    }
    groups
}
