//! `timing.csv`: one row per timed window.

use std::collections::HashSet;
use std::io;
use std::path::Path;

use protocol::text::escape;
use protocol::timing::Window;
use protocol::{TrialId, atomic};
use serde::{Deserialize, Serialize};

/// A timed window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) variant: String,
    pub(super) trial: TrialId,
    /// Round, counted from 1; the windows of a round are timed one after another.
    pub(super) round: u64,
    pub(super) window: Window,
    /// Number of steps, batches or products.
    pub(super) units: u64,
    /// Number of images.
    pub(super) images: u64,
    /// Duration in seconds.
    pub(super) seconds: f64,
}

/// Writes the rows. Rows of other trials from an earlier pass stay. An unreadable file is replaced, because its trials can
/// be timed again.
pub(super) fn save(path: &Path, new: &[Row]) -> io::Result<()> {
    let again: HashSet<_> = new.iter().map(|row| &row.trial).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let old = load(path).into_iter().filter(|row| !again.contains(&row.trial));
    for row in old.chain(new.iter().cloned()) {
        writer.serialize(Row { variant: escape::csv(&row.variant).into_owned(), ..row })?;
    }
    atomic::write(path, &writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?)
}

fn load(path: &Path) -> Vec<Row> {
    let rows = csv::Reader::from_path(path).and_then(|mut reader| reader.deserialize().collect());
    let mut rows: Vec<Row> = rows.unwrap_or_default();
    rows.iter_mut().for_each(|row| row.variant = escape::csv_read(&row.variant).to_owned());
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(trial: &str, round: u64) -> Row {
        Row {
            variant: format!("variant {trial}"),
            trial: TrialId(trial.into()),
            round,
            window: Window::Gemm,
            units: 5,
            images: 0,
            seconds: 0.25,
        }
    }

    #[test]
    fn a_trial_timed_again_replaces_its_own_rows_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("timing.csv");
        let formula = Row { variant: "=a".to_owned(), ..row("a", 1) };
        save(&path, &[formula, row("b", 1)]).unwrap();
        save(&path, &[row("b", 7)]).unwrap();
        insta::assert_snapshot!(std::fs::read_to_string(&path).unwrap(), @r"
        variant,trial,round,window,units,images,seconds
        '=a,a,1,gemm,5,0,0.25
        variant b,b,7,gemm,5,0,0.25
        ");
    }
}
