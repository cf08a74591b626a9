//! The last step of unpacking: an unpacked folder takes its place.

use std::fs;
use std::path::Path;

use protocol::GridDir;

use super::error::PackError;
use super::manifest::Manifest;

/// Renames `folder` to the folder of the grid. Returns `true` if the same results were there already.
pub(super) fn install(folder: &Path, grid: &GridDir, manifest: &Manifest, force: bool) -> Result<bool, PackError> {
    let target = &grid.0;
    let is_free =
        fs::symlink_metadata(target).is_err() || fs::read_dir(target).is_ok_and(|mut all| all.next().is_none());
    if is_free {
        fs::rename(folder, target).map_err(PackError::file(target))?;
        return Ok(false);
    }
    if manifest.files.iter().all(|file| same(&folder.join(&file.path), &target.join(&file.path))) {
        return Ok(true);
    }
    let help = "--force replaces the folder and all that is in it; --results unpacks elsewhere";
    if !force {
        let plans = (GridDir(folder.to_owned()).plan_json(), grid.plan_json());
        let what = match same(&plans.0, &plans.1) {
            true => "other results of this grid",
            false if plans.1.exists() => "the results of another plan",
            false => "other files",
        };
        return Err(PackError::Refused(format!("{} holds {what}\nhelp: {help}", target.display())));
    }
    if grid.has_runner() {
        let message = format!("a run writes to {}", target.display());
        return Err(PackError::Refused(format!(
            "{message}\nhelp: wait, or stop it: genbench cancel {}",
            manifest.grid
        )));
    }
    // Beside the new folder, and removed with it.
    let old = folder.with_file_name("old");
    fs::rename(target, &old).map_err(PackError::file(target))?;
    if let Err(error) = fs::rename(folder, target) {
        let _ = fs::rename(&old, target);
        return Err(PackError::file(target)(error));
    }
    Ok(false)
}

fn same(one: &Path, other: &Path) -> bool {
    matches!((fs::read(one), fs::read(other)), (Ok(one), Ok(other)) if one == other)
}
