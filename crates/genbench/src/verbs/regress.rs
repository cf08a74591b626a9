//! `regress`: the regression gate on a finished grid.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;
use std::time::SystemTime;
use std::{env, fs};

use analysis::Results;
use analysis::gate::{Baseline, BaselineFiles, Gate, GateFormat, GateSettings, MachineClass, check, read_baseline};
use analysis::pack::{UnpackOptions, is_pack, unpack};
use protocol::{GridDir, GridRecord, Plan, VariantPlace, atomic};

use super::{baseline, results};
use crate::cli::{GateFormatName, NamedArgs, RegressArgs};
use crate::failure::Failure;
use crate::output::{self, note};
use crate::registry::Registry;

/// Compares a run with a baseline.
pub(crate) fn regress(args: &RegressArgs, registry: &Registry) -> Result<u8, Failure> {
    if args.save {
        note!("warning: `regress --save` was renamed to `baseline save`");
        if args.baseline != analysis::gate::MAIN {
            let words = args.result.words_in(baselines(args));
            let help = format!("write it with: genbench baseline save {words} --as NAME");
            return Err(Failure::usage(format!("--save takes no file\nhelp: {help}")));
        }
        let (result, baselines) = (args.result.clone(), args.baselines.clone());
        let named = NamedArgs { result, named: args.baseline.clone(), baselines };
        return baseline::save(&named, registry);
    }
    if args.instructions {
        let help = "add --against-build PATH or --against-rev REV";
        return Err(Failure::usage(format!("--instructions compares two builds\nhelp: {help}")));
    }
    let results = results::read(&args.result, registry)?;
    let baseline = baseline_of(args, &results)?;
    let settings = settings(&results, args.result.words_in(baselines(args)));
    let run = Baseline::matching(&results, &baseline);
    refuse_figures_without_a_direction(&settings, &run)?;
    let gate = check(&baseline, &run, &settings);
    print(&gate, args)?;
    warn_of_other_builds(&results, registry);
    Ok(gate.result().exit_code(args.fail_undecided))
}

/// Warns if the trials were run by another build: the verdicts are then about that build, not about this program.
fn warn_of_other_builds(results: &Results, registry: &Registry) {
    let others = runner::of_other_code(results.grid(), results.plan(), &registry.build).len();
    if others > 0 {
        let trials = protocol::text::count(others, "trial");
        note!(
            "warning: {trials} of this run were made by another build, which the verdicts are about; `genbench run --rerun-if code` trains them again"
        );
    }
}

/// Folder of all results that has the baselines.
fn baselines(args: &RegressArgs) -> &Path {
    args.baselines.as_ref().unwrap_or(&args.result.results)
}

/// Reads the baseline that the command names, and refuses that of another grid.
fn baseline_of(args: &RegressArgs, results: &Results) -> Result<Baseline, Failure> {
    let (grid, name) = (&results.plan().grid, &args.baseline);
    let words = args.result.words_in(baselines(args));
    let help = format!("`genbench baseline save {words}` makes the current run the baseline");
    let is_file = name.contains(['/', '.']);
    let path = match is_file {
        true => Some(name.into()),
        false => {
            let files = BaselineFiles::of(baselines(args), grid);
            files.find(name, &MachineClass::of(results.records()))?.map(|file| file.path)
        }
    };
    let read = |path: &Path| if is_pack(path) { of_pack(path) } else { of_file(path, &help) };
    let found = path.as_deref().map(read).transpose()?.flatten();
    let Some(baseline) = found else {
        let what = if is_file { format!("there is no file {name}") } else { format!("{grid} has no baseline {name}") };
        return Err(Failure::usage(format!("{what}\nhelp: {help}")));
    };
    if baseline.grid != *grid {
        let path = path.unwrap_or_default();
        let message = format!("{}: a baseline of the grid {}, not of {grid}", path.display(), baseline.grid);
        return Err(Failure::usage(format!("{message}\nhelp: {help}")));
    }
    Ok(baseline)
}

/// Refuses figures in `gate` that no variant has as a score: they would gate nothing.
fn refuse_figures_without_a_direction(settings: &GateSettings, run: &Baseline) -> Result<(), Failure> {
    let scores: BTreeSet<&str> =
        run.variants.iter().flat_map(|one| &one.figures).map(|one| one.figure.name.as_str()).collect();
    match settings.gate.iter().find(|name| !scores.contains(name.as_str())) {
        Some(name) if !scores.is_empty() => {
            let list = scores.into_iter().collect::<Vec<_>>().join(", ");
            let message = format!("`gate`: no variant of this run has `{name}` with a better direction");
            Err(Failure::usage(format!("{message}\nhelp: name one of: {list}")))
        }
        _ => Ok(()),
    }
}

fn of_file(path: &Path, help: &str) -> Result<Option<Baseline>, Failure> {
    read_baseline(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => Failure::usage(format!("{error}\nhelp: {help}")),
        _ => error.into(),
    })
}

/// The baseline of all results in a pack.
fn of_pack(path: &Path) -> Result<Option<Baseline>, Failure> {
    if !path.exists() {
        return Ok(None);
    }
    let folder = tempfile::tempdir()?;
    let grid = unpack(path, folder.path(), &UnpackOptions::default())?.grid;
    Ok(Some(Baseline::of(&Results::read(grid.clone(), Plan::read(&grid)?))))
}

/// Settings of the grid. Locations of variants are relative to the current folder. `words` name the grid in advice.
pub(super) fn settings(results: &Results, words: String) -> GateSettings {
    let mut settings = GateSettings { arguments: Some(words), ..GateSettings::of(results.plan()) };
    for place in settings.places.values_mut() {
        *place = here(place, results.grid());
    }
    settings
}

fn here(place: &VariantPlace, grid: &GridDir) -> VariantPlace {
    let record: Option<GridRecord> = atomic::read_json_if_exists(&grid.record()).ok().flatten();
    let file = record.and_then(|record| record.file).map(|file| grid.0.join(file));
    let folder = file.and_then(|file| file.canonicalize().ok()?.parent().map(Path::to_owned));
    let below = |path: &Path| {
        let here = env::current_dir().ok()?.canonicalize().ok()?;
        Some(path.strip_prefix(here).ok()?.to_string_lossy().into_owned())
    };
    let file = folder.and_then(|folder| below(&folder.join(&place.file)));
    VariantPlace { file: file.unwrap_or_else(|| place.file.clone()), ..place.clone() }
}

/// Prints the outcome, and writes it where CI systems look.
fn print(gate: &Gate, args: &RegressArgs) -> Result<(), Failure> {
    let text = |format: GateFormat| gate.format(format).map_err(|error| Failure::internal(error.to_string()));
    let wanted = text(args.format.into())?;
    let on_github = env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true");
    if let Some(path) = &args.out {
        atomic::write(path, wanted.as_bytes())?;
    }
    if args.out.is_none() && args.format != GateFormatName::Text {
        let mut out = output::stdout();
        write!(out, "{wanted}")?;
        out.flush()?;
    } else {
        let mut out = output::people();
        let table = text(GateFormat::Text)?;
        if on_github {
            // A label in the table must not be read as a command of the workflow.
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            let token = format!("genbench-{}-{}", std::process::id(), now.as_nanos());
            write!(out, "::stop-commands::{token}\n{table}::{token}::\n{}", text(GateFormat::Github)?)?;
        } else {
            write!(out, "{table}")?;
        }
        out.flush()?;
    }
    if let Some(path) = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| on_github && !path.is_empty())
        && let Err(error) = append(Path::new(&path), &(text(GateFormat::Markdown)? + "\n"))
    {
        let reason = protocol::worded(error);
        note!("warning: GITHUB_STEP_SUMMARY: {}: {reason}", Path::new(&path).display());
    }
    Ok(())
}

fn append(path: &Path, text: &str) -> io::Result<()> {
    fs::OpenOptions::new().create(true).append(true).open(path)?.write_all(text.as_bytes())
}
