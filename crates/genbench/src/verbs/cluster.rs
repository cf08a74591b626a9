//! `status`, `cancel`, `collect` and `emit`: trials on clusters and other machines.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use analysis::Results;
use protocol::text::{count, escape};
use protocol::{GridDir, Plan, Status, Trial, TrialId, exit};
use runner::RunOptions;
use runner::executors::{self, Executor, JobState, Local, Manifest, State, TrialStatus};
use serde_json::json;

use super::executor::settings;
use super::planning::{plan_options, planned};
use super::results;
use super::results_folder::{refuse_unreadable_path, refuse_untracked};
use crate::cli::{CancelArgs, EmitArgs, Format, Listing, ResultArgs, StatusArgs, Target};
use crate::failure::Failure;
use crate::host;
use crate::output::{self, note, say};
use crate::registry::Registry;

/// Options of the runner that `collect` and `emit` need.
fn options(results: &std::path::Path) -> RunOptions {
    let build = Some(host::build(None));
    RunOptions { results: results.to_owned(), genbench: host::VERSION.to_owned(), build, ..RunOptions::default() }
}

/// Prints the state of every trial, from its outcome and from its executor.
pub(crate) fn status(args: &StatusArgs, registry: &Registry) -> Result<u8, Failure> {
    let (folder, plan) = results::plan(&args.result)?;
    let jobs = poll(&*executors::of(&folder), &folder);
    let all = executors::trial_statuses(&folder, &plan, jobs.as_ref());
    let out = BufWriter::new(output::stdout());
    match args.format {
        Listing::Table => for_people(&all, registry, output::people())?,
        Listing::Json => as_json(&all, registry, out)?,
        Listing::Csv => as_csv(&all, registry, out)?,
    }
    Ok(exit::DONE)
}

/// Polls the executor. If it does not answer, prints a warning; the caller then uses only the trial folders.
fn poll(executor: &dyn Executor, folder: &GridDir) -> Option<BTreeMap<TrialId, JobState>> {
    executor.poll(folder).inspect_err(|error| note!("warning: {} does not answer: {error}", executor.name())).ok()
}

fn for_people(all: &[TrialStatus], registry: &Registry, mut out: impl Write) -> io::Result<()> {
    for TrialStatus { id, trial, state, steps, note } in all {
        let progress = match state {
            State::Over(Status::Done) | State::NotRun => String::new(),
            _ if *steps == 0 => String::new(),
            _ if registry.closed_form(trial) => format!("step {steps} of one pass"),
            _ => format!("step {steps} of {}", trial.train.steps),
        };
        let more: Vec<&str> = [progress.as_str(), note].into_iter().filter(|text| !text.is_empty()).collect();
        let more = if more.is_empty() { String::new() } else { format!("  {}", more.join(", ")) };
        writeln!(out, "{id}  {:13}  {} seed {}{more}", state.word(), trial.variant, trial.seed)?;
    }
    let counts = counts(all).into_iter().map(|(word, count)| format!("{count} {word}"));
    writeln!(out, "{}: {}", trials(all.len()), counts.collect::<Vec<_>>().join(", "))?;
    out.flush()
}

fn counts(all: &[TrialStatus]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    all.iter().for_each(|trial| *counts.entry(trial.state.word()).or_default() += 1);
    counts
}

fn as_json(all: &[TrialStatus], registry: &Registry, mut out: impl Write) -> io::Result<()> {
    for TrialStatus { id, trial, state, steps, note } in all {
        let line = json!({
            "trial": id, "variant": trial.variant, "seed": trial.seed, "state": state.word(),
            "step": steps, "steps": planned_steps(trial, registry), "note": note,
        });
        writeln!(out, "{line}")?;
    }
    out.flush()
}

/// Number of steps of a trial; `None` for a closed-form model, which takes one pass over the training images.
fn planned_steps(trial: &Trial, registry: &Registry) -> Option<u64> {
    (!registry.closed_form(trial)).then_some(trial.train.steps)
}

fn as_csv(all: &[TrialStatus], registry: &Registry, out: impl Write) -> Result<(), Failure> {
    let mut sheet = csv::Writer::from_writer(out);
    sheet.write_record(["trial", "variant", "seed", "state", "step", "steps", "note"]).map_err(io::Error::from)?;
    for TrialStatus { id, trial, state, steps, note } in all {
        let of = planned_steps(trial, registry).map_or_else(String::new, |steps| steps.to_string());
        let (seed, step) = (trial.seed.to_string(), steps.to_string());
        let row = [&id.0, &trial.variant, &seed, state.word(), &step, &of, note];
        sheet.write_record(row.map(|cell| escape::csv(cell).into_owned())).map_err(io::Error::from)?;
    }
    Ok(sheet.flush()?)
}

/// Cancels queued and running trials.
pub(crate) fn cancel(args: &CancelArgs) -> Result<u8, Failure> {
    let (folder, plan) = results::plan(&args.result)?;
    let mut ids = chosen(&plan, &folder, &args.trial)?;
    let executor = executors::of(&folder);
    let here = executor.name() == Local.name();
    if here {
        // Slurm knows by itself which trials are queued or running, also finished ones that are measured.
        ids.retain(|id| !folder.trial(id).outcome().exists());
    }
    if here && !args.trial.is_empty() {
        let help = "leave out --trial; then run some of the variants with `genbench run GRID --only LABEL`";
        return Err(Failure::usage(format!("single trials of a local run cannot be cancelled\nhelp: {help}")));
    }
    let cancelled = executor.cancel(&folder, &ids)?;
    if cancelled.is_empty() {
        say!("no trial is queued or running")?;
        return Ok(exit::NOTHING);
    }
    say!("{} cancelled; to resume, use the same `genbench run`", trials(cancelled.len()))?;
    Ok(exit::DONE)
}

/// Returns the ids of all trials, or of those that start with one of `prefixes`.
fn chosen(plan: &Plan, folder: &GridDir, prefixes: &[String]) -> Result<Vec<TrialId>, Failure> {
    let ids: Vec<TrialId> = plan.trials.iter().map(|trial| folder.id(trial)).collect();
    if let Some(none) = prefixes.iter().find(|one| !ids.iter().any(|id| id.0.starts_with(one.as_str()))) {
        return Err(Failure::usage(format!("no trial of {} has an id that starts with `{none}`", plan.grid)));
    }
    let wanted = |id: &TrialId| prefixes.is_empty() || prefixes.iter().any(|one| id.0.starts_with(one.as_str()));
    Ok(ids.into_iter().filter(wanted).collect())
}

/// Writes the outcomes of trials whose job died, then tables and report.
pub(crate) fn collect(args: &ResultArgs) -> Result<u8, Failure> {
    let (folder, plan) = results::plan(args)?;
    let executor = executors::of(&folder);
    let found = executors::collect(&*executor, &plan, &options(&args.results))?;
    for (id, status) in &found.written {
        let why = status.reason().map(|why| format!(": {why}")).unwrap_or_default();
        note!("{id}: {}{why}", status.word());
    }
    if !found.again.is_empty() {
        note!("to submit {} again, use: genbench run GRID --executor {}", trials(found.again.len()), executor.name());
    }
    let results = Results::read(folder.clone(), plan.clone());
    let unusable = results.records().iter().filter_map(|record| record.unreadable.as_ref());
    let unreadable = results::list_unreadable(unusable);
    results::write(&results, Format::Human)?;
    let all = executors::trial_statuses(&folder, &plan, poll(&*executor, &folder).as_ref());
    let finished = all.iter().filter(|one| matches!(one.state, State::Over(_))).count();
    if finished < all.len() {
        let counts = counts(&all).into_iter().map(|(word, count)| format!("{count} {word}"));
        note!("{finished} of {} are finished: {}", trials(all.len()), counts.collect::<Vec<_>>().join(", "));
        return Ok(if unreadable { exit::ENVIRONMENT } else { exit::INCONCLUSIVE });
    }
    let failed = all.iter().any(|one| one.state != State::Over(Status::Done));
    Ok(if failed { exit::TRIALS_FAILED } else { exit::DONE })
}

/// Prints a job for a scheduler to which genbench does not submit.
pub(crate) fn emit(args: &EmitArgs, registry: &Registry) -> Result<u8, Failure> {
    refuse_unreadable_path(&args.results)?;
    let settings = settings(&args.cluster)?;
    let (grid, plan) = planned(&args.grid, registry)?;
    let manifest = match args.target {
        Target::Hyperqueue => Manifest::HyperQueue,
        Target::Kubernetes => Manifest::Kubernetes,
    };
    let reads_files = plan.trials.iter().any(|trial| !trial.data.hash.is_empty());
    if manifest == Manifest::Kubernetes && reads_files && settings.kubernetes.data_claim.is_none() {
        note!("warning: the trials read files, and the job mounts no volume for them; set kubernetes.data_claim");
    }
    let options = RunOptions {
        worker: vec![std::env::current_exe()?.into_os_string(), "trial".into()],
        grid_yaml: Some(grid.text()),
        results: args.results.clone(),
        genbench: host::VERSION.to_owned(),
        ..plan_options(&args.grid, args.replace, registry)
    };
    refuse_untracked(runner::stored_plan(&plan, &options), &plan)?;
    let emitted = executors::emit(manifest, &plan, &options, &settings)?;
    results::list_unreadable(emitted.unreadable.iter().map(|(_, unreadable)| unreadable));
    match emitted.text {
        Some(text) => print_all(&text)?,
        None => {
            note!("all trials of {} are finished", plan.grid);
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

fn trials(number: usize) -> String {
    count(number, "trial")
}
