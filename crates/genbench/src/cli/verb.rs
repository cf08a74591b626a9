//! The verbs.

use std::path::PathBuf;

use clap::Subcommand;

use super::{
    AuditArgs, BaselineVerb, CancelArgs, CompareArgs, CompletionsArgs, DataVerb, DoctorArgs, EmitArgs, ExplainArgs,
    ExportArgs, HistoryVerb, InitVerb, ListArgs, ManArgs, NewArgs, PackArgs, PlanArgs, RegressArgs, ReportArgs,
    ResultArgs, RunArgs, SampleArgs, ScoreArgs, StatusArgs, TableArgs, TraceArgs, UnpackArgs, WatchArgs,
};
use super::{cluster, data, export, gate, grid, history, init, model, new, pack, program, results, run, worker};

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Run a grid: train, measure, time, write tables and the report.
    #[command(after_help = run::RUN)]
    Run(RunArgs),
    /// Show every trial of a grid, and what `run` would do with it.
    #[command(after_help = grid::PLAN)]
    Plan(PlanArgs),
    /// Follow a run, here or on another machine that shares the results.
    #[command(after_help = results::WATCH)]
    Watch(WatchArgs),
    /// Explain why `run` would train, measure or skip each trial of a grid.
    #[command(after_help = grid::EXPLAIN)]
    Explain(ExplainArgs),
    /// Take missing measures on the finished trials of a grid, without training.
    #[command(after_help = run::MEASURE)]
    Measure(RunArgs),
    /// Write the tables (CSV) of a finished grid again.
    #[command(after_help = results::TABLE)]
    Table(TableArgs),
    /// Write the tables and the report of a grid again, once or while it runs.
    #[command(after_help = results::REPORT)]
    Report(ReportArgs),
    /// Compare the results of runs: inputs, figures, failures and costs.
    #[command(after_help = results::COMPARE)]
    Compare(CompareArgs),
    /// Compare a finished grid with a baseline: the regression gate.
    #[command(after_help = gate::REGRESS)]
    Regress(RegressArgs),
    /// Save, list, show, compare, promote or prune the baselines of the regression gate.
    #[command(subcommand, after_help = gate::BASELINE)]
    Baseline(BaselineVerb),
    /// Record the figures of a grid over commits, and find the commits at which they changed.
    #[command(subcommand, after_help = history::HISTORY)]
    History(HistoryVerb),
    /// Write files for a CI system.
    #[command(subcommand, after_help = init::INIT)]
    Init(InitVerb),
    /// Judge the claims of a finished grid: supported, refuted or undecided.
    #[command(after_help = results::CLAIMS)]
    Claims(ResultArgs),
    /// Write the results of a grid into one file, which is small enough to commit.
    #[command(after_help = pack::PACK)]
    Pack(PackArgs),
    /// Restore the results folder of a grid from a pack.
    #[command(after_help = pack::UNPACK)]
    Unpack(UnpackArgs),
    /// Draw images from a trained model into a PNG sheet.
    #[command(after_help = model::SAMPLE)]
    Sample(SampleArgs),
    /// Print the log-density of images under a trained model in nats, one CSV row per image.
    #[command(after_help = model::SCORE)]
    Score(ScoreArgs),
    /// Audit the sample scores on samplers whose divergence from the data is known.
    #[command(alias = "court", after_help = model::AUDIT)]
    Audit(AuditArgs),
    /// Show the state of every trial of a grid, finished or running, here or on a cluster.
    #[command(after_help = cluster::STATUS)]
    Status(StatusArgs),
    /// Stop a running grid: its runners, here or on machines that share the folder, or its cluster jobs.
    #[command(after_help = cluster::CANCEL)]
    Cancel(CancelArgs),
    /// Record the outcomes of cluster jobs that died, then write tables and the report.
    #[command(after_help = cluster::COLLECT)]
    Collect(ResultArgs),
    /// Print a grid as a job for HyperQueue or Kubernetes, and create the folders of its trials.
    #[command(after_help = cluster::EMIT)]
    Emit(EmitArgs),
    /// Export the results of a grid: tables and plots for papers, files for other programs, runs for trackers.
    #[command(after_help = export::EXPORT)]
    Export(ExportArgs),
    /// Export traces and results of a grid to other tools.
    #[command(after_help = export::TRACE)]
    Trace(TraceArgs),
    /// Download or import data sets.
    #[command(subcommand, after_help = data::DATA)]
    Data(DataVerb),
    /// List the models, data sets, measures or facts, with their settings and defaults.
    #[command(after_help = program::LIST)]
    List(ListArgs),
    /// Print the JSON Schema (draft 7) of grids, for completion and checks in editors.
    #[command(after_help = program::SCHEMA)]
    Schema,
    /// Write a crate with a model, a data set and a measure of your own.
    #[command(after_help = new::NEW)]
    New(NewArgs),
    /// List the devices of this machine, with drivers and a measured step time.
    #[command(after_help = program::DOCTOR)]
    Doctor(DoctorArgs),
    /// Print the completions of a shell.
    #[command(after_help = program::COMPLETIONS)]
    Completions(CompletionsArgs),
    /// Write man pages, one for each verb.
    #[command(after_help = program::MAN)]
    Man(ManArgs),
    /// Run one trial as a worker (started by `run` and by cluster jobs).
    #[command(hide = true, after_help = worker::TRIAL)]
    Trial {
        /// Folder of the trial, which contains trial.json.
        dir: PathBuf,
    },
    /// Time one trial as a worker of the timing pass (started by `run`).
    #[command(hide = true, after_help = worker::TIMING)]
    Timing {
        /// Folder of the trial, which contains trial.json and a checkpoint.
        dir: PathBuf,
    },
    /// Train a few steps on a device and print the step time in ms as JSON (started by `doctor`).
    #[command(hide = true, after_help = worker::PROBE)]
    Probe {
        /// Device: flex, wgpu or wgpu:N.
        device: String,
    },
}
