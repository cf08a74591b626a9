//! From the product of the axes to the combinations that are left: `exclude`, then `when`, then
//! `include`.

use std::collections::{BTreeMap, BTreeSet};

use super::fit::{fits, same};
use super::report::tell_unmatched;
use crate::diagnostics::{Diagnostic, Sink};
use crate::expand::{Cell, Choice};
use crate::label::leaves;
use crate::meaning::{Entries, Grid, Include};
use crate::rule_use::RuleUse;
use crate::source::Span;
use crate::written::{Node, Written};

/// The combinations of every cell, and what the rules did. Rules that did nothing are warned of.
pub(crate) fn apply<'g>(grid: &'g Grid, cells: &[Cell<'g>], sink: &mut Sink) -> (Vec<Vec<Choice<'g>>>, Vec<RuleUse>) {
    let mut tally = Tally::default();
    let mut kept: Vec<_> = cells.iter().map(|cell| filtered(grid, cell, &mut tally)).collect();
    let mut fitting: BTreeMap<Span, bool> = BTreeMap::new();
    for (cell, choices) in cells.iter().zip(&mut kept) {
        for include in cell.layers.iter().flat_map(|layer| &layer.rules.include) {
            let extended = extend(cell, choices, include);
            tally.of(grid, "include", &include.entries).extended += extended;
            *fitting.entry(include.entries.span).or_default() |= extended > 0;
        }
    }
    for (cell, choices) in cells.iter().zip(&mut kept) {
        for include in cell.layers.iter().flat_map(|layer| &layer.rules.include) {
            let span = include.entries.span;
            let case = cell.groups.is_empty();
            if !include.new && !case && fitting.get(&span) == Some(&true) {
                continue;
            }
            choices.push(Choice { rows: None, includes: vec![include] });
            tally.of(grid, "include", &include.entries).added += 1;
            if !include.new && !case {
                sink.push(Diagnostic::warning("this `include` fits no combination, so it makes one").at(&grid.source, span).help(
                    "its axis keys have other values than the combinations that are left; write `new: true` in it if a new one is meant",
                ));
            }
        }
    }
    for (rule, asked) in &tally.idle {
        tell_unmatched(grid, rule, asked, &tally.written, sink);
    }
    let left = kept.iter().any(|choices| !choices.is_empty());
    for (cell, _) in cells.iter().zip(&kept).filter(|(_, choices)| choices.is_empty()) {
        let (one, help) = if left {
            let message = "no combination of this variant is left";
            (Diagnostic::warning(message), "`exclude` and `when` leave out all of them")
        } else {
            (Diagnostic::error("no trial is left"), "`exclude` and `when` leave out every combination of every variant")
        };
        sink.push(one.at(&grid.source, cell.variant.span).help(help));
        if !left {
            break;
        }
    }
    (kept, tally.uses.into_values().collect())
}

/// The product of a cell's axes without what `exclude` and `when` leave out.
fn filtered<'g>(grid: &Grid, cell: &Cell<'g>, tally: &mut Tally<'g>) -> Vec<Choice<'g>> {
    let rules: Vec<_> = cell.layers.iter().map(|layer| &layer.rules).collect();
    let listed = rules.iter().any(|rules| rules.include.iter().any(|include| !include.new));
    // Without an axis the entries of `include` are the combinations.
    let product = cell.product().filter(|_| !(cell.groups.is_empty() && listed));
    if rules.iter().all(|rules| rules.exclude.is_empty() && rules.when.is_empty()) {
        return product.collect();
    }
    for asked in rules.iter().flat_map(|rules| &rules.exclude) {
        tally.watch(grid, "exclude", asked);
    }
    for asked in rules.iter().flat_map(|rules| &rules.when) {
        tally.watch(grid, "when", asked);
    }
    product
        .filter(|choice| {
            // What cannot be put together is told when it is resolved.
            let Ok(settings) = cell.settings(choice) else { return true };
            tally.see(&settings);
            let mut kept = true;
            for asked in rules.iter().flat_map(|rules| &rules.exclude).filter(|asked| fits(&settings, asked)) {
                tally.matched("exclude", asked);
                if kept {
                    tally.of(grid, "exclude", asked).removed += 1;
                }
                kept = false;
            }
            for rules in rules.iter().filter(|rules| !rules.when.is_empty()) {
                let mut fitting = false;
                for asked in rules.when.iter().filter(|asked| fits(&settings, asked)) {
                    tally.matched("when", asked);
                    fitting = true;
                }
                if kept && !fitting {
                    tally.of(grid, "when", &rules.when[0]).removed += 1;
                }
                kept &= fitting;
            }
            kept
        })
        .collect()
}

/// Adds an `include` to the combinations whose axes have the values that it names; how many.
fn extend<'g>(cell: &Cell<'g>, choices: &mut [Choice<'g>], include: &'g Include) -> usize {
    if include.new || cell.groups.is_empty() {
        return 0;
    }
    let mut extended = 0;
    for choice in choices {
        let fitting = cell.chosen(choice).all(|(axis, item)| {
            let asked = include.entries.list.iter().find(|entry| entry.key == axis.key);
            asked.is_none_or(|asked| same(&item.to_value(), &asked.value.to_value()))
        });
        if fitting {
            choice.includes.push(include);
            extended += 1;
        }
    }
    extended
}

/// What the rules did so far.
#[derive(Default)]
struct Tally<'g> {
    uses: BTreeMap<Span, RuleUse>,
    /// Rules that fitted nothing so far.
    idle: Vec<(&'static str, &'g Entries)>,
    watched: BTreeSet<Span>,
    /// Every key that stood in a combination that a rule looked at.
    written: BTreeSet<String>,
}

impl<'g> Tally<'g> {
    fn of(&mut self, grid: &Grid, rule: &'static str, asked: &Entries) -> &mut RuleUse {
        self.uses.entry(asked.span).or_insert_with(|| RuleUse::new(&grid.source, rule, asked.span, &asked.list))
    }

    fn watch(&mut self, grid: &Grid, rule: &'static str, asked: &'g Entries) {
        if self.watched.insert(asked.span) {
            self.idle.push((rule, asked));
            self.of(grid, rule, asked);
        }
    }

    fn matched(&mut self, rule: &str, asked: &Entries) {
        self.idle.retain(|(known, idle)| *known != rule || idle.span != asked.span);
    }

    fn see(&mut self, settings: &Node) {
        if self.idle.is_empty() {
            return;
        }
        let mut pairs = Vec::new();
        leaves("", settings, &mut pairs);
        self.written.extend(pairs.into_iter().map(|(key, _)| key));
        if let Written::Block(entries) = &settings.written {
            self.written.extend(entries.iter().map(|entry| entry.key.clone()));
        }
    }
}
