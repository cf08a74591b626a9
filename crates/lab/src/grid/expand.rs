//! From levels and axes to the combinations: the first axis is the slowest.

use std::sync::Arc;

use super::diagnostics::{Diagnostic, Sink};
use super::label::leaves;
use super::meaning::{Axis, Block, Grid, Layer, Variant};
use super::merge::{lay_over, set};
use super::source::{Source, Span};
use super::written::Node;

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
    /// In the order of their speed, slowest first.
    axes: Vec<&'g Axis>,
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
        let cell = Cell::new(grid, block, variant, device, seeds);
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
            axes: axes(&layers),
        }
    }

    /// The size of the product of the axes, if it fits a machine word.
    fn combinations(&self) -> Option<u64> {
        self.axes.iter().try_fold(1_u64, |product, axis| product.checked_mul(axis.items.len() as u64))
    }

    /// Every combination, as one item number per axis.
    pub(crate) fn choices(&self) -> impl Iterator<Item = Vec<usize>> + '_ {
        let mut next = Some(vec![0; self.axes.len()]);
        std::iter::from_fn(move || {
            let this = next.take()?;
            let mut following = this.clone();
            for (digit, axis) in following.iter_mut().zip(&self.axes).rev() {
                *digit += 1;
                if *digit < axis.items.len() {
                    next = Some(following);
                    break;
                }
                *digit = 0;
            }
            Some(this)
        })
    }

    /// The settings of one combination: a block of `model`, `data`, `train` and `measure`.
    ///
    /// # Errors
    /// Every axis whose key leads into a value that is no block.
    pub(crate) fn settings(&self, choice: &[usize]) -> Result<Node, Vec<Diagnostic>> {
        let mut settings = self.settings.clone();
        let mut order: Vec<_> = self.axes.iter().zip(choice).collect();
        // A whole block first, then what reaches into it.
        order.sort_by_key(|(axis, _)| axis.key.matches('.').count());
        let mut mistakes = Vec::new();
        for (axis, choice) in order {
            if let Err(place) = set(&mut settings, axis, *choice) {
                let one = Diagnostic::error(format!("`{}` leads into a value that has no such part", axis.key))
                    .at(self.source, axis.span)
                    .help("an axis reaches into blocks of settings, and into items of a list by their number from 0");
                mistakes.push(one.note(self.source, place, "this value"));
            }
        }
        if mistakes.is_empty() { Ok(settings) } else { Err(mistakes) }
    }

    /// Keys and values of the axes with more than one value.
    pub(crate) fn varying(&self, choice: &[usize]) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for (axis, choice) in self.axes.iter().zip(choice).filter(|(axis, _)| axis.items.len() > 1) {
            leaves(&axis.key, &axis.items[*choice], &mut pairs);
        }
        pairs
    }

    /// Where two combinations of this cell part: the item of the slowest axis that differs.
    pub(crate) fn parting(&self, choice: &[usize], other: &[usize]) -> Option<Span> {
        let parts = choice.iter().zip(other).position(|(a, b)| a != b)?;
        Some(self.axes[parts].items[choice[parts]].span)
    }
}

/// The axes of all levels, outer ones slower. An inner axis replaces an outer one of the same key.
fn axes<'g>(layers: &[&'g Layer]) -> Vec<&'g Axis> {
    let mut axes: Vec<&Axis> = Vec::new();
    for layer in layers {
        axes.retain(|outer| layer.axes.iter().all(|inner| inner.key != outer.key));
        axes.extend(&layer.axes);
    }
    axes
}
