//! `init ci`: writes the workflow of a CI system.

use std::path::Path;

use protocol::{atomic, exit};

use super::planning::planned;
use crate::cli::{CiArgs, Format, GridArgs};
use crate::failure::Failure;
use crate::init::CiSystem;
use crate::output::say;
use crate::registry::Registry;

/// Writes the workflow for a grid that can be planned.
pub(crate) fn ci(args: &CiArgs, registry: &Registry) -> Result<u8, Failure> {
    let (_, plan) = planned(&GridArgs::of(&args.grid, Format::Human), registry)?;
    let system = if args.gitlab { CiSystem::Gitlab } else { CiSystem::Github };
    let file = from_root(&args.grid)?;
    if !is_plain(&args.command) {
        let help = "put the rest into a script, and name the script";
        return Err(Failure::usage(format!("--command takes plain words, not `{}`\nhelp: {help}", args.command)));
    }
    let text = system.workflow(&file, &plan.grid, &args.command);
    if args.out.as_deref() == Some(Path::new("-")) {
        say!("{}", text.trim_end())?;
        return Ok(exit::DONE);
    }
    let path = args.out.clone().unwrap_or_else(|| system.path());
    if path.exists() && !args.force {
        let help = "`--force` replaces it; `--out FILE` writes another file";
        return Err(Failure::usage(format!("{} exists\nhelp: {help}", path.display())));
    }
    atomic::write(&path, text.as_bytes())?;
    say!("{}", path.display())?;
    Ok(exit::DONE)
}

/// The path of the grid from the current folder, which is taken to be the root of the repository.
fn from_root(grid: &Path) -> Result<String, Failure> {
    let (file, here) = (grid.canonicalize()?, std::env::current_dir()?.canonicalize()?);
    let below = file.strip_prefix(&here).ok().and_then(|path| path.to_str()).filter(|path| !path.contains(['$', '\n']));
    below.map(str::to_owned).ok_or_else(|| {
        let help = "run the command in the root of the repository, with a grid below it and without `$` in its path";
        Failure::usage(format!("{} cannot be named in a workflow\nhelp: {help}", grid.display()))
    })
}

/// Returns whether a command needs no quotes in YAML.
fn is_plain(command: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || " -_./=+,@".contains(letter);
    command.starts_with(|first: char| first.is_ascii_alphanumeric() || "./_".contains(first))
        && command.chars().all(allowed)
}
