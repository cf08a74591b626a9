//! Names of figures on the command line.

use protocol::Problem;
use protocol::params::unknown;

use crate::tables::Board;

/// Refuses the first of `figures` that no variant has, and suggests the nearest name.
pub(super) fn refuse_unknown(board: &Board, figures: &[String]) -> Result<(), Problem> {
    let names = || board.groups.iter().flat_map(|group| &group.columns).map(|column| column.figure.name.as_str());
    let Some(name) = figures.iter().find(|name| !names().any(|known| known == *name)) else { return Ok(()) };
    let mut known: Vec<&str> = names().collect();
    known.sort_unstable();
    known.dedup();
    Err(unknown("figure", name, known))
}
