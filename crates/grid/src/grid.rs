//! A parsed grid: layers of settings, axes and variants, each with its span in the file.

use std::sync::Arc;

use protocol::{Compare, InterimAnalyses, Statement};

use crate::diagnostics::Diagnostics;
use crate::label_template::Label;
use crate::node::{Entry, Node};
use crate::rule_use::RuleUse;
use crate::source::{Source, Span};

/// A parsed grid without mistakes in keys and types. Planning checks its models and settings.
#[derive(Clone, Debug)]
pub struct Grid {
    pub(crate) source: Arc<Source>,
    pub(crate) name: String,
    pub(crate) about: String,
    /// The top level, from which every block starts.
    pub(crate) base: Layer,
    pub(crate) blocks: Vec<Block>,
    pub(crate) facts: Vec<FactCall>,
    pub(crate) compare: CompareCall,
    /// Figures that decide the exit code of the regression gate.
    pub(crate) gate: Vec<String>,
    pub(crate) claims: Vec<ClaimCall>,
    /// Figures that `compare`, `gate` and `until_decided` name.
    pub(crate) figures: Vec<FigureName>,
    pub(crate) warnings: Diagnostics,
    /// Effect of the rules; empty before planning.
    pub(crate) uses: Vec<RuleUse>,
    /// Settings of the command line, which override all others.
    pub(crate) set: Vec<Entry>,
}

impl Grid {
    /// Name of the grid and of its folder under `results/`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Purpose of the grid.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.about
    }

    /// Effect of each `exclude`, `when` and `include`, in the order of the file; empty before planning.
    #[must_use]
    pub fn rules(&self) -> &[RuleUse] {
        &self.uses
    }

    /// Text of the file, of the files that it extends, and of the settings of the command line.
    #[must_use]
    pub fn text(&self) -> String {
        self.source.whole()
    }

    /// Warnings from parsing and planning.
    #[must_use]
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }
}

/// A figure that a setting names.
#[derive(Clone, Debug)]
pub(crate) struct FigureName {
    pub(crate) name: Spanned<String>,
    /// `true` if nothing can be decided without the figure.
    pub(crate) required: bool,
}

/// A value and its span.
#[derive(Clone, Debug)]
pub(crate) struct Spanned<T> {
    pub(crate) span: Span,
    pub(crate) value: T,
}

/// Settings of one level: the top of the file, a block or a variant. An inner level wins.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    /// A block with any of `model`, `data`, `train` and `measure`. Bare names are expanded to blocks.
    pub(crate) settings: Node,
    pub(crate) seeds: Option<Spanned<Vec<u64>>>,
    /// Schedule of interim analyses; `seeds` are then those of the first one.
    pub(crate) interim: Option<Spanned<InterimAnalyses>>,
    pub(crate) device: Option<Spanned<String>>,
    /// Groups of axes. Groups are crossed; the axes of one group are zipped.
    pub(crate) groups: Vec<Vec<Axis>>,
    pub(crate) rules: Rules,
}

impl Layer {
    /// A level without settings.
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

/// A dotted key and the values that it takes.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    /// Dotted key, such as `model.hidden`.
    pub(crate) key: String,
    pub(crate) span: Span,
    pub(crate) items: Vec<Node>,
}

/// Rules of a level, which remove and add combinations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    /// Combinations that match one of these are removed.
    pub(crate) exclude: Vec<Entries>,
    /// Combinations that match none of these are removed, if the list is not empty.
    pub(crate) when: Vec<Entries>,
    pub(crate) include: Vec<Include>,
}

/// Dotted keys with their values, joined by "and".
#[derive(Clone, Debug)]
pub(crate) struct Entries {
    pub(crate) span: Span,
    pub(crate) list: Vec<Entry>,
}

/// One entry of `include`.
#[derive(Clone, Debug)]
pub(crate) struct Include {
    pub(crate) entries: Entries,
    /// `true` if it has `new: true` and always adds a combination.
    pub(crate) new: bool,
}

/// Variants that share settings and a section of the report.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) section: Option<String>,
    /// `true` if the report shows the variants in columns.
    pub(crate) side_by_side: bool,
    pub(crate) layer: Layer,
    pub(crate) variants: Vec<Variant>,
}

/// One entry of `variants`: a model, times its axes.
#[derive(Clone, Debug)]
pub(crate) struct Variant {
    pub(crate) span: Span,
    pub(crate) label: Option<Spanned<Label>>,
    pub(crate) layer: Layer,
}

/// The block `compare`.
#[derive(Clone, Debug, Default)]
pub(crate) struct CompareCall {
    /// Labels of the baselines, each with its span.
    pub(crate) baseline: Vec<Spanned<String>>,
    /// The resolved settings.
    pub(crate) settings: Compare,
}

/// One entry of `facts`.
#[derive(Clone, Debug)]
pub(crate) struct FactCall {
    pub(crate) section: Option<String>,
    pub(crate) fact: Spanned<String>,
    /// The settings without `section` and `fact`.
    pub(crate) settings: Node,
}

/// One entry of `claims`.
#[derive(Clone, Debug)]
pub(crate) struct ClaimCall {
    pub(crate) name: Spanned<String>,
    /// Section and span of the block that has the claim; `None` at the top level.
    pub(crate) block: Option<(Option<String>, Span)>,
    /// The statement with labels as written.
    pub(crate) statement: Statement,
    /// Spans of the quantities without parts, from left to right.
    pub(crate) leaves: Vec<LeafSpans>,
}

/// Spans of the names of a quantity; that of the whole quantity where it has no such name.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LeafSpans {
    /// Label of the variant, or name of the fact.
    pub(crate) owner: Span,
    /// Figure, or words of the counted quantity.
    pub(crate) part: Span,
    /// Settings in brackets.
    pub(crate) settings: Span,
    /// Control.
    pub(crate) control: Span,
}

impl LeafSpans {
    /// The same span for every name.
    pub(crate) fn of(span: Span) -> Self {
        Self { owner: span, part: span, settings: span, control: span }
    }

    /// Applies `map` to every span.
    pub(crate) fn map(self, map: impl Fn(Span) -> Span) -> Self {
        Self { owner: map(self.owner), part: map(self.part), settings: map(self.settings), control: map(self.control) }
    }
}
