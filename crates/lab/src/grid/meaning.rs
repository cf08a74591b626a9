//! What a grid means: layers of settings, axes and variants, each still with its place.

use std::sync::Arc;

use super::diagnostics::Diagnostics;
use super::label::Label;
use super::source::{Source, Span};
use super::written::Node;
use crate::Compare;

/// A grid that was read without a mistake; its models and settings are checked by planning.
#[derive(Clone, Debug)]
pub struct Grid {
    pub(crate) source: Arc<Source>,
    pub(crate) name: String,
    pub(crate) about: String,
    /// What every block starts from.
    pub(crate) base: Layer,
    pub(crate) blocks: Vec<Block>,
    pub(crate) facts: Vec<FactCall>,
    pub(crate) compare: CompareCall,
    pub(crate) warnings: Diagnostics,
}

impl Grid {
    /// The grid's name: its folder under `results/`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the grid is for.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.about
    }

    /// What is probably not meant as written.
    #[must_use]
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }
}

/// A value and the place it was written at.
#[derive(Clone, Debug)]
pub(crate) struct At<T> {
    pub(crate) span: Span,
    pub(crate) value: T,
}

/// Settings of one level: the top of the file, a block or a variant. An inner one wins.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    /// A block with any of `model`, `data`, `train` and `measure`; bare names are blocks by now.
    pub(crate) settings: Node,
    pub(crate) seeds: Option<At<Vec<u64>>>,
    pub(crate) device: Option<At<String>>,
    pub(crate) axes: Vec<Axis>,
}

impl Layer {
    /// A level that says nothing.
    pub(crate) fn empty(span: Span) -> Self {
        Self { settings: Node::empty(span), seeds: None, device: None, axes: Vec::new() }
    }
}

/// A dotted key and the values it takes in turn.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    /// `model.hidden`.
    pub(crate) key: String,
    pub(crate) span: Span,
    pub(crate) items: Vec<Node>,
}

/// Variants that share settings and stand together.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) section: Option<String>,
    pub(crate) layer: Layer,
    pub(crate) variants: Vec<Variant>,
}

/// One entry of `variants`: a model, times its axes.
#[derive(Clone, Debug)]
pub(crate) struct Variant {
    pub(crate) span: Span,
    pub(crate) label: Option<At<Label>>,
    pub(crate) layer: Layer,
}

/// `compare`.
#[derive(Clone, Debug, Default)]
pub(crate) struct CompareCall {
    /// Labels, each with its place.
    pub(crate) baseline: Vec<At<String>>,
    /// The rest.
    pub(crate) settings: Compare,
}

/// One entry of `facts`.
#[derive(Clone, Debug)]
pub(crate) struct FactCall {
    pub(crate) section: Option<String>,
    pub(crate) fact: At<String>,
    /// The settings without `section` and `fact`.
    pub(crate) settings: Node,
}
