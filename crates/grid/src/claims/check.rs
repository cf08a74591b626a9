//! Check of claims against variants, measures and facts.

use protocol::claim::FAILED;
use protocol::{Claim, Fact, Quantity};

use super::figures::Figures;
use super::variants::Variants;
use super::{Mistake, facts};
use crate::catalog::Catalog;
use crate::diagnostics::{Diagnostic, Sink};
use crate::expand::Cell;
use crate::grid::{ClaimCall, Grid, LeafSpans};
use crate::labelling::Candidate;

/// Returns the claims with full labels and the values of facts; reports every name that does not exist. `facts` has the
/// counts of each entry of `facts`.
pub(crate) fn resolve(
    grid: &Grid,
    cells: &[Cell<'_>],
    candidates: &[Candidate<'_>],
    facts: &[Vec<Fact>],
    catalog: &dyn Catalog,
    sink: &mut Sink,
) -> Vec<Claim> {
    if grid.claims.is_empty() {
        return Vec::new();
    }
    let check = Check { grid, variants: Variants::of(cells, candidates), figures: Figures::of(catalog), facts };
    grid.claims.iter().map(|claim| check.claim(claim, sink)).collect()
}

struct Check<'a> {
    grid: &'a Grid,
    variants: Variants<'a>,
    figures: Figures<'a>,
    facts: &'a [Vec<Fact>],
}

impl Check<'_> {
    fn claim(&self, call: &ClaimCall, sink: &mut Sink) -> Claim {
        let mut statement = call.statement.clone();
        let mut spans = call.leaves.iter();
        statement.visit_leaves(&mut |leaf| {
            let spans = spans.next().copied().unwrap_or_default();
            if let Err(mistake) = self.leaf(call, leaf, &spans) {
                let one = Diagnostic::error(mistake.message).at(&self.grid.source, mistake.span);
                sink.push(one.help(mistake.help));
            }
        });
        let section = call.block.as_ref().and_then(|(section, _)| section.clone());
        Claim { name: call.name.value.clone(), section, statement }
    }

    fn leaf(&self, call: &ClaimCall, leaf: &mut Quantity, spans: &LeafSpans) -> Result<(), Mistake> {
        let find = |label: &str| self.variants.find(call, label, spans.owner);
        match leaf {
            Quantity::Rate(name) if name.figure == FAILED && !name.settings.is_empty() => {
                Err(Mistake::located(spans.settings, format!("`{FAILED}` has no settings"), "remove the brackets"))
            }
            Quantity::Rate(name) if name.figure == FAILED => {
                name.variant.clone_from(&find(&name.variant)?.label);
                Ok(())
            }
            Quantity::Figure(name) | Quantity::Rate(name) => {
                let variant = find(&name.variant)?;
                self.figures.check(&variant.resolved, name, None, spans)?;
                name.variant.clone_from(&variant.label);
                Ok(())
            }
            Quantity::Control { of, control } => {
                let variant = find(&of.variant)?;
                self.figures.check(&variant.resolved, of, Some(control), spans)?;
                of.variant.clone_from(&variant.label);
                Ok(())
            }
            Quantity::Wall { variant } => {
                variant.clone_from(&find(variant)?.label);
                Ok(())
            }
            Quantity::Fact(name) => {
                name.value = Some(facts::value(self.grid, self.facts, name, spans)?);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
