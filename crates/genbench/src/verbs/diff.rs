//! `plan --diff`: changes of a grid against another grid.

use std::io::{self, BufWriter, Write};

use grid::{Diff, DiffKind, DiffRow};
use protocol::exit;
use protocol::text::escape;
use serde_json::json;

use crate::cli::Listing;
use crate::failure::Failure;
use crate::output;

/// Prints the changes. JSON and CSV also list unchanged variants.
pub(super) fn print(diff: &Diff, format: Listing) -> Result<u8, Failure> {
    let mut out = BufWriter::new(output::stdout());
    let mut people = output::people();
    match format {
        Listing::Json => diff.rows.iter().try_for_each(|row| writeln!(out, "{}", json!(row)))?,
        Listing::Csv => csv(diff, &mut out)?,
        Listing::Table => table(diff, &mut people)?,
    }
    out.flush()?;
    people.flush()?;
    Ok(exit::DONE)
}

fn table(diff: &Diff, out: &mut impl Write) -> io::Result<()> {
    for row in diff.rows.iter().filter(|row| row.kind != DiffKind::Same || row.was.is_some()) {
        let was = row.was.as_ref().map(|was| format!(" (was {was})")).unwrap_or_default();
        writeln!(out, "{} {}{was}, {}", row.kind.sign(), row.variant, seeds(row))?;
        for change in &row.changes {
            writeln!(out, "      {change}")?;
        }
    }
    let count = |kind| diff.count(kind);
    writeln!(
        out,
        "{} added, {} removed, {} changed, {} with other measures, {} unchanged",
        count(DiffKind::Added),
        count(DiffKind::Removed),
        count(DiffKind::Changed),
        count(DiffKind::Measured),
        count(DiffKind::Same)
    )
}

fn seeds(row: &DiffRow) -> String {
    match row.seeds.as_slice() {
        [one] => format!("seed {one}"),
        [first, _, .., last] if last.checked_sub(*first) == Some(row.seeds.len() as u64 - 1) => {
            format!("seeds {first} to {last}")
        }
        several => format!("seeds {}", several.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")),
    }
}

fn csv(diff: &Diff, out: &mut impl Write) -> Result<(), Failure> {
    let mut sheet = csv::Writer::from_writer(out);
    sheet.write_record(["kind", "variant", "was", "seed", "changes"]).map_err(io::Error::from)?;
    for row in &diff.rows {
        let kind = json!(row.kind);
        let changes = row.changes.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        for seed in &row.seeds {
            let was = row.was.as_deref().unwrap_or_default();
            sheet
                .write_record([
                    kind.as_str().unwrap_or_default(),
                    &escape::csv(&row.variant),
                    &escape::csv(was),
                    &seed.to_string(),
                    &escape::csv(&changes),
                ])
                .map_err(io::Error::from)?;
        }
    }
    Ok(sheet.flush()?)
}
