//! Plain lines, for logs, CI and terminals without cursor control.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::progress::view::{Row, RunProgress};

/// Writer of messages, and of the progress every few seconds.
pub(crate) struct Lines<'a> {
    out: &'a mut dyn Write,
    every: Duration,
    last: Instant,
}

impl<'a> Lines<'a> {
    pub(super) fn new(out: &'a mut dyn Write, every: Duration) -> Self {
        Self { out, every, last: Instant::now() }
    }

    pub(super) fn message(&mut self, text: &str) {
        // A closed output does not stop the run.
        let _ = writeln!(self.out, "{text}");
    }

    pub(super) fn show(&mut self, progress: &RunProgress<'_>) {
        if self.last.elapsed() < self.every {
            return;
        }
        self.last = Instant::now();
        self.message(&line(progress));
    }
}

/// Formats the progress as one line, with the first few running trials.
fn line(progress: &RunProgress<'_>) -> String {
    const SHOWN: usize = 4;
    let row = |row: &Row<'_>| format!("; {}: {}", row.label, row.text());
    let rows: String = progress.rows.iter().take(SHOWN).map(row).collect();
    let more = match progress.rows.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("; {more} more"),
    };
    format!("[{}] {}{rows}{more}", progress.counts(), progress.eta())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::snapshot::Snapshot;

    #[test]
    fn one_line_holds_the_grid_and_the_first_trials() {
        let event = |name: &str, at_s: f64, fields| {
            serde_json::from_value(serde_json::json!({
                "v": 1, "unix_ms": 0, "at_s": at_s, "attempt": 1, "kind": "event", "level": "INFO", "name": name,
                "fields": fields,
            }))
            .unwrap()
        };
        let mut snapshot = Snapshot::default();
        for (at_s, done) in [(1.0, 100), (2.0, 300)] {
            snapshot.absorb(&event(
                "progress",
                at_s,
                serde_json::json!({"phase": "train", "done": done, "total": 1000}),
            ));
        }
        snapshot.absorb(&event("scalars", 2.0, serde_json::json!({"loss": 12.3456, "step": 300})));
        let (fresh, label) = (Snapshot::default(), |seed: u64| format!("nade seed {seed}"));
        let rows = (0..6).map(|key| Row {
            key,
            label: label(key as u64),
            snapshot: if key == 0 { &snapshot } else { &fresh },
            note: (key == 1).then(|| "nothing new for 2 min 0 s".to_owned()),
        });
        let progress = RunProgress { unit: "trials", over: 3, total: 20, eta_s: Some(95.0), rows: rows.collect() };
        insta::assert_snapshot!(line(&progress), @"[3/20 trials] ETA 1 min 35 s; nade seed 0: train 300/1000, loss 12.35, 4 s left; nade seed 1: starting, nothing new for 2 min 0 s; nade seed 2: starting; nade seed 3: starting; 2 more");
        let quiet = RunProgress { eta_s: None, rows: vec![], ..progress };
        insta::assert_snapshot!(line(&quiet), @"[3/20 trials] ETA unknown");
    }

    #[test]
    fn progress_is_written_every_few_seconds_only() {
        let mut out = Vec::new();
        let progress = RunProgress { unit: "trials", over: 0, total: 1, eta_s: None, rows: vec![] };
        let mut lines = Lines::new(&mut out, Duration::from_secs(3600));
        lines.show(&progress);
        lines.every = Duration::ZERO;
        lines.show(&progress);
        assert_eq!(String::from_utf8(out).unwrap().lines().count(), 1);
    }
}
