//! The verbs of the command line.

mod against_build;
mod audit;
mod baseline;
mod changed_data;
mod claims;
mod cluster;
mod compare;
mod data;
mod diff;
mod executor;
mod explain;
mod export;
mod grid_argument;
mod history;
mod init;
mod mlflow;
mod model;
mod new;
mod pack;
mod plan;
mod planning;
mod program;
mod regress;
mod report_watch;
mod results;
mod results_folder;
mod run;
mod schema;
mod trace;
mod unexposed;
mod watch;

use protocol::TrialDir;

use crate::cli::{DataVerb, InitVerb, Verb};
use crate::failure::Failure;
use crate::registry::Registry;
use crate::{doctor, probe, timing, worker};

/// Runs a verb and returns its exit code.
pub(crate) fn dispatch(verb: Verb, registry: &Registry) -> Result<u8, Failure> {
    let verb = grid_argument::resolved(verb, registry)?;
    let (verb, _unpacked) = pack::opened(verb)?;
    match verb {
        Verb::Run(args) => run::run(&args, run::Mode::Train, registry),
        Verb::Watch(args) => watch::watch(&args),
        Verb::Measure(args) => run::run(&args, run::Mode::MeasureOnly, registry),
        Verb::Plan(args) => plan::plan(&args, registry),
        Verb::Explain(args) => explain::explain(&args, registry),
        Verb::Table(args) => results::table(&args, registry),
        Verb::Report(args) if args.watch => report_watch::report_watch(&args, registry),
        Verb::Report(args) => results::report(&args.table, registry),
        Verb::Compare(args) => compare::compare(&args, registry),
        Verb::Pack(args) => pack::pack(&args),
        Verb::Unpack(args) => pack::unpack(&args),
        Verb::Regress(args) if args.against_build.is_some() || args.against_rev.is_some() => {
            against_build::against_build(&args, registry)
        }
        Verb::Regress(args) => regress::regress(&args, registry),
        Verb::Baseline(verb) => baseline::baseline(&verb, registry),
        Verb::History(verb) => history::history(&verb, registry),
        Verb::Init(InitVerb::Ci(args)) => init::ci(&args, registry),
        Verb::Claims(args) => claims::claims(&args, registry),
        Verb::Sample(args) => nn::threads::inside(|| model::sample(&args, registry)),
        Verb::Score(args) => nn::threads::inside(|| model::score(&args, registry)),
        Verb::Audit(args) => audit::audit(&args, registry),
        Verb::Export(args) => export::export(&args, registry),
        Verb::Trace(args) => trace::trace(&args, registry),
        Verb::Status(args) => cluster::status(&args, registry),
        Verb::Cancel(args) => cluster::cancel(&args),
        Verb::Collect(args) => cluster::collect(&args),
        Verb::Emit(args) => cluster::emit(&args, registry),
        Verb::Data(DataVerb::Fetch { set, mirror }) => data::fetch(&set, &mirror),
        Verb::Data(DataVerb::Import { set, paths }) => data::import(&set, &paths),
        Verb::List(args) => program::list(&args, registry),
        Verb::Completions(args) => program::completions(&args),
        Verb::Man(args) => program::man(&args),
        Verb::New(args) => new::new(&args),
        Verb::Schema => schema::schema(registry),
        Verb::Doctor(args) => doctor::run(args.format),
        Verb::Trial { dir } => nn::threads::inside(|| worker::run(&TrialDir(dir), registry)),
        Verb::Timing { dir } => nn::threads::inside(|| timing::run(&TrialDir(dir), registry)),
        Verb::Probe { device } => probe::run(&device, registry),
    }
}
