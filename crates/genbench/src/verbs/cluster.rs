//! `status`, `cancel`, `collect` and `emit`: trials that run elsewhere.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use analysis::Results;
use protocol::Plan;
use protocol::{GridDir, Status, TrialId, exit};
use runner::RunOptions;
use runner::executors::{self, Executor, JobState, Local, Manifest, State, TrialStatus};
use serde_json::json;

use super::executor::settings;
use super::planning::planned;
use super::results;
use crate::cli::{CancelArgs, EmitArgs, Format, Listing, ResultArgs, StatusArgs, Target};
use crate::failure::Failure;
use crate::host;
use crate::output::{self, note, say};
use crate::registry::Registry;

/// What `collect` and `emit` need of a runner.
fn options(results: &std::path::Path) -> RunOptions {
    RunOptions { results: results.to_owned(), genbench: host::VERSION.to_owned(), ..RunOptions::default() }
}

/// How every trial stands, by its own record, refined by its engine.
pub(crate) fn status(args: &StatusArgs) -> Result<u8, Failure> {
    let (folder, plan) = results::plan(&args.result)?;
    let seen = ask(&*executors::of(&folder), &folder);
    let all = executors::trial_statuses(&folder, &plan, seen.as_ref())?;
    let out = BufWriter::new(output::stdout());
    match args.format {
        Listing::Table => for_people(&all, out)?,
        Listing::Json => as_json(&all, out)?,
        Listing::Csv => as_csv(&all, out)?,
    }
    Ok(exit::DONE)
}

/// A cluster that does not answer is said, and the records speak for themselves.
fn ask(engine: &dyn Executor, folder: &GridDir) -> Option<BTreeMap<TrialId, JobState>> {
    engine.poll(folder).inspect_err(|error| note!("{} does not answer: {error}", engine.name())).ok()
}

fn for_people(all: &[TrialStatus], mut out: impl Write) -> io::Result<()> {
    for TrialStatus { id, trial, state, steps, note } in all {
        let progress = match state {
            State::Over(Status::Done) | State::NotRun => String::new(),
            _ if *steps == 0 => String::new(),
            _ => format!("step {steps} of {}", trial.train.steps),
        };
        let more: Vec<&str> = [progress.as_str(), note].into_iter().filter(|text| !text.is_empty()).collect();
        let more = if more.is_empty() { String::new() } else { format!("  {}", more.join(", ")) };
        writeln!(out, "{id}  {:13}  {} seed {}{more}", state.word(), trial.variant, trial.seed)?;
    }
    let counts = counts(all).into_iter().map(|(word, count)| format!("{count} {word}"));
    writeln!(out, "{} trials: {}", all.len(), counts.collect::<Vec<_>>().join(", "))?;
    out.flush()
}

fn counts(all: &[TrialStatus]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    all.iter().for_each(|standing| *counts.entry(standing.state.word()).or_default() += 1);
    counts
}

fn as_json(all: &[TrialStatus], mut out: impl Write) -> io::Result<()> {
    for TrialStatus { id, trial, state, steps, note } in all {
        let line = json!({
            "trial": id, "variant": trial.variant, "seed": trial.seed, "state": state.word(),
            "step": steps, "steps": trial.train.steps, "note": note,
        });
        writeln!(out, "{line}")?;
    }
    out.flush()
}

fn as_csv(all: &[TrialStatus], out: impl Write) -> Result<(), Failure> {
    let mut sheet = csv::Writer::from_writer(out);
    sheet.write_record(["trial", "variant", "seed", "state", "step", "steps", "note"]).map_err(io::Error::from)?;
    for TrialStatus { id, trial, state, steps, note } in all {
        let (seed, step, of) = (trial.seed.to_string(), steps.to_string(), trial.train.steps.to_string());
        let row = [&id.0, &trial.variant, &seed, state.word(), &step, &of, note];
        sheet.write_record(row).map_err(io::Error::from)?;
    }
    Ok(sheet.flush()?)
}

/// Ends trials that wait or run.
pub(crate) fn cancel(args: &CancelArgs) -> Result<u8, Failure> {
    let (folder, plan) = results::plan(&args.result)?;
    let mut ids = chosen(&plan, &args.trial)?;
    ids.retain(|id| !folder.trial(id).outcome().exists());
    let engine = executors::of(&folder);
    if engine.name() == Local.name() && !args.trial.is_empty() {
        let help = "leave out --trial: `genbench run` goes on later, with --only if need be";
        return Err(Failure::usage(format!("on this machine a run ends as a whole\nhelp: {help}")));
    }
    let cancelled = engine.cancel(&folder, &ids)?;
    if cancelled.is_empty() {
        say!("none of them is queued or running")?;
        return Ok(exit::NOTHING);
    }
    say!("{} cancelled; the same `genbench run` goes on", trials(cancelled.len()))?;
    Ok(exit::DONE)
}

/// The trials that are meant: all, or those whose ids begin so.
fn chosen(plan: &Plan, beginnings: &[String]) -> Result<Vec<TrialId>, Failure> {
    let ids: Vec<TrialId> = plan.trials.iter().map(protocol::Trial::id).collect();
    if let Some(none) = beginnings.iter().find(|one| !ids.iter().any(|id| id.0.starts_with(one.as_str()))) {
        return Err(Failure::usage(format!("no trial of {} has an id that begins with {none}", plan.grid)));
    }
    let meant = |id: &TrialId| beginnings.is_empty() || beginnings.iter().any(|one| id.0.starts_with(one.as_str()));
    Ok(ids.into_iter().filter(meant).collect())
}

/// Writes the outcomes of trials whose job has died, then tables and report.
pub(crate) fn collect(args: &ResultArgs) -> Result<u8, Failure> {
    let (folder, plan) = results::plan(args)?;
    let engine = executors::of(&folder);
    let found = executors::collect(&*engine, &plan, &options(&args.results))?;
    for (id, status) in &found.written {
        let why = status.reason().map(|why| format!(": {why}")).unwrap_or_default();
        note!("{id}: {}{why}", status.word());
    }
    if !found.again.is_empty() {
        let how = if found.again.len() == 1 { "is" } else { "are" };
        note!(
            "{} {how} to be submitted again: genbench run ... --executor {}",
            trials(found.again.len()),
            engine.name()
        );
    }
    results::write(&Results::read(folder.clone(), plan.clone())?, Format::Human)?;
    let all = executors::trial_statuses(&folder, &plan, ask(&*engine, &folder).as_ref())?;
    let over = all.iter().filter(|one| matches!(one.state, State::Over(_))).count();
    if over < all.len() {
        let counts = counts(&all).into_iter().map(|(word, count)| format!("{count} {word}"));
        note!("{over} of {} are over: {}", trials(all.len()), counts.collect::<Vec<_>>().join(", "));
        return Ok(exit::INCONCLUSIVE);
    }
    let failed = all.iter().any(|one| one.state != State::Over(Status::Done));
    Ok(if failed { exit::TRIALS_FAILED } else { exit::DONE })
}

/// Prints a job for a cluster that genbench does not talk to.
pub(crate) fn emit(args: &EmitArgs, registry: &Registry) -> Result<u8, Failure> {
    let settings = settings(&args.cluster)?;
    let (grid, plan) = planned(&args.grid, registry)?;
    let manifest = match args.target {
        Target::Hyperqueue => Manifest::HyperQueue,
        Target::Kubernetes => Manifest::Kubernetes,
    };
    let options = RunOptions {
        worker: vec![std::env::current_exe()?.into_os_string(), "trial".into()],
        grid_yaml: Some(grid.text()),
        ..options(&args.results)
    };
    match executors::emit(manifest, &plan, &options, &settings)? {
        Some(text) => print_all(&text)?,
        None => {
            note!("every trial of {} is over", plan.grid);
            return Ok(exit::NOTHING);
        }
    }
    Ok(exit::DONE)
}

fn print_all(text: &str) -> io::Result<()> {
    let mut out = output::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn trials(count: usize) -> String {
    if count == 1 { "1 trial".to_owned() } else { format!("{count} trials") }
}
