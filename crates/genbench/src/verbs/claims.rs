//! `claims`: the claims of a finished grid, judged by its results.

use std::io::Write;

use analysis::{claims_exit_code, claims_text};

use super::results;
use crate::cli::ResultArgs;
use crate::failure::Failure;
use crate::output::{self, Stream, note};
use crate::registry::Registry;

/// Prints every claim with its outcome, and returns the exit code of all of them.
pub(crate) fn claims(args: &ResultArgs, registry: &Registry) -> Result<u8, Failure> {
    let results = results::read(args, registry)?;
    let claims = results.claims();
    if claims.is_empty() {
        note!("the grid {} has no claims; docs/claims.md describes how to add some", results.plan().grid);
        return Ok(claims_exit_code(claims));
    }
    let mut out = output::people();
    out.styled(&(claims_text(claims, Stream::Out.width()) + "\n"))?;
    out.flush()?;
    Ok(claims_exit_code(claims))
}
