//! The command line.

mod cluster;
mod grid;
mod model;
mod new;
mod old_names;
mod results;
mod run;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

pub(crate) use cluster::{CancelArgs, ClusterArgs, EmitArgs, StatusArgs, Target};
pub(crate) use grid::{ExplainArgs, Format, GridArgs, Listing, PlanArgs};
pub(crate) use model::{AuditArgs, SampleArgs, ScoreArgs};
pub(crate) use new::NewArgs;
pub(crate) use results::{RegressArgs, ResultArgs, Tool, TraceArgs, WatchArgs};
pub(crate) use run::{ExecutorName, RunArgs};

/// Trains the classic generative image models from a YAML grid, across seeds, and tells which is
/// better, at what, at what cost, and how sure that is.
#[derive(Debug, Parser)]
#[command(name = "genbench", version = crate::host::VERSION, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

const EXAMPLES: &str = "Examples:
  genbench run experiments/quickstart.yaml        train, measure, tables, report
  genbench plan experiments/quickstart.yaml       what would run
  genbench measure experiments/quickstart.yaml    add a measure to finished trials
  genbench sample results/quickstart/trials/ID --count 64 --out samples.png
  genbench doctor                                 which devices work, and how fast

Exit codes: 0 done, 2 the grid or the command is wrong, 3 worse than the reference, 4 nothing to do,
5 undecided, 6 stale baseline, 70 internal error, 74 disk, permission, network or device,
100 some trials failed, 130 interrupted.";

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Run a grid: train, measure, time, write tables and the report.
    #[command(after_help = "Examples:
  genbench run experiments/quickstart.yaml
  genbench run experiments/quickstart.yaml --device flex --jobs 1 --seeds 0,1
  genbench run experiments/quickstart.yaml --only 'nade*' --fresh
  genbench run experiments/quickstart.yaml --set train.epochs=2 --set data=chain
  genbench run experiments/quickstart.yaml --executor slurm --cluster time=4h --cluster slurm.partition=cpu
  genbench run experiments/quickstart.yaml --timeout 30m --memory 2GiB --max-failures 5
  genbench run experiments/quickstart.yaml --retry-failed
  genbench run experiments/quickstart.yaml --retry-failed=diverged,timed_out --timeout 2h

Ctrl-C once starts no new trials and waits for those that run; twice, they are killed. SIGTERM
(`kill PID`, or `genbench cancel NAME`): they save a checkpoint and end. The same command goes on
where it stopped, and two of them on one results folder share the work. `genbench watch NAME`
looks on from elsewhere.

What became of each trial stands in trials.csv: done, diverged, timed_out, out_of_memory, crashed,
refused; interrupted ones have none yet. What is tried again, and when: docs/running.md.")]
    Run(RunArgs),
    /// Show every trial of a grid, and what a run would do with it, without running it.
    #[command(after_help = "Examples:
  genbench plan experiments/quickstart.yaml
  genbench plan experiments/quickstart.yaml --seeds 0,1,2,3 --format csv > trials.csv
  genbench plan experiments/quickstart.yaml --diff old.yaml

What a run would do: `train`; `continue` from a checkpoint; `measure` a trial that is done but lacks a
measure that the grid now asks for; nothing with one that is `done`, or `failed` (see `run --retry-failed`).")]
    Plan(PlanArgs),
    /// Look on while a grid runs, here or on another machine that shares the results.
    #[command(after_help = "Examples:
  genbench watch quickstart                        until all trials are over
  genbench watch experiments/quickstart.yaml
  genbench watch quickstart --once                 the state now

It reads the traces and records alone, so it cannot disturb a run. A worker that was killed looks
like one that thinks: `nothing new for 5 min`. Exit codes: 0 done (with --once: also while it
runs), 100 some trials failed.")]
    Watch(WatchArgs),
    /// Say why a run would train, measure or skip trials of a grid.
    #[command(after_help = "Examples:
  genbench explain experiments/quickstart.yaml 'nade hidden=100' --seed 0
  genbench explain experiments/quickstart.yaml 0123456789ab
  genbench explain quickstart                      all trials, by what ran last under results/quickstart

A trial that is to be trained is held against the finished one most like it: the same variant and seed if
there is one, else the one that differs in the fewest inputs.")]
    Explain(ExplainArgs),
    /// Take the grid's measures on its finished trials, without training.
    Measure(RunArgs),
    /// Rebuild the tables of a grid that has run.
    Table(ResultArgs),
    /// Rebuild the tables and the report of a grid that has run.
    Report(ResultArgs),
    /// Judge a grid that has run against a committed reference.
    #[command(after_help = "Examples:
  genbench regress quickstart                      against results/reference/quickstart.json
  genbench regress quickstart --save               make this run the reference

Exit codes: 0 no regression, 3 a regression, 5 inconclusive.")]
    Regress(RegressArgs),
    /// Draw images from a trained model into a PNG sheet.
    #[command(after_help = "Example:
  genbench sample results/quickstart/trials/0123456789ab --count 64 --seed 7 --out samples.png")]
    Sample(SampleArgs),
    /// The log-density of images under a trained model, one CSV row an image.
    #[command(after_help = "Example:
  genbench score results/quickstart/trials/0123456789ab t10k-images-idx3-ubyte.gz > nats.csv")]
    Score(ScoreArgs),
    /// Audit the sample scores: how well each ranks samplers whose divergence from the data is known.
    #[command(
        alias = "court",
        after_help = "Example:
  genbench audit --images 100,500,2000 --seeds 0,1,2

Writes court.md, court.svg, agreement.csv, features.csv and scores.csv to results/court."
    )]
    Audit(AuditArgs),
    /// How every trial of a grid stands, also while it runs, here or on a cluster.
    #[command(after_help = "Examples:
  genbench status quickstart
  genbench status quickstart --format json")]
    Status(StatusArgs),
    /// End what runs a grid: a runner, here or on a machine that shares the folder, or jobs of a cluster.
    #[command(after_help = "Examples:
  genbench cancel quickstart
  genbench cancel quickstart --trial 0123456789ab     # on a cluster

Trials keep their checkpoints: the same `genbench run` goes on with them. A runner is told to end within a
second, as by SIGTERM.")]
    Cancel(CancelArgs),
    /// Write down what became of trials whose job has died on a cluster; then tables and the report.
    #[command(after_help = "Example:
  genbench collect quickstart

Exit codes: 0 every trial is done, 5 some are not over, 100 some have failed.")]
    Collect(ResultArgs),
    /// A grid as a job for HyperQueue or Kubernetes; writes the trials' folders.
    #[command(after_help = "Examples:
  genbench emit hyperqueue experiments/quickstart.yaml > job.toml     then: hq job submit-file job.toml
  genbench emit kubernetes experiments/quickstart.yaml --cluster kubernetes.image=me/genbench > job.yaml

When the jobs are over: genbench collect quickstart")]
    Emit(EmitArgs),
    /// A grid's traces and results for other tools.
    #[command(after_help = "Examples:
  genbench trace quickstart --to chrome --out trace.json     open it in https://ui.perfetto.dev
  genbench trace quickstart --to junit --out junit.xml       for a CI system
  genbench trace quickstart --to tensorboard --out runs      then: tensorboard --logdir runs
  genbench trace quickstart --trial 0123456789ab --to chrome > trace.json")]
    Trace(TraceArgs),
    /// Data sets on disk.
    #[command(subcommand)]
    Data(DataVerb),
    /// List what a grid can name: models, data, measures or facts.
    List {
        /// models, data, measures or facts
        what: String,
    },
    /// Print the JSON Schema (draft 7) of a grid: completion and checks in an editor.
    #[command(after_help = "Example:
  genbench schema > grid.schema.json

Then, as the first line of a grid, for editors with the YAML language server:
  # yaml-language-server: $schema=../grid.schema.json")]
    Schema,
    /// Write a crate with a model, a data set and a measure of your own.
    #[command(after_help = "Example:
  genbench new my_models && cd my_models && cargo run --release -- run grid.yaml

The crate's program has every command of genbench. It depends on the source that this genbench was built from.
CONTRIBUTING.md describes the traits.")]
    New(NewArgs),
    /// List the devices of this machine, with drivers and a measured step time.
    Doctor,
    /// The worker: run the one trial in a folder.
    #[command(hide = true)]
    Trial { dir: PathBuf },
    /// Answer the timing pass for the one trial in a folder.
    #[command(hide = true)]
    Timing { dir: PathBuf },
    /// Train a few steps on a device.
    #[command(hide = true)]
    Probe { device: String },
}

#[derive(Debug, Subcommand)]
pub(crate) enum DataVerb {
    /// Download a data set into the cache, resuming what an earlier call left.
    #[command(after_help = "Examples:
  genbench data fetch mnist                        then, in a grid: data: {name: idx, path: cache:mnist}
  genbench data fetch fashion_mnist --mirror http://localhost:8000/fashion/")]
    Fetch {
        /// mnist or fashion_mnist
        set: String,
        /// A folder's address to try before the known ones; may be repeated.
        #[arg(long)]
        mirror: Vec<String>,
    },
}

/// Reads the command line, whose first word is the program's name.
pub(crate) fn parse(command: Vec<OsString>) -> Result<Verb, clap::Error> {
    let verb = Cli::try_parse_from(&command)?.verb;
    old_names::warn(&command);
    Ok(verb)
}
