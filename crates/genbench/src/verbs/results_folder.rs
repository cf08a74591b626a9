//! Results folders that a command refuses.

use std::path::Path;

use protocol::Plan;
use runner::StoredPlan;

use crate::failure::Failure;

/// Advice for trials that are not those of the grid file.
pub(super) const OWN_NAME_HELP: &str =
    "for tables of their own, write a grid with `extends` and another name, or use `--results`";

/// Refuses trials of which the folder would keep no plan: no later command would find them.
pub(super) fn refuse_untracked(stored: StoredPlan, plan: &Plan) -> Result<(), Failure> {
    if stored != StoredPlan::Kept {
        return Ok(());
    }
    let message = format!("these options change trials of {}, whose plan is kept", plan.grid);
    Err(Failure::usage(format!("{message}\nhelp: {OWN_NAME_HELP}")))
}

/// Refuses a results folder whose path is no text, which records, reports and job scripts could not hold.
pub(super) fn refuse_unreadable_path(results: &Path) -> Result<(), Failure> {
    let path = std::path::absolute(results)?;
    if path.to_str().is_none() {
        let help = "rename the folder, or write to another one with --results";
        return Err(Failure::usage(format!("{}: the path is not UTF-8\nhelp: {help}", path.display())));
    }
    Ok(())
}
