//! Resolution of each combination through the catalog. Its mistakes are reported with their location in the file.

use protocol::{Fact, Problem};

use crate::catalog::{Catalog, Draft};
use crate::diagnostics::{Diagnostic, Sink};
use crate::expand::{Cell, Choice};
use crate::grid::Grid;
use crate::labelling::Candidate;
use crate::node::Node;
use crate::paths;
use crate::source::Span;

/// Resolves every combination. `partial` is for a file with mistakes: only mistakes in settings that the file sets are
/// reported, because others may follow from the parts that could not be parsed.
pub(crate) fn resolve<'g>(
    grid: &Grid,
    catalog: &dyn Catalog,
    cells: &[Cell<'g>],
    choices: Vec<Vec<Choice<'g>>>,
    partial: bool,
    sink: &mut Sink,
) -> Vec<Candidate<'g>> {
    let mut candidates = Vec::new();
    for (index, (cell, choices)) in cells.iter().zip(choices).enumerate() {
        for choice in choices {
            if sink.is_full() {
                return candidates;
            }
            let settings = match cell.settings(&choice) {
                Ok(settings) => settings,
                Err(mistakes) => {
                    mistakes.into_iter().for_each(|one| sink.push(one));
                    continue;
                }
            };
            let draft = draft(grid, catalog, &settings);
            match catalog.resolve(&draft) {
                Ok(resolved) => candidates.push(Candidate { cell: index, choice, resolved, label: String::new() }),
                Err(problems) => {
                    let set_in_file = |problem: &Problem| {
                        problem.path.contains('.') && settings.find(problem.path.split('.')).is_some()
                    };
                    for problem in problems.into_iter().filter(|problem| !partial || set_in_file(problem)) {
                        let problem = paths::explained(grid, &settings, &draft.data, problem);
                        sink.push(mistake(grid, cell.variant.span, &settings, problem));
                    }
                }
            }
        }
    }
    candidates
}

fn draft(grid: &Grid, catalog: &dyn Catalog, settings: &Node) -> Draft {
    let value = |key| settings.child(key).map(Node::to_value).unwrap_or_default();
    let data = catalog.located(&value("data"), &|name| paths::folder(grid, settings, name).to_owned());
    Draft { model: value("model"), data, train: value("train"), measure: value("measure") }
}

/// A problem with the location of its path, and a note with the variant that caused it.
pub(crate) fn mistake(grid: &Grid, whole: Span, settings: &Node, problem: Problem) -> Diagnostic {
    let span = settings.locate(&problem.path, problem.at_key).unwrap_or(whole);
    let message = match problem.path.as_str() {
        path if problem.at_key || path.is_empty() => problem.message,
        path => format!("`{path}`: {}", problem.message),
    };
    let mut one = Diagnostic::error(message).at(&grid.source, span);
    one.help = problem.help;
    if span.start < whole.start || span.end > whole.end {
        one = one.note(&grid.source, whole, "for this variant");
    }
    one
}

/// Evaluates every fact; returns the counts of each entry of `facts`.
pub(crate) fn facts(grid: &Grid, catalog: &dyn Catalog, sink: &mut Sink) -> Vec<Vec<Fact>> {
    let mut facts = Vec::new();
    for call in &grid.facts {
        match catalog.fact(&call.fact.value, &call.settings.to_value()) {
            Ok(rows) => {
                let row = |row: Fact| Fact { section: call.section.clone().or(row.section), ..row };
                facts.push(rows.into_iter().map(row).collect());
            }
            Err(problems) => {
                facts.push(Vec::new());
                for problem in problems {
                    let unknown = problem.path.is_empty() || problem.path == "name";
                    let whole = call.fact.span;
                    let problem = if unknown { Problem { path: String::new(), ..problem } } else { problem };
                    let one = mistake(grid, whole, &call.settings, problem);
                    sink.push(Diagnostic { notes: Vec::new(), ..one });
                }
            }
        }
    }
    facts
}
