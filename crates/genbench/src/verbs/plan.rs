//! `plan`: the trials of a grid, and what `run` would do with them.

use std::io::{self, BufWriter, Write};

use grid::RuleUse;
use protocol::text::{count, escape};
use protocol::{GridDir, Plan, TrialId, exit};
use runner::{Forecast, Next, has_too_few_seeds, repeated_closed_forms};
use serde_json::json;

use super::planning::planned;
use super::results::list_unreadable;
use super::unexposed::unexposed;
use crate::cli::{Format, GridArgs, Listing, PlanArgs};
use crate::failure::Failure;
use crate::output;
use crate::registry::Registry;

/// Prints every trial of a grid with its next step.
pub(crate) fn plan(args: &PlanArgs, registry: &Registry) -> Result<u8, Failure> {
    let (grid, plan) = planned(&args.grid, registry)?;
    if let Some(other) = &args.diff {
        let format = if args.grid.message_format == Format::Json { Listing::Json } else { args.format };
        let (_, old) = planned(&GridArgs::of(other, args.grid.message_format), registry)?;
        return super::diff::print(&grid::diff(&old, &plan), format);
    }
    let folder = GridDir::new(&args.results, &plan.grid);
    let plan = runner::interim::due(&folder, &plan);
    let mut forecast = Forecast::of(&folder, &plan);
    list_unreadable(&forecast.unreadable);
    // Options of the command line change the inputs of this plan alone.
    if args.grid.set.is_empty() && args.grid.only.is_empty() && args.grid.device.is_none() {
        super::baseline::warn_of_stale(&args.results, &plan);
    }
    let others = runner::of_other_code(&folder, &plan, &registry.build);
    if args.rerun_if.is_some() {
        forecast.train_again(&others);
    }
    let ids = folder.ids(&plan.trials);
    let out = BufWriter::new(output::stdout());
    match args.format {
        _ if args.grid.message_format == Format::Json => as_json(&plan, &ids, &forecast, grid.rules(), out)?,
        Listing::Json => as_json(&plan, &ids, &forecast, grid.rules(), out)?,
        Listing::Csv => as_csv(&plan, &ids, &forecast, registry, out)?,
        Listing::Table => for_people(&plan, &ids, &forecast, others.len(), grid.rules(), registry, output::people())?,
    }
    Ok(if plan.trials.is_empty() && plan.facts.is_empty() { exit::NOTHING } else { exit::DONE })
}

fn as_json(
    plan: &Plan,
    ids: &[TrialId],
    forecast: &Forecast,
    rules: &[RuleUse],
    mut out: impl Write,
) -> io::Result<()> {
    let places = plan.place_of();
    for ((id, trial), next) in ids.iter().zip(&plan.trials).zip(&forecast.next) {
        let mut line = json!({"id": id, "next": next.word(), "trial": trial});
        if let Some(place) = places.get(trial.variant.as_str()) {
            line["place"] = json!({"file": place.file, "line": place.line});
        }
        writeln!(out, "{line}")?;
    }
    for rule in rules {
        writeln!(out, "{}", json!(rule))?;
    }
    out.flush()
}

fn as_csv(
    plan: &Plan,
    ids: &[TrialId],
    forecast: &Forecast,
    registry: &Registry,
    out: impl Write,
) -> Result<(), Failure> {
    let mut sheet = csv::Writer::from_writer(out);
    sheet
        .write_record([
            "trial", "next", "variant", "section", "model", "data", "seed", "device", "steps", "file", "line",
        ])
        .map_err(io::Error::from)?;
    let places = plan.place_of();
    for ((id, trial), next) in ids.iter().zip(&plan.trials).zip(&forecast.next) {
        let seed = trial.seed.to_string();
        // A closed-form model takes one pass, whatever `train` says.
        let steps = if registry.closed_form(trial) { String::new() } else { trial.train.steps.to_string() };
        let section = trial.section.as_deref().unwrap_or_default();
        let place = places.get(trial.variant.as_str());
        let (file, line) = place.map_or_else(Default::default, |place| (place.file.clone(), place.line.to_string()));
        let (model, data) = (&trial.model.name, &trial.data.name);
        let row: [&str; 11] = [
            id.0.as_str(),
            next.word(),
            &trial.variant,
            section,
            model,
            data,
            &seed,
            &trial.device,
            &steps,
            &file,
            &line,
        ];
        sheet.write_record(row.map(|cell| escape::csv(cell).into_owned())).map_err(io::Error::from)?;
    }
    Ok(sheet.flush()?)
}

fn for_people(
    plan: &Plan,
    ids: &[TrialId],
    forecast: &Forecast,
    others: usize,
    rules: &[RuleUse],
    registry: &Registry,
    mut out: impl Write,
) -> io::Result<()> {
    let places = plan.place_of();
    let place = |variant: &str| places.get(variant).map(|place| format!("  {place}")).unwrap_or_default();
    for ((id, trial), next) in ids.iter().zip(&plan.trials).zip(&forecast.next) {
        writeln!(
            out,
            "{}  {:8}  {}  seed {}  {} on {}, {}{}",
            id,
            next.word(),
            trial.variant,
            trial.seed,
            trial.data.name,
            trial.device,
            registry.training(trial),
            place(&trial.variant)
        )?;
    }
    for rule in rules {
        writeln!(out, "{}", effect(rule))?;
    }
    let by_step = |next: Next| (forecast.count(next), next.word());
    let all = [Next::Done, Next::Measure, Next::Unreadable, Next::ModelLost, Next::Failed, Next::Continue, Next::Train];
    let counts = all.map(by_step);
    let counts: Vec<String> =
        counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let counts = if counts.is_empty() { String::new() } else { format!(": {}", counts.join(", ")) };
    writeln!(out, "{}{counts}", count(plan.trials.len(), "trial"))?;
    if others > 0 {
        writeln!(out, "made by another build: {others}; `run --rerun-if code` trains them again")?;
    }
    let (seconds, known) = forecast.foreseen_s();
    if known > 0 {
        let to_train = forecast.count(Next::Continue) + forecast.count(Next::Train);
        writeln!(
            out,
            "about {} of training by one worker for {known} of {}, estimated from other seeds of their variants",
            analysis::duration(seconds),
            count(to_train, "trial")
        )?;
    }
    for line in grid::interim::schedule(plan) {
        writeln!(out, "{line}")?;
    }
    if has_too_few_seeds(plan) && plan.compare.interim.is_none() {
        writeln!(out, "no comparison can be decided: one seed shows no spread")?;
    }
    let repeated = repeated_closed_forms(plan);
    if !repeated.is_empty() {
        let labels = repeated.join(", ");
        writeln!(out, "fitted in closed form, so that one seed shows the log-likelihood: {labels}")?;
    }
    if !plan.claims.is_empty() {
        writeln!(
            out,
            "{}; `genbench claims {}` judges them after the run",
            count(plan.claims.len(), "claim"),
            plan.grid
        )?;
    }
    for warning in unexposed(plan, registry) {
        writeln!(out, "{warning}")?;
    }
    if let Some(note) = &plan.device_note {
        writeln!(out, "{note}")?;
    }
    out.flush()
}

/// Effect of a rule on combinations of settings; a combination includes all its seeds.
fn effect(rule: &RuleUse) -> String {
    let combinations = |number: usize| count(number, "combination");
    let mut effects = Vec::new();
    if rule.removed > 0 {
        effects.push(format!("left out {}", combinations(rule.removed)));
    }
    if rule.extended > 0 {
        effects.push(format!("added to {}", combinations(rule.extended)));
    }
    if rule.added > 0 {
        effects.push(format!("made {}", combinations(rule.added)));
    }
    let effects = if effects.is_empty() { "had no effect".to_owned() } else { effects.join(", ") };
    let location = &rule.location;
    format!("{}:{}:{}: {} {{{}}} {effects}", location.file, location.line, location.column, rule.rule, rule.text)
}
