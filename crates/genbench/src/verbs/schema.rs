//! `schema`: the grid language for editors.

use std::io::Write;

use grid::Catalog;
use protocol::exit;

use crate::catalog::RegistryCatalog;
use crate::failure::Failure;
use crate::output;
use crate::registry::Registry;

/// Prints the JSON Schema of a grid.
pub(crate) fn schema(registry: &Registry) -> Result<u8, Failure> {
    let schema = grid::schema(&RegistryCatalog::new(registry).vocabulary());
    let mut out = output::stdout();
    writeln!(out, "{schema:#}")?;
    out.flush()?;
    Ok(exit::DONE)
}
