//! Planning: resolves and labels every combination of a grid and checks for duplicates.

use std::collections::BTreeMap;
use std::path::Path;

use protocol::{Compare, Plan, Trial, VariantPlace};

use crate::catalog::{Catalog, Device};
use crate::diagnostics::{Diagnostic, Diagnostics, Sink};
use crate::duplicates::variants;
use crate::expand::{Cell, cells};
use crate::file::text_of;
use crate::grid::Grid;
use crate::label_filter::LabelFilter;
use crate::labelling::Candidate;
use crate::parse::parse_all;
use crate::resolve::{facts, resolve};
use crate::rule_use::RuleUse;
use crate::rules::apply;
use crate::source::Span;
use crate::{claims, compare, labelling, renamed_settings, unknown_names};

/// Settings of the command line that override the grid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Device of every trial: `auto`, `flex`, `wgpu` or `wgpu:N`.
    pub device: Option<String>,
    /// Seeds of every variant.
    pub seeds: Option<Vec<u64>>,
    /// Settings for every variant, each `key=value`: a dotted key and its value in YAML.
    pub set: Vec<String>,
    /// Patterns of labels, in which `*` and `?` match any text and any character; only matching variants are kept.
    pub only: Vec<String>,
}

/// Expands a grid and resolves every variant through `catalog`, once for all of its seeds.
///
/// # Errors
/// All mistakes that the catalog finds, with their locations; duplicate labels or trials; more than a million trials;
/// overrides that match nothing.
pub fn plan(grid: &Grid, catalog: &dyn Catalog, overrides: &Overrides) -> Result<Plan, Diagnostics> {
    plan_with_rules(grid, catalog, overrides).map(|(plan, ..)| plan)
}

/// Returns the plan, the effect of each rule, and warnings.
fn plan_with_rules(
    grid: &Grid,
    catalog: &dyn Catalog,
    overrides: &Overrides,
) -> Result<(Plan, Vec<RuleUse>, Diagnostics), Diagnostics> {
    let mut sink = Sink::default();
    check_seeds(overrides.seeds.as_deref(), &mut sink);
    let cells = cells(grid, overrides.device.as_deref(), overrides.seeds.as_deref(), &mut sink);
    let (choices, uses) = apply(grid, &cells, &mut sink);
    let before = sink.len();
    let mut candidates = resolve(grid, catalog, &cells, choices, false, &mut sink);
    let complete = sink.len() == before;
    let facts = facts(grid, catalog, &mut sink);
    let mut stated = Vec::new();
    let vocabulary = catalog.vocabulary();
    unknown_names::check(grid, &vocabulary, &mut sink);
    renamed_settings::warn(grid, &vocabulary, &cells, &candidates, &mut sink);
    labelling::name(grid, &cells, &mut candidates, &mut sink);
    let only = LabelFilter::new(&overrides.only);
    if complete {
        compare::check(grid, &candidates, &mut sink);
        compare::check_figures(grid, &candidates, catalog, &mut sink);
        stated = claims::resolve(grid, &cells, &candidates, &facts, catalog, &mut sink);
        only.report_unmatched(candidates.iter().map(|candidate| candidate.label.as_str()), &mut sink);
    }
    let kept = |candidate: &Candidate<'_>| only.matches(&candidate.label);
    let mut devices = BTreeMap::new();
    if !sink.has_errors() {
        // Resolving a device may start a probe, so it comes after all other checks.
        let wanted = candidates.iter().filter(|candidate| kept(candidate)).map(|candidate| &cells[candidate.cell]);
        devices = resolve_devices(grid, catalog, wanted, &mut sink);
    }
    let names = devices.iter().map(|(request, device)| (*request, device.name.as_str())).collect();
    let chosen: Vec<_> = candidates.iter().map(&kept).collect();
    let variants = variants(grid, &cells, candidates, &names, &mut sink);
    if sink.has_errors() {
        return Err(sink.finish());
    }
    let (mut trials, mut places) = (Vec::new(), Vec::new());
    for ((cell, variant), _) in variants.into_iter().zip(chosen).filter(|(_, chosen)| *chosen) {
        let Some((last, seeds)) = cells[cell].seeds.split_last() else { continue };
        let (file, line) = grid.source.place(cells[cell].variant.span.start);
        places.push(VariantPlace { variant: variant.variant.clone(), file, line });
        trials.extend(seeds.iter().map(|seed| Trial { seed: *seed, ..variant.clone() }));
        trials.push(Trial { seed: *last, ..variant });
    }
    let why: Vec<_> = devices.into_values().filter_map(|device| device.why).collect();
    let device_note = (!why.is_empty()).then(|| why.join("; "));
    // Seeds of the command line replace the schedule of interim analyses.
    let interim = grid.base.interim.as_ref().filter(|_| overrides.seeds.is_none()).map(|interim| interim.value.clone());
    let plan = Plan {
        grid: grid.name.clone(),
        about: grid.about.clone(),
        device_note,
        sections: sections(grid),
        side_by_side: grid
            .blocks
            .iter()
            .filter(|block| block.side_by_side)
            .filter_map(|block| block.section.clone())
            .collect(),
        trials,
        places,
        facts: facts.into_iter().flatten().collect(),
        gate: grid.gate.clone(),
        claims: stated,
        closed_form: Vec::new(),
        compare: Compare { interim, ..grid.compare.settings.clone() },
    };
    let plan = plan.with_closed_form(|trial| catalog.is_closed_form(&trial.model));
    Ok((plan, uses, sink.finish()))
}

/// Sections of the blocks in their order, then those of the facts outside of blocks.
fn sections(grid: &Grid) -> Vec<String> {
    let of_blocks = grid.blocks.iter().map(|block| &block.section);
    let mut sections: Vec<String> = Vec::new();
    for section in of_blocks.chain(grid.facts.iter().map(|fact| &fact.section)).flatten() {
        if !sections.contains(section) {
            sections.push(section.clone());
        }
    }
    sections
}

/// Reads a grid file and plans it. Mistakes of parsing and planning are reported together.
///
/// # Errors
/// The errors of [`load`](crate::parse::load) and [`plan`].
pub fn load_and_plan(path: &Path, catalog: &dyn Catalog, overrides: &Overrides) -> Result<(Grid, Plan), Diagnostics> {
    let (name, text) = text_of(path)?;
    parse_and_plan(&name, &text, catalog, overrides)
}

/// Parses the text of a grid and plans it. Messages name the file `file_name`.
///
/// # Errors
/// The errors of [`parse`](crate::parse::parse) and [`plan`].
pub fn parse_and_plan(
    file_name: &str,
    text: &str,
    catalog: &dyn Catalog,
    overrides: &Overrides,
) -> Result<(Grid, Plan), Diagnostics> {
    let (grid, parsing) = parse_all(file_name, text, &overrides.set)?;
    if !parsing.has_errors() {
        let (plan, uses, planning) =
            plan_with_rules(&grid, catalog, overrides).map_err(|planning| parsing.clone().and(planning))?;
        return Ok((Grid { warnings: parsing.and(planning), uses, ..grid }, plan));
    }
    let mut sink = Sink::from(parsing);
    let cells = cells(&grid, None, None, &mut sink);
    let choices = cells.iter().map(|cell| cell.product().collect()).collect();
    resolve(&grid, catalog, &cells, choices, true, &mut sink);
    facts(&grid, catalog, &mut sink);
    unknown_names::check(&grid, &catalog.vocabulary(), &mut sink);
    Err(sink.finish())
}

fn check_seeds(seeds: Option<&[u64]>, sink: &mut Sink) {
    let mut sorted = seeds.unwrap_or(&[0]).to_vec();
    sorted.sort_unstable();
    if sorted.is_empty() {
        sink.push(Diagnostic::error("no seeds are given").help("name at least one seed"));
    }
    if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        sink.push(Diagnostic::error(format!("seed {} is listed twice", pair[0])).help("name each seed once"));
    }
}

fn resolve_devices<'c, 'g: 'c>(
    grid: &Grid,
    catalog: &dyn Catalog,
    cells: impl Iterator<Item = &'c Cell<'g>>,
    sink: &mut Sink,
) -> BTreeMap<&'g str, Device> {
    let mut requests: BTreeMap<&str, Option<Span>> = BTreeMap::new();
    for cell in cells {
        requests.entry(cell.device).or_insert(cell.device_span);
    }
    let mut devices = BTreeMap::new();
    for (request, span) in requests {
        match catalog.device(request) {
            Ok(device) => {
                devices.insert(request, device);
            }
            Err(problem) => {
                let mut one = Diagnostic::error(problem.message);
                one.help = problem.help;
                sink.push(match span {
                    Some(span) => one.at(&grid.source, span),
                    None => one,
                });
            }
        }
    }
    devices
}
