//! The command line: verbs, options and their help.

mod cluster;
mod data;
mod export;
mod gate;
mod grid;
mod history;
mod init;
mod man;
mod model;
mod new;
mod old_names;
mod pack;
mod program;
mod results;
mod run;
#[cfg(test)]
mod tests;
mod verb;
mod worker;

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser};

use crate::output::{self, Stream};

pub(crate) use cluster::{CancelArgs, ClusterArgs, EmitArgs, StatusArgs, Target};
pub(crate) use data::DataVerb;
pub(crate) use export::{ExportArgs, ExportFormat, Tool, TraceArgs};
pub(crate) use gate::{BaselineVerb, FromToArgs, GateFormatName, NamedArgs, PruneArgs, RegressArgs};
pub(crate) use grid::{ExplainArgs, Format, GridArgs, Listing, PlanArgs};
pub(crate) use history::{HistoryAddArgs, HistoryFormat, HistoryShowArgs, HistoryVerb};
pub(crate) use init::{CiArgs, InitVerb};
pub(crate) use man::{completions, man_pages};
pub(crate) use model::{AuditArgs, SampleArgs, ScoreArgs};
pub(crate) use new::NewArgs;
pub(crate) use pack::{PackArgs, UnpackArgs};
pub(crate) use program::{CompletionsArgs, DoctorArgs, ListArgs, ManArgs, TextOrJson};
pub(crate) use results::{CompareArgs, CompareFormat, ReportArgs, ResultArgs, TableArgs, WatchArgs, results_option};
pub(crate) use run::{ExecutorName, RerunIf, RunArgs};
pub(crate) use verb::Verb;

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
    3  worse than the baseline, or a claim is refuted
    4  nothing to do
    5  undecided
    6  stale baseline
   70  internal error
   74  environment: disk, permission, network or device
  100  some trials failed
  130  interrupted";

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
