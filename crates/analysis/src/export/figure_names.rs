//! Names of figures on the command line.

use protocol::Problem;
use protocol::params::nearest;

use crate::tables::Board;

/// Refuses the first of `figures` that no variant has, and suggests the nearest name.
pub(super) fn refuse_unknown(board: &Board, figures: &[String]) -> Result<(), Problem> {
    let names = || board.groups.iter().flat_map(|group| &group.columns).map(|column| column.figure.name.as_str());
    let Some(name) = figures.iter().find(|name| !names().any(|known| known == *name)) else { return Ok(()) };
    let mut known: Vec<&str> = names().collect();
    known.sort_unstable();
    known.dedup();
    let lower = name.to_lowercase();
    let near = nearest(name, known.iter().copied()).or_else(|| nearest(&lower, known.iter().copied()));
    let help = match near {
        Some(near) => format!("did you mean `{near}`? Figures: {}", known.join(", ")),
        None if known.is_empty() => "leave out --figure: no trial has one".to_owned(),
        None => format!("figures: {}", known.join(", ")),
    };
    Err(Problem::new("figure", format!("no variant has a figure `{name}`")).help(help))
}
