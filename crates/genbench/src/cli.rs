//! The command line.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

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

Exit codes: 0 done, 2 the grid or the command is wrong, 3 a regression, 4 nothing to run,
5 inconclusive, 100 some trials failed, 130 interrupted.";

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Run a grid: train, measure, time, write tables and the report.
    #[command(after_help = "Examples:
  genbench run experiments/quickstart.yaml
  genbench run experiments/quickstart.yaml --device flex --jobs 1 --seeds 0,1
  genbench run experiments/quickstart.yaml --only 'nade*' --fresh
  genbench run experiments/quickstart.yaml --set train.epochs=2 --set data=chain
  genbench run experiments/quickstart.yaml --engine slurm --cluster time=4h --cluster slurm.partition=cpu
  genbench run experiments/quickstart.yaml --timeout 30m --memory 2GiB --max-failures 5
  genbench run experiments/quickstart.yaml --retry-failed
  genbench run experiments/quickstart.yaml --retry-failed=diverged,timed_out --timeout 2h

Ctrl-C once starts no new trials and waits for those that run; twice, they save a checkpoint
and end; three times, they are killed. SIGTERM: they save a checkpoint and end. The same command
goes on where it stopped, and two of them on one results folder share the work. `genbench watch
NAME` looks on from elsewhere.

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
    /// Put the sample scores on trial: samplers whose divergence from the data is known, ranked by each.
    #[command(after_help = "Example:
  genbench court --images 100,500,2000 --seeds 0,1,2

Writes court.md, court.svg, agreement.csv and scores.csv.")]
    Court(CourtArgs),
    /// How every trial of a grid stands, also while it runs, here or on a cluster.
    #[command(after_help = "Examples:
  genbench status quickstart
  genbench status quickstart --format json")]
    Status(StatusArgs),
    /// End trials that a cluster runs or has in its queue.
    #[command(after_help = "Examples:
  genbench cancel quickstart
  genbench cancel quickstart --trial 0123456789ab

They keep their checkpoints: `run --engine slurm` goes on with them.")]
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

#[derive(Debug, Args)]
pub(crate) struct GridArgs {
    /// The grid: a YAML file.
    pub(crate) grid: PathBuf,
    /// Another device than the grid's: auto, flex, wgpu or wgpu:N.
    #[arg(long)]
    pub(crate) device: Option<String>,
    /// Other seeds than the grid's, such as 0,1,2.
    #[arg(long, value_delimiter = ',')]
    pub(crate) seeds: Option<Vec<u64>>,
    /// A setting over all that the grid says, such as train.steps=100; may be repeated.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Only the variants whose label matches (* stands for anything); may be repeated.
    #[arg(long)]
    pub(crate) only: Vec<String>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) message_format: Format,
}

impl GridArgs {
    /// A grid as it is written.
    pub(crate) fn of(grid: &Path, message_format: Format) -> Self {
        let (set, only) = (Vec::new(), Vec::new());
        Self { grid: grid.to_owned(), device: None, seeds: None, set, only, message_format }
    }
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) grid: GridArgs,
    /// The folder of all results: what is done is read there.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
    /// How to print trials; json is one object a line.
    #[arg(long, value_enum, default_value_t = Listing::Table)]
    pub(crate) format: Listing,
    /// Instead, what this grid has that another one, as it is written, has not.
    #[arg(long, value_name = "OTHER.yaml")]
    pub(crate) diff: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    pub(crate) grid: GridArgs,
    /// A trial's id or the beginning of it, or a variant's label; by default all.
    pub(crate) trial: Option<String>,
    /// Only this seed.
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// The folder of all results.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listing {
    /// For people, with a summary.
    Table,
    /// One JSON object a line, each with the whole trial.
    Json,
    /// One line a trial, with a header.
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) grid: GridArgs,
    /// The folder of all results.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
    /// Workers at once; by default as many as processors on flex, one per GPU.
    #[arg(long)]
    pub(crate) jobs: Option<usize>,
    /// Forget what has run before.
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Run failed trials again: those that crashed, ran out of memory, timed out or were refused; or only those of
    /// the named kinds. What diverged would do so again: name it to have it run from the start.
    #[arg(long, value_name = "KINDS", num_args = 0..=1, require_equals = true, value_delimiter = ',',
          default_missing_values = lab::run::RETRIED, value_parser = FAILURES)]
    pub(crate) retry_failed: Vec<String>,
    /// Start no more trials once this many have failed in this run.
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub(crate) max_failures: Option<usize>,
    /// How long a trial may run, such as 90s, 30m or 1h30m; then it saves a checkpoint and is `timed_out`.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,
    /// How much memory a worker may hold, such as 800MB or 2GiB; what holds more is `out_of_memory`, and is tried
    /// once more alone, with the memory of all workers at once.
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) memory: Option<u64>,
    /// Where trials run: `slurm` submits them as array jobs.
    #[arg(long, value_enum, default_value_t = EngineName::Local)]
    pub(crate) engine: EngineName,
    /// On a cluster: wait until every trial is over.
    #[arg(long)]
    pub(crate) follow: bool,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Leave out the timing pass.
    #[arg(long)]
    pub(crate) no_timing: bool,
    /// No progress.
    #[arg(long)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineName {
    /// Processes of this machine.
    Local,
    /// Array jobs of a Slurm cluster that shares this folder.
    Slurm,
}

#[derive(Debug, Args)]
pub(crate) struct ClusterArgs {
    /// What each trial is given on a cluster, such as time=4h, mem=4G, throttle=20 or slurm.partition=gpu; may
    /// be repeated. See docs/cluster.md.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) cluster: Vec<String>,
    /// A YAML file of the same.
    #[arg(long, value_name = "FILE")]
    pub(crate) cluster_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// How to print trials; json is one object a line.
    #[arg(long, value_enum, default_value_t = Listing::Table)]
    pub(crate) format: Listing,
}

#[derive(Debug, Args)]
pub(crate) struct CancelArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// Only this trial, by its id or the beginning of it; may be repeated.
    #[arg(long)]
    pub(crate) trial: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct EmitArgs {
    /// For whom.
    #[arg(value_enum)]
    pub(crate) target: Target,
    #[command(flatten)]
    pub(crate) grid: GridArgs,
    /// The folder of all results.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// A job file: TOML.
    Hyperqueue,
    /// An Indexed Job: YAML.
    Kubernetes,
}

#[derive(Debug, Args)]
pub(crate) struct ResultArgs {
    /// The grid's name: its folder under the results.
    pub(crate) name: String,
    /// The folder of all results.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// The grid's name (its folder under the results), or the grid: a YAML file.
    pub(crate) grid: PathBuf,
    /// The folder of all results.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
    /// Print the state and end.
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TraceArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// Only this trial, by its id or the beginning of it; may be repeated.
    #[arg(long)]
    pub(crate) trial: Vec<String>,
    /// The format.
    #[arg(long, value_enum)]
    pub(crate) to: Tool,
    /// The file, or with tensorboard the folder; without it the document is printed.
    #[arg(long, required_if_eq("to", "tensorboard"))]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tool {
    /// Chrome's trace events: spans and figures on a time line.
    Chrome,
    /// Event files, a run for each trial.
    Tensorboard,
    /// A test case for each trial.
    Junit,
}

#[derive(Debug, Args)]
pub(crate) struct RegressArgs {
    #[command(flatten)]
    pub(crate) result: ResultArgs,
    /// The reference; by default <results>/reference/<name>.json.
    #[arg(long)]
    pub(crate) reference: Option<PathBuf>,
    /// Write the reference from this run instead of judging.
    #[arg(long)]
    pub(crate) save: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SampleArgs {
    /// The trial's folder.
    pub(crate) trial: PathBuf,
    /// How many images.
    #[arg(long, default_value_t = 64)]
    pub(crate) count: usize,
    /// The seed of the draws.
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Means instead of draws, where the model has them.
    #[arg(long)]
    pub(crate) means: bool,
    /// The PNG file.
    #[arg(long, default_value = "samples.png")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ScoreArgs {
    /// The trial's folder.
    pub(crate) trial: PathBuf,
    /// Images in MNIST's file format, plain or .gz; `test` scores the trial's own test split.
    pub(crate) images: PathBuf,
    /// Importance draws for a model with a bound.
    #[arg(long, default_value_t = 50)]
    pub(crate) k: usize,
}

#[derive(Debug, Args)]
pub(crate) struct CourtArgs {
    /// Numbers of test images, each with as many samples: at least 100, at most 2000.
    #[arg(long, value_delimiter = ',', default_values_t = [100, 500, 2000], value_parser = images_in_court)]
    pub(crate) images: Vec<usize>,
    /// Seeds of data and samples.
    #[arg(long, value_delimiter = ',', default_values_t = [0, 1, 2])]
    pub(crate) seeds: Vec<u64>,
    /// The folder of all results; the findings go to its folder `court`.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
    /// No progress.
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// The kinds of failure, as they stand in `trials.csv`.
const FAILURES: [&str; 5] = ["crashed", "out_of_memory", "timed_out", "refused", "diverged"];

fn at_least_one(written: &str) -> Result<usize, String> {
    written.parse().ok().filter(|count| *count > 0).ok_or_else(|| "a whole number from 1 on".to_owned())
}

fn duration(written: &str) -> Result<Duration, String> {
    let known = humantime::parse_duration(written).ok().filter(|duration| !duration.is_zero());
    known.ok_or_else(|| "a duration with its unit, such as 90s, 30m or 1h30m".to_owned())
}

fn size(written: &str) -> Result<u64, String> {
    // A bare number would be bytes, which nobody means.
    let unit = written.ends_with(|end: char| end.is_ascii_alphabetic());
    let known = written.parse::<bytesize::ByteSize>().ok().map(|size| size.as_u64()).filter(|bytes| unit && *bytes > 0);
    known.ok_or_else(|| "a size such as 800MB (10^6 bytes each) or 2GiB (2^30)".to_owned())
}

fn images_in_court(written: &str) -> Result<usize, String> {
    match written.parse() {
        Ok(images @ 100..=2000) => Ok(images),
        _ => Err("a whole number from 100 to 2000".to_owned()),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Human,
    /// For programs: one JSON object a line.
    Json,
}

/// Reads the command line; on a mistake clap says what is wrong and exits with 2.
pub(crate) fn parse() -> Verb {
    Cli::parse().verb
}
