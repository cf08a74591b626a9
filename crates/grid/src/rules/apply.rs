//! Application of the rules to the combinations of the axes: `exclude`, then `when`, then `include`.

use std::collections::{BTreeMap, BTreeSet};

use super::matching::matches;
use super::unmatched::warn_unmatched;
use crate::diagnostics::{Diagnostic, Sink};
use crate::equivalent::same_value;
use crate::expand::{Cell, Choice};
use crate::grid::{Entries, Grid, Include};
use crate::label_template::leaves;
use crate::node::{Content, Node};
use crate::rule_use::RuleUse;
use crate::source::Span;

/// Returns the combinations of each cell and the effect of each rule. Warns of rules without effect.
pub(crate) fn apply<'g>(grid: &'g Grid, cells: &[Cell<'g>], sink: &mut Sink) -> (Vec<Vec<Choice<'g>>>, Vec<RuleUse>) {
    let mut tally = Tally::default();
    let mut kept: Vec<_> = cells.iter().map(|cell| filtered(grid, cell, &mut tally)).collect();
    let mut matching: BTreeMap<Span, bool> = BTreeMap::new();
    for (cell, choices) in cells.iter().zip(&mut kept) {
        for include in cell.layers.iter().flat_map(|layer| &layer.rules.include) {
            let extended = extend(cell, choices, include);
            tally.of(grid, "include", &include.entries).extended += extended;
            *matching.entry(include.entries.span).or_default() |= extended > 0;
        }
    }
    for (cell, choices) in cells.iter().zip(&mut kept) {
        for include in cell.layers.iter().flat_map(|layer| &layer.rules.include) {
            let span = include.entries.span;
            let no_axes = cell.groups.is_empty();
            if !include.new && !no_axes && matching.get(&span) == Some(&true) {
                continue;
            }
            choices.push(Choice { rows: None, includes: vec![include] });
            tally.of(grid, "include", &include.entries).added += 1;
            if !include.new && !no_axes {
                let help = "no remaining combination has these values of the axes; add `new: true` if a new combination is meant";
                let message = "this `include` matches no combination and adds one";
                sink.push(Diagnostic::warning(message).at(&grid.source, span).help(help));
            }
        }
    }
    for (rule, condition) in &tally.idle {
        warn_unmatched(grid, rule, condition, &tally.keys, sink);
    }
    let left = kept.iter().any(|choices| !choices.is_empty());
    for (cell, _) in cells.iter().zip(&kept).filter(|(_, choices)| choices.is_empty()) {
        let (one, help) = if left {
            let message = "no combinations of this variant remain";
            (Diagnostic::warning(message), "`exclude` and `when` remove all of them")
        } else {
            (Diagnostic::error("no trials remain"), "`exclude` and `when` remove every combination of every variant")
        };
        sink.push(one.at(&grid.source, cell.variant.span).help(help));
        if !left {
            break;
        }
    }
    (kept, tally.uses.into_values().collect())
}

/// Combinations of a cell's axes that `exclude` and `when` keep.
fn filtered<'g>(grid: &Grid, cell: &Cell<'g>, tally: &mut Tally<'g>) -> Vec<Choice<'g>> {
    let rules: Vec<_> = cell.layers.iter().map(|layer| &layer.rules).collect();
    let listed = rules.iter().any(|rules| rules.include.iter().any(|include| !include.new));
    // Without axes the entries of `include` are the combinations.
    let product = cell.product().filter(|_| !(cell.groups.is_empty() && listed));
    if rules.iter().all(|rules| rules.exclude.is_empty() && rules.when.is_empty()) {
        return product.collect();
    }
    for condition in rules.iter().flat_map(|rules| &rules.exclude) {
        tally.watch(grid, "exclude", condition);
    }
    for condition in rules.iter().flat_map(|rules| &rules.when) {
        tally.watch(grid, "when", condition);
    }
    product
        .filter(|choice| {
            // Resolving reports settings that cannot be combined.
            let Ok(settings) = cell.settings(choice) else { return true };
            tally.record_keys(&settings);
            let mut kept = true;
            let excluding = rules.iter().flat_map(|rules| &rules.exclude);
            for condition in excluding.filter(|condition| matches(&settings, condition)) {
                tally.matched("exclude", condition);
                if kept {
                    tally.of(grid, "exclude", condition).removed += 1;
                }
                kept = false;
            }
            for rules in rules.iter().filter(|rules| !rules.when.is_empty()) {
                let mut matching = false;
                for condition in rules.when.iter().filter(|condition| matches(&settings, condition)) {
                    tally.matched("when", condition);
                    matching = true;
                }
                if kept && !matching {
                    tally.of(grid, "when", &rules.when[0]).removed += 1;
                }
                kept &= matching;
            }
            kept
        })
        .collect()
}

/// Adds an `include` to the combinations whose axes have its values; returns their number.
fn extend<'g>(cell: &Cell<'g>, choices: &mut [Choice<'g>], include: &'g Include) -> usize {
    if include.new || cell.groups.is_empty() {
        return 0;
    }
    let mut extended = 0;
    for choice in choices {
        let matching = cell.chosen(choice).all(|(axis, item)| {
            let expected = include.entries.list.iter().find(|entry| entry.key == axis.key);
            expected.is_none_or(|expected| same_value(&item.to_value(), &expected.value.to_value()))
        });
        if matching {
            choice.includes.push(include);
            extended += 1;
        }
    }
    extended
}

/// Effect of the rules so far.
#[derive(Default)]
struct Tally<'g> {
    uses: BTreeMap<Span, RuleUse>,
    /// Rules that have matched no combination so far.
    idle: Vec<(&'static str, &'g Entries)>,
    watched: BTreeSet<Span>,
    /// Keys of all combinations that a rule has tested.
    keys: BTreeSet<String>,
}

impl<'g> Tally<'g> {
    fn of(&mut self, grid: &Grid, rule: &'static str, entries: &Entries) -> &mut RuleUse {
        self.uses.entry(entries.span).or_insert_with(|| RuleUse::new(&grid.source, rule, entries.span, &entries.list))
    }

    fn watch(&mut self, grid: &Grid, rule: &'static str, condition: &'g Entries) {
        if self.watched.insert(condition.span) {
            self.idle.push((rule, condition));
            self.of(grid, rule, condition);
        }
    }

    fn matched(&mut self, rule: &str, condition: &Entries) {
        self.idle.retain(|(known, idle)| *known != rule || idle.span != condition.span);
    }

    fn record_keys(&mut self, settings: &Node) {
        if self.idle.is_empty() {
            return;
        }
        let mut pairs = Vec::new();
        leaves("", settings, &mut pairs);
        self.keys.extend(pairs.into_iter().map(|(key, _)| key));
        if let Content::Block(entries) = &settings.content {
            self.keys.extend(entries.iter().map(|entry| entry.key.clone()));
        }
    }
}
