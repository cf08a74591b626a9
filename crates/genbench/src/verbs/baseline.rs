//! `baseline`: the baselines of the regression gate.

use std::io::Write;
use std::path::Path;

use analysis::gate::{
    Baseline, BaselineFile, BaselineFiles, GateFormat, GateSettings, MAIN, MachineClass, SeedState, check,
    read_baseline, stale_inputs, visible_losses,
};
use protocol::text::{count, shell_word};
use protocol::{GridDir, Plan, atomic, exit};

use super::{regress, results};
use crate::cli::{BaselineVerb, FromToArgs, NamedArgs, PruneArgs, ResultArgs, results_option};
use crate::failure::Failure;
use crate::output::{self, note, say};
use crate::registry::Registry;

pub(crate) fn baseline(verb: &BaselineVerb, registry: &Registry) -> Result<u8, Failure> {
    match verb {
        BaselineVerb::Save(args) => save(args, registry),
        BaselineVerb::List(args) => list(args),
        BaselineVerb::Show(args) => show(args),
        BaselineVerb::Diff(args) => diff(args),
        BaselineVerb::Promote(args) => promote(args),
        BaselineVerb::Prune(args) => prune(args),
    }
}

/// Saves a run as a baseline, and prints the loss that it can see in each figure.
pub(super) fn save(args: &NamedArgs, registry: &Registry) -> Result<u8, Failure> {
    let results = results::read(&args.result, registry)?;
    let baseline = Baseline::of(&results);
    let planned = results.records().len();
    let lost = planned - baseline.count(SeedState::Done) - baseline.count(SeedState::Collapsed);
    if lost == planned {
        return Err(Failure::usage(format!("no trial of {} is done\nhelp: run its grid first", baseline.grid)));
    }
    if lost > 0 {
        note!("warning: {lost} of {planned} trials are not done; later runs may lose as many");
    }
    if baseline.build.is_none() {
        note!("warning: the trials were made by several builds, or by an unknown one");
    }
    let folder = args.baselines.as_ref().unwrap_or(&args.result.results);
    let path = BaselineFiles::of(folder, &baseline.grid).path(&args.named, &MachineClass::of(results.records()));
    atomic::write_json(&path, &baseline)?;
    print(&baseline, &regress::settings(&results, args.result.words_in(folder)))?;
    say!("{}", path.display())?;
    Ok(exit::DONE)
}

/// Prints the build and machine of a baseline, and the loss that it can see in each figure.
fn print(baseline: &Baseline, settings: &GateSettings) -> Result<(), Failure> {
    let mut out = output::people();
    let trials = |state: SeedState| baseline.count(state);
    writeln!(out, "{}: {} on {}", baseline.grid, baseline.made_by(), baseline.machine)?;
    writeln!(
        out,
        "{} done, {} collapsed, {} failed",
        count(trials(SeedState::Done), "trial"),
        trials(SeedState::Collapsed),
        trials(SeedState::Failed)
    )?;
    writeln!(out, "\nFigures that gate, and the loss that is seen with a probability of 80% (other seeds a side;")?;
    writeln!(out, "pairs of equal seeds mostly see less):")?;
    for visible in visible_losses(baseline, settings) {
        writeln!(out, "  {visible}")?;
    }
    Ok(out.flush()?)
}

fn files(args: &ResultArgs) -> BaselineFiles {
    BaselineFiles::of(&args.results, &args.name)
}

/// Plan of the last run, if there is one.
fn last_plan(args: &ResultArgs) -> Option<Plan> {
    Plan::read(&GridDir::new(&args.results, &args.name)).ok()
}

/// Warns if the baseline `main` is of other inputs than a plan.
pub(super) fn warn_of_stale(results: &Path, plan: &Plan) {
    let found = BaselineFiles::of(results, &plan.grid).find(MAIN, &MachineClass::default()).ok().flatten();
    let Some(Ok(Some(baseline))) = found.map(|file| read_baseline(&file.path)) else { return };
    let changes = stale_inputs(&baseline, plan);
    let Some(first) = changes.first() else { return };
    let more = if changes.len() > 1 { format!(" (and {} more)", changes.len() - 1) } else { String::new() };
    let words = shell_word(&plan.grid) + &results_option(results);
    let help = format!("after the run, `genbench baseline save {words}` replaces it");
    note!("warning: the baseline {MAIN} is stale: {first}{more}\nhelp: {help}");
}

fn list(args: &ResultArgs) -> Result<u8, Failure> {
    let (files, plan) = (files(args).list()?, last_plan(args));
    let mut out = output::people();
    for file in &files {
        let state = match read_baseline(&file.path) {
            Ok(Some(baseline)) => {
                let stale = plan.as_ref().is_some_and(|plan| !stale_inputs(&baseline, plan).is_empty());
                let done = baseline.count(SeedState::Done) + baseline.count(SeedState::Collapsed);
                let state = if stale { "; stale: its inputs are not those of the last run" } else { "" };
                format!("{}, {}{state}", baseline.made_by(), count(done, "trial"))
            }
            Ok(None) => continue,
            Err(error) => format!("unreadable: {error}"),
        };
        writeln!(out, "{}  {}  {state}", file.name, file.machine)?;
    }
    if files.is_empty() {
        note!("{} has no baselines\nhelp: genbench baseline save {}", args.name, args.words());
        return Ok(exit::NOTHING);
    }
    out.flush()?;
    Ok(exit::DONE)
}

/// The baseline of a name, of any machine class.
fn named(args: &ResultArgs, name: &str) -> Result<(BaselineFile, Baseline), Failure> {
    let machine = results::plan(args).map(|(grid, plan)| MachineClass::of(&analysis::records(&grid, &plan)));
    let found = files(args).find(name, &machine.unwrap_or_default())?;
    let read = found.map(|file| Ok::<_, Failure>((read_baseline(&file.path)?, file))).transpose()?;
    match read {
        Some((Some(baseline), file)) => Ok((file, baseline)),
        _ => {
            let help = format!("`genbench baseline list {}` lists its baselines", args.words());
            Err(Failure::usage(format!("{} has no baseline {name}\nhelp: {help}", args.name)))
        }
    }
}

fn show(args: &NamedArgs) -> Result<u8, Failure> {
    let (file, baseline) = named(&args.result, &args.named)?;
    let plan = last_plan(&args.result);
    print(&baseline, &plan.as_ref().map(GateSettings::of).unwrap_or_default())?;
    for change in plan.map(|plan| stale_inputs(&baseline, &plan)).unwrap_or_default() {
        say!("stale: {change}")?;
    }
    say!("{}", file.path.display())?;
    Ok(exit::DONE)
}

fn diff(args: &FromToArgs) -> Result<u8, Failure> {
    let (_, before) = named(&args.result, &args.from)?;
    let (_, after) = named(&args.result, &args.to)?;
    let settings = last_plan(&args.result).as_ref().map(GateSettings::of).unwrap_or_default();
    let settings = GateSettings { arguments: Some(args.result.words()), ..settings };
    let gate = check(&before, &after, &settings);
    let mut out = output::people();
    write!(out, "{}", gate.format(GateFormat::Text).map_err(|error| Failure::internal(error.to_string()))?)?;
    out.flush()?;
    Ok(gate.result().exit_code(false))
}

fn promote(args: &FromToArgs) -> Result<u8, Failure> {
    let (_, baseline) = named(&args.result, &args.from)?;
    let path = files(&args.result).path(&args.to, &baseline.machine);
    atomic::write_json(&path, &baseline)?;
    say!("{}", path.display())?;
    Ok(exit::DONE)
}

fn prune(args: &PruneArgs) -> Result<u8, Failure> {
    let (_, plan) = results::plan(&args.result)?;
    let mut pruned = 0;
    for file in files(&args.result).list()?.into_iter().filter(|file| file.name != MAIN) {
        let baseline = match read_baseline(&file.path) {
            Ok(Some(baseline)) => baseline,
            Ok(None) => continue,
            Err(error) => {
                note!("warning: kept, as it cannot be read: {}", protocol::worded(&error));
                continue;
            }
        };
        if stale_inputs(&baseline, &plan).is_empty() {
            continue;
        }
        pruned += 1;
        if !args.dry_run {
            std::fs::remove_file(&file.path).map_err(|error| atomic::named(&file.path, &error))?;
        }
        say!("{}{}", if args.dry_run { "would delete " } else { "deleted " }, file.path.display())?;
    }
    if pruned == 0 {
        note!("no stale baseline besides {MAIN}");
        return Ok(exit::NOTHING);
    }
    Ok(exit::DONE)
}
