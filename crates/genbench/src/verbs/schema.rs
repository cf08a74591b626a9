//! `schema`: the grid language for editors.

use std::io::{self, Write};

use grid::Catalog;
use protocol::exit;

use super::Failure;
use crate::catalog::Everything;

/// Prints the JSON Schema of a grid.
pub(crate) fn schema() -> Result<u8, Failure> {
    let schema = grid::schema(&Everything::default().vocabulary());
    writeln!(io::stdout().lock(), "{schema:#}")?;
    Ok(exit::DONE)
}
