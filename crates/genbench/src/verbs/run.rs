//! `run` and `measure`.

use std::io::IsTerminal;

use analysis::Results;
use grid::{Diagnostics, Grid, Overrides, load_and_plan};
use protocol::Plan;
use protocol::{GridDir, exit};
use runner::executors::Executor;
use runner::{RunOptions, RunSummary, Show};
use serde_json::json;

use super::{Failure, cluster, results};
use crate::catalog::Everything;
use crate::cli::{EngineName, Format, GridArgs, RunArgs};
use crate::host;

/// Whether trials that are not trained are trained.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Train,
    MeasureOnly,
}

/// Runs a grid, then writes its tables and its report.
pub(crate) fn run(args: &RunArgs, mode: Mode) -> Result<u8, Failure> {
    let (grid, plan) = planned(&args.grid)?;
    if let Some(note) = plan.device_note.as_ref().filter(|_| !args.quiet) {
        eprintln!("{note}");
    }
    let engine = cluster::engine(args.engine, &args.cluster, args.follow)?;
    let here = args.engine == EngineName::Local;
    if !here && (args.timeout.is_some() || args.memory.is_some() || args.max_failures.is_some()) {
        let help = "a cluster keeps its own, such as --cluster time=4h";
        return Err(Failure::usage(format!(
            "--timeout, --memory and --max-failures are this machine's limits\nhelp: {help}"
        )));
    }
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
        // Where trials share machines with others, nothing can be timed.
        time: here && !args.no_timing,
        show: if args.quiet { Show::Quiet } else { Show::Auto },
        genbench: host::VERSION.to_owned(),
        interrupts: runner::Interrupts::install().map_err(Failure::usage)?,
        ..RunOptions::default()
    };
    let (plan, summary) =
        runner::run_until_decided(&*engine, &plan, &options, &mut std::io::stderr()).map_err(Failure::usage)?;
    let folder = GridDir::new(&args.results, &plan.grid);
    if !here && !summary.left.is_empty() {
        return Ok(submitted(&plan, &summary, &*engine, args.quiet));
    }
    results::write(&Results::read(folder, plan)?, args.grid.message_format)?;
    Ok(summary.exit_code())
}

/// Trials that are queued are neither done nor failed.
fn submitted(plan: &Plan, summary: &RunSummary, engine: &dyn Executor, quiet: bool) -> u8 {
    if !quiet {
        let name = &plan.grid;
        eprintln!(
            "{} of {} trials are left to {}; see `genbench status {name}`, then `genbench collect {name}`",
            summary.left.len(),
            plan.trials.len(),
            engine.name()
        );
    }
    exit::DONE
}

/// Reads a grid and decides everything in it; mistakes are shown where they stand, all at once.
pub(super) fn planned(args: &GridArgs) -> Result<(Grid, Plan), Failure> {
    let tell = |found: Diagnostics| {
        let text = match args.message_format {
            Format::Json => found.list().iter().map(|one| json!(one).to_string() + "\n").collect(),
            Format::Human => found.render(colour()),
        };
        Failure::new(exit::USAGE, text)
    };
    let overrides = Overrides {
        device: args.device.clone(),
        seeds: args.seeds.clone(),
        set: args.set.clone(),
        only: args.only.clone(),
    };
    let (grid, plan) = load_and_plan(&args.grid, &Everything::default(), &overrides).map_err(tell)?;
    if !grid.warnings().is_empty() {
        eprintln!("{}", grid.warnings().render(colour()));
    }
    Ok((grid, plan))
}

/// Whether stderr shows colour.
fn colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
