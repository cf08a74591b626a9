//! What a grid means: layers of settings, axes and variants, each still with its place.

use std::sync::Arc;

use crate::diagnostics::Diagnostics;
use crate::label::Label;
use crate::rule_use::RuleUse;
use crate::source::{Source, Span};
use crate::written::{Entry, Node};
use protocol::{Compare, InterimAnalyses};

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
    /// What the rules did; known after planning.
    pub(crate) uses: Vec<RuleUse>,
    /// Dotted keys of the command line, which win over everything.
    pub(crate) set: Vec<Entry>,
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

    /// What each `exclude`, `when` and `include` did, in the order of the file; known after planning.
    #[must_use]
    pub fn rules(&self) -> &[RuleUse] {
        &self.uses
    }

    /// What was read: the file, those that it extends, and settings of the command line.
    #[must_use]
    pub fn text(&self) -> String {
        self.source.whole()
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
    /// Set if seeds are added until comparisons are decided; `seeds` are then those of the first analysis.
    pub(crate) interim: Option<At<InterimAnalyses>>,
    pub(crate) device: Option<At<String>>,
    /// Axes that are crossed with each other; those of one group go together, value by value.
    pub(crate) groups: Vec<Vec<Axis>>,
    pub(crate) rules: Rules,
}

impl Layer {
    /// A level that says nothing.
    pub(crate) fn empty(span: Span) -> Self {
        Self {
            settings: Node::empty(span),
            seeds: None,
            interim: None,
            device: None,
            groups: Vec::new(),
            rules: Rules::default(),
        }
    }

    /// All axes, zipped or not.
    pub(crate) fn axes(&self) -> impl Iterator<Item = &Axis> {
        self.groups.iter().flatten()
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

/// What a level takes from its combinations and adds to them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    /// A combination that one of these fits is left out.
    pub(crate) exclude: Vec<Entries>,
    /// A combination that none of these fits is left out, if there are any.
    pub(crate) when: Vec<Entries>,
    pub(crate) include: Vec<Include>,
}

/// Dotted keys with their values: all of them are meant at once.
#[derive(Clone, Debug)]
pub(crate) struct Entries {
    pub(crate) span: Span,
    pub(crate) list: Vec<Entry>,
}

/// One entry of `include`.
#[derive(Clone, Debug)]
pub(crate) struct Include {
    pub(crate) entries: Entries,
    /// Whether it says itself that it is a combination of its own.
    pub(crate) new: bool,
}

/// Variants that share settings and stand together.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) section: Option<String>,
    /// Whether the report shows the variants in columns.
    pub(crate) side_by_side: bool,
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
