//! `run` and `measure`: run a grid, then write its tables and its report.

use std::collections::{BTreeMap, HashSet};

use analysis::Results;
use protocol::text::count;
use protocol::{GridDir, Plan, Status, Trial, exit, outcome_in};
use runner::executors::Executor;
use runner::{RunOptions, RunSummary, Show, StoredPlan, stored_plan};

use super::changed_data;
use super::executor::executor;
use super::planning::{plan_options, planned};
use super::results;
use super::results_folder::{OWN_NAME_HELP, refuse_unreadable_path, refuse_untracked};
use crate::cli::{ExecutorName, RunArgs};
use crate::failure::Failure;
use crate::host;
use crate::output::{self, Stderr, note};
use crate::registry::Registry;

/// Task of a run: train what is not trained yet, or only measure what is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Train,
    MeasureOnly,
}

/// Runs a grid, then writes its tables and its report.
pub(crate) fn run(args: &RunArgs, mode: Mode, registry: &Registry) -> Result<u8, Failure> {
    if args.quiet {
        output::be_quiet();
    }
    refuse_unreadable_path(&args.results)?;
    let (grid, plan) = planned(&args.grid, registry)?;
    if mode == Mode::MeasureOnly {
        changed_data::refuse(&GridDir::new(&args.results, &plan.grid), &plan, registry)?;
        refuse_to_train(args, &plan)?;
    }
    if let Some(note) = &plan.device_note {
        note!("{note}");
    }
    let executor = executor(args.executor, &args.cluster, args.follow)?;
    let here = args.executor == ExecutorName::Local;
    let limited = args.timeout.is_some() || args.memory.is_some() || args.max_failures.is_some();
    if !here && (limited || args.jobs.is_some()) {
        let help = "use limits of the cluster, such as --cluster time=4h or --cluster throttle=20";
        return Err(Failure::usage(format!(
            "--jobs, --timeout, --memory and --max-failures only apply to `--executor local`\nhelp: {help}"
        )));
    }
    if here && (args.follow || !args.cluster.cluster.is_empty() || args.cluster.cluster_file.is_some()) {
        let help = "add `--executor slurm`, or leave them out";
        let message = "--follow, --cluster and --cluster-file do not apply to `--executor local`";
        return Err(Failure::usage(format!("{message}\nhelp: {help}")));
    }
    report_other_builds(args, &plan, registry);
    let program = std::env::current_exe()?;
    let worker = |verb: &str| vec![program.clone().into_os_string(), verb.into()];
    let options = RunOptions {
        results: args.results.clone(),
        worker: worker("trial"),
        timing_worker: worker("timing"),
        jobs: args.jobs,
        fresh: args.fresh,
        retry_failed: args.retry_failed.clone(),
        max_failures: args.max_failures,
        timeout: args.timeout,
        memory: args.memory,
        measure_only: mode == Mode::MeasureOnly,
        grid_yaml: Some(grid.text()),
        // On machines shared with other jobs, timings mean nothing.
        time: here && !args.no_timing,
        adapters: if here { adapters(&plan) } else { BTreeMap::new() },
        show: if args.quiet { Show::Quiet } else { output::progress() },
        genbench: host::VERSION.to_owned(),
        build: Some(registry.build.clone()),
        rerun_other_code: args.rerun_if.is_some(),
        interrupts: runner::Interrupts::install()?,
        ..plan_options(&args.grid, args.replace, registry)
    };
    let stored = stored_plan(&plan, &options);
    if !here {
        refuse_untracked(stored, &plan)?;
    }
    let (plan, summary) = runner::run_until_decided(&*executor, &plan, &options, &mut Stderr::default())?;
    let folder = GridDir::new(&args.results, &plan.grid);
    if !here && !summary.left.is_empty() {
        return Ok(submitted(&plan, &summary, &*executor));
    }
    let failed = failed_variants(&plan, &folder, &summary);
    let format = args.grid.message_format;
    results::list_unreadable(summary.unreadable.iter().map(|(_, unreadable)| unreadable));
    match (stored, options.whole) {
        (StoredPlan::Kept, _) => {
            let name = plan.grid.clone();
            results::print(&Results::read(folder, plan), format)?;
            note!(
                "warning: plan, tables and report of {name} are kept: this run has other trials than its grid; {OWN_NAME_HELP}"
            );
        }
        (StoredPlan::Whole, Some(whole)) => {
            let whole = runner::interim::due(&folder, &whole);
            results::write(&Results::read(folder, whole), format)?;
        }
        _ => results::write(&Results::read(folder, plan), format)?,
    }
    if !failed.is_empty() {
        note!("warning: variants with failed trials: {}", failed.join(", "));
    }
    Ok(summary.exit_code())
}

/// Names of the graphics adapters, if the plan uses one.
fn adapters(plan: &Plan) -> BTreeMap<String, String> {
    if plan.trials.iter().all(|trial| trial.device == "flex") {
        return BTreeMap::new();
    }
    engine::device::adapters().into_iter().map(|one| (format!("wgpu:{}", one.index), one.name)).collect()
}

/// Reports finished trials of another build: that they are trained again, or how to do that.
fn report_other_builds(args: &RunArgs, plan: &Plan, registry: &Registry) {
    let folder = GridDir::new(&args.results, &plan.grid);
    let count = runner::of_other_code(&folder, &plan.with_all_seeds(), &registry.build).len();
    if count == 0 || args.fresh {
        return;
    }
    let trials = if count == 1 { "1 finished trial was" } else { &format!("{count} finished trials were") };
    match args.rerun_if {
        Some(_) => note!("{trials} made by another build: training again"),
        None => note!("warning: {trials} made by another build; `genbench run --rerun-if code` trains them again"),
    }
}

/// The variants with failed trials, each with its line in the grid.
fn failed_variants(plan: &Plan, folder: &GridDir, summary: &RunSummary) -> Vec<String> {
    let failed: HashSet<_> = summary.failed.iter().map(|(id, _)| id).collect();
    let places = plan.place_of();
    let named = |trials: &[Trial]| {
        let variant = trials[0].variant.as_str();
        let place = places.get(variant).map(|place| format!(" ({place})")).unwrap_or_default();
        format!("{variant}{place}")
    };
    plan.variants().filter(|trials| trials.iter().any(|trial| failed.contains(&folder.id(trial)))).map(named).collect()
}

/// `measure` takes measures on finished trials: without any it would only replace their tables by empty ones.
fn refuse_to_train(args: &RunArgs, plan: &Plan) -> Result<(), Failure> {
    if args.fresh || !args.retry_failed.is_empty() || args.rerun_if.is_some() {
        let help = "use `genbench run` with these options";
        let message = "`measure` does not train, so it has no --fresh, no --retry-failed and no --rerun-if";
        return Err(Failure::usage(format!("{message}\nhelp: {help}")));
    }
    let folder = GridDir::new(&args.results, &plan.grid);
    for trial in &plan.with_all_seeds().trials {
        let outcome = outcome_in(&folder.trial(&folder.id(trial)));
        if outcome.is_ok_and(|known| known.is_some_and(|outcome| outcome.status == Status::Done)) {
            return Ok(());
        }
    }
    let help = "train the grid with `genbench run`, or repeat the --set, --seeds and --device of that run; \
                `genbench explain` lists the differences";
    let message = format!("no trial of {} is finished, so there is nothing to measure", plan.grid);
    Err(Failure::new(exit::NOTHING, format!("error: {message}\nhelp: {help}")))
}

/// Prints how to follow queued trials, which are neither done nor failed.
fn submitted(plan: &Plan, summary: &RunSummary, executor: &dyn Executor) -> u8 {
    let name = &plan.grid;
    note!(
        "{} of {} {} queued or running on {}; to see them, use `genbench status {name}`; when they have finished, `genbench collect {name}`",
        summary.left.len(),
        count(plan.trials.len(), "trial"),
        if summary.left.len() == 1 { "is" } else { "are" },
        executor.name()
    );
    exit::DONE
}
