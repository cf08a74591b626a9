//! `pack` and `unpack`, and reading of a pack by the verbs that read results.

use std::path::{Path, PathBuf};

use analysis::pack::{self, PackError, PackOptions, UnpackOptions, Unpacked, is_pack};
use bytesize::ByteSize;
use protocol::{atomic, exit};
use tempfile::TempDir;

use super::results;
use crate::cli::{
    BaselineVerb, ExplainArgs, HistoryAddArgs, HistoryVerb, NamedArgs, PackArgs, RegressArgs, ReportArgs, ResultArgs,
    TableArgs, UnpackArgs, Verb,
};
use crate::failure::Failure;
use crate::host;
use crate::output::{note, say};

/// Writes the results of a grid into one file.
pub(crate) fn pack(args: &PackArgs) -> Result<u8, Failure> {
    let (folder, plan) = results::plan(&args.result)?;
    let options = PackOptions {
        genbench: host::VERSION.to_owned(),
        points: args.points,
        without: args.without.clone(),
        host_names: args.host_names,
        paths: args.paths,
        max_size: args.max_size,
    };
    let out = args.out.clone().unwrap_or_else(|| format!("{}.{}", plan.grid, pack::EXTENSION).into());
    if !is_pack(&out) {
        let help = format!("name it {}", out.with_extension(pack::EXTENSION).display());
        return Err(Failure::usage(format!("{}: a pack has the extension .genbench\nhelp: {help}", out.display())));
    }
    if out.is_dir() {
        return Err(Failure::usage(format!("{} is a folder\nhelp: name a file that does not exist", out.display())));
    }
    let packed = pack::pack(&folder, &options)?;
    atomic::write(&out, &packed.bytes)?;
    let (trials, planned) = (packed.manifest.trials, packed.manifest.planned);
    if trials < planned {
        note!("warning: {} of {planned} trials have no outcome and are packed as not run", planned - trials);
    }
    say!("{}: {trials} of {planned} trials, {}", out.display(), size(packed.bytes.len() as u64))?;
    Ok(exit::DONE)
}

/// Restores the results folder of a grid from a pack.
pub(crate) fn unpack(args: &UnpackArgs) -> Result<u8, Failure> {
    let options = UnpackOptions { max_size: args.max_size, force: args.force };
    let Unpacked { grid, manifest, unchanged } = pack::unpack(&args.file, &args.results, &options)?;
    if !manifest.without.is_empty() {
        let parts: Vec<&str> = manifest.without.iter().map(|part| part.word()).collect();
        note!("the pack was made without {}", parts.join(", "));
    }
    let state = if unchanged { " (the same results were there already)" } else { "" };
    say!("{}{state}", grid.0.display())?;
    Ok(exit::DONE)
}

/// A pack that a verb reads, unpacked into a folder that is removed when this is dropped.
pub(super) struct Opened {
    pub(super) folder: TempDir,
    pub(super) name: String,
}

impl Opened {
    pub(super) fn open(file: &Path) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let unpacked = pack::unpack(file, folder.path(), &UnpackOptions::default())?;
        Ok(Self { folder, name: unpacked.manifest.grid })
    }
}

/// Replaces a pack in the arguments of a verb by an unpacked folder, which lives as long as the second value.
pub(super) fn opened(mut verb: Verb) -> Result<(Verb, Option<TempDir>), Failure> {
    if let Verb::Report(ReportArgs { table, watch: true, .. }) = &verb
        && is_pack(Path::new(&table.result.name))
    {
        let help = format!("leave out --watch: genbench report {} --out FOLDER", table.result.name);
        return Err(Failure::usage(format!("a pack does not change\nhelp: {help}")));
    }
    let folder = match &mut verb {
        Verb::Table(TableArgs { result, out, .. })
        | Verb::Report(ReportArgs { table: TableArgs { result, out, .. }, .. }) => {
            if is_pack(Path::new(&result.name)) && out.is_none() {
                let help = "--out FOLDER names a folder for them, or restore the folder of the grid";
                return Err(Failure::usage(format!(
                    "a pack has no folder for tables\nhelp: {help}: genbench unpack {}",
                    result.name
                )));
            }
            open(result)?
        }
        // Baselines and histories are those of the results folder, not of the unpacked one.
        Verb::Regress(RegressArgs { result, baselines, .. })
        | Verb::Baseline(BaselineVerb::Save(NamedArgs { result, baselines, .. })) => {
            let results = result.results.clone();
            let folder = open(result)?;
            *baselines = folder.is_some().then_some(results);
            folder
        }
        Verb::History(HistoryVerb::Add(HistoryAddArgs { result, histories })) => {
            let results = result.results.clone();
            let folder = open(result)?;
            *histories = folder.is_some().then_some(results);
            folder
        }
        Verb::History(HistoryVerb::Show(args)) => take_name(&mut args.result)?,
        Verb::Baseline(verb) => take_name(verb.result())?,
        Verb::Claims(result) => open(result)?,
        Verb::Status(args) => open(&mut args.result)?,
        Verb::Export(args) => open(&mut args.result)?,
        Verb::Trace(args) => open(&mut args.result)?,
        Verb::Explain(ExplainArgs { grid, results, .. }) if is_pack(&grid.grid) => {
            let opened = Opened::open(&grid.grid)?;
            (grid.grid, *results) = (opened.name.into(), opened.folder.path().to_owned());
            Some(opened.folder)
        }
        _ => None,
    };
    Ok((verb, folder))
}

fn open(result: &mut ResultArgs) -> Result<Option<TempDir>, Failure> {
    let file = PathBuf::from(&result.name);
    if !is_pack(&file) {
        return Ok(None);
    }
    let opened = Opened::open(&file)?;
    let pack = std::mem::replace(&mut result.name, opened.name);
    (result.pack, result.results) = (Some(pack), opened.folder.path().to_owned());
    Ok(Some(opened.folder))
}

/// Replaces a pack by the name of its grid, for verbs that read what the results folder keeps of it.
fn take_name(result: &mut ResultArgs) -> Result<Option<TempDir>, Failure> {
    if is_pack(Path::new(&result.name)) {
        let opened = Opened::open(Path::new(&result.name))?;
        result.pack = Some(std::mem::replace(&mut result.name, opened.name));
    }
    Ok(None)
}

fn size(bytes: u64) -> String {
    ByteSize(bytes).display().iec().to_string()
}

impl From<PackError> for Failure {
    fn from(error: PackError) -> Self {
        match error {
            PackError::NothingFinished { .. } => Self::new(exit::NOTHING, format!("error: {error}")),
            PackError::Refused(_) => Self::usage(error),
            PackError::File { error: ref cause, .. } => {
                Self::from(std::io::Error::new(cause.kind(), error.to_string()))
            }
            PackError::Record(cause) => Self::from(cause),
        }
    }
}
