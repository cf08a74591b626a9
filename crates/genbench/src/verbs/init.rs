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
    let file = args.grid.to_string_lossy().replace('\\', "/");
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
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    atomic::write(&path, text.as_bytes())?;
    say!("{}", path.display())?;
    Ok(exit::DONE)
}
