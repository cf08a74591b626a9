//! What each verb of the command line does.

mod cluster;
mod court;
mod data;
mod diff;
mod explain;
mod failure;
mod model;
mod plan;
mod results;
mod run;
mod schema;
mod trace;
mod watch;

use std::io::{self, BufWriter, Write};

pub(crate) use failure::Failure;

use protocol::{TrialDir, exit};

use crate::cli::{DataVerb, Verb};
use crate::{catalog, doctor, probe, timing, worker};

/// Does what was asked for; the exit code on success.
pub(crate) fn dispatch(verb: Verb) -> Result<u8, Failure> {
    match verb {
        Verb::Run(args) => run::run(&args, run::Mode::Train),
        Verb::Watch(args) => watch::watch(&args),
        Verb::Measure(args) => run::run(&args, run::Mode::MeasureOnly),
        Verb::Plan(args) => plan::plan(&args),
        Verb::Explain(args) => explain::explain(&args),
        Verb::Table(args) => results::table(&args),
        Verb::Report(args) => results::report(&args),
        Verb::Regress(args) => results::regress(&args),
        Verb::Sample(args) => engine::pool::inside(|| model::sample(&args)),
        Verb::Score(args) => engine::pool::inside(|| model::score(&args)),
        Verb::Court(args) => court::court(&args),
        Verb::Trace(args) => trace::trace(&args),
        Verb::Status(args) => cluster::status(&args),
        Verb::Cancel(args) => cluster::cancel(&args),
        Verb::Collect(args) => cluster::collect(&args),
        Verb::Emit(args) => cluster::emit(&args),
        Verb::Data(DataVerb::Fetch { set, mirror }) => data::fetch(&set, &mirror),
        Verb::List { what } => list(&what),
        Verb::Schema => schema::schema(),
        Verb::Doctor => doctor::run(),
        Verb::Trial { dir } => engine::pool::inside(|| worker::run(&TrialDir(dir))),
        Verb::Timing { dir } => engine::pool::inside(|| timing::run(&TrialDir(dir))),
        Verb::Probe { device } => probe::run(&device),
    }
}

fn list(what: &str) -> Result<u8, Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    for (name, about, defaults) in catalog::list(what)? {
        writeln!(out, "{name:14} {about}")?;
        for (setting, value) in defaults.as_object().into_iter().flatten() {
            writeln!(out, "{:14}   {setting}: {value}", "")?;
        }
    }
    out.flush()?;
    Ok(exit::DONE)
}
