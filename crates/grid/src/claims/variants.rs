//! Lookup of the variants that claims name.

use std::collections::HashMap;

use protocol::params::nearest;

use super::Mistake;
use crate::expand::Cell;
use crate::grid::ClaimCall;
use crate::labelling::{Candidate, short_label};
use crate::source::Span;

/// Number of labels that a message lists.
const LISTED: usize = 10;

/// The variants of a grid by their labels.
pub(super) struct Variants<'a> {
    cells: &'a [Cell<'a>],
    candidates: &'a [Candidate<'a>],
    by_label: HashMap<&'a str, usize>,
    /// Variants by their labels without the settings that distinguish them from other blocks.
    by_short_label: HashMap<String, Vec<usize>>,
}

impl<'a> Variants<'a> {
    pub(super) fn of(cells: &'a [Cell<'a>], candidates: &'a [Candidate<'a>]) -> Self {
        let by_label = candidates.iter().enumerate().map(|(at, one)| (one.label.as_str(), at)).collect();
        let mut by_short_label: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, candidate) in candidates.iter().enumerate() {
            by_short_label.entry(short_label(&cells[candidate.cell], candidate)).or_default().push(at);
        }
        Self { cells, candidates, by_label, by_short_label }
    }

    /// Finds the variant with a label. A claim of a block may name the variants of the block only, and may leave out the
    /// settings that distinguish them from those of other blocks.
    pub(super) fn find(&self, claim: &ClaimCall, label: &str, span: Span) -> Result<&'a Candidate<'a>, Mistake> {
        let is_inside = |at: &usize| {
            claim.block.as_ref().is_none_or(|(_, block)| self.cells[self.candidates[*at].cell].block_span == *block)
        };
        let whole = self.by_label.get(label).copied();
        if let Some(at) = whole.filter(is_inside) {
            return Ok(&self.candidates[at]);
        }
        let short = self.by_short_label.get(label).map(Vec::as_slice).unwrap_or_default();
        let inside: Vec<usize> = short.iter().copied().filter(is_inside).collect();
        match inside.as_slice() {
            [at] => return Ok(&self.candidates[*at]),
            [] if whole.is_some() || !short.is_empty() => {
                let message = format!("`{label}` is no variant of this block");
                return Err(Mistake::located(
                    span,
                    message,
                    "a claim about variants of several blocks belongs to the top level",
                ));
            }
            [] => {}
            several => {
                let message = format!("`{label}` names several variants");
                let help = format!("write one of {}", self.listed(several.iter().copied()));
                return Err(Mistake::located(span, message, help));
            }
        }
        let known = || (0..self.candidates.len()).filter(is_inside);
        let help = match nearest(label, known().map(|at| self.candidates[at].label.as_str())) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known().next().is_none() => "there are no variants here".to_owned(),
            None => format!("labels: {}", self.listed(known())),
        };
        Err(Mistake::located(span, format!("`{label}` is no variant"), help))
    }

    fn listed(&self, indices: impl Iterator<Item = usize> + Clone) -> String {
        let label = |at: usize| format!("`{}`", self.candidates[at].label);
        let more = indices.clone().count().saturating_sub(LISTED);
        let first: Vec<String> = indices.take(LISTED).map(label).collect();
        if more > 0 { format!("{} and {more} more", first.join(", ")) } else { first.join(", ") }
    }
}
