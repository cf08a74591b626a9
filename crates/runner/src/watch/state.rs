//! State of a grid, and its text.

use std::collections::BTreeMap;
use std::fmt;

use analysis::duration;
use protocol::exit;
use protocol::text::count;

/// State of a grid at one time.
#[derive(Clone, Debug)]
pub struct WatchState {
    /// Name of the grid.
    pub grid: String,
    /// Number of trials per state: `done`, another status, `unreadable`, `running` or `waiting`.
    pub counts: BTreeMap<&'static str, usize>,
    /// Running trials.
    pub running: Vec<RunningTrial>,
    /// Failed trials and unreadable records, with their reasons.
    pub failed: Vec<String>,
    /// Estimate of the seconds left, if known.
    pub eta_s: Option<f64>,
}

/// A running trial.
#[derive(Clone, Debug)]
pub struct RunningTrial {
    /// Variant and seed.
    pub label: String,
    /// Progress in words.
    pub progress: String,
}

impl WatchState {
    /// Returns whether every trial has ended.
    #[must_use]
    pub fn finished(&self) -> bool {
        !self.counts.contains_key("running") && !self.counts.contains_key("waiting")
    }

    /// [`exit::TRIALS_FAILED`] if all trials have ended and one failed, else [`exit::DONE`].
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        if self.finished() && !self.failed.is_empty() { exit::TRIALS_FAILED } else { exit::DONE }
    }

    /// First line of the text.
    pub(super) fn summary(&self) -> String {
        let total: usize = self.counts.values().sum();
        // Done, failed, running, waiting.
        let rank = |word: &str| match word {
            "done" => 0,
            "running" => 2,
            "waiting" => 3,
            _ => 1,
        };
        let mut counts: Vec<_> = self.counts.iter().collect();
        counts.sort_by_key(|(word, _)| rank(word));
        let counts: Vec<_> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
        let eta = match self.eta_s {
            _ if self.finished() => "; finished".to_owned(),
            Some(seconds) => format!("; about {} left", duration(seconds)),
            None => String::new(),
        };
        format!("{}: {}: {}{eta}", self.grid, count(total, "trial"), counts.join(", "))
    }
}

impl fmt::Display for WatchState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.summary())?;
        for RunningTrial { label, progress } in &self.running {
            writeln!(f, "  {label}: {progress}")?;
        }
        for failed in &self.failed {
            writeln!(f, "  {failed}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Status;

    fn state(counts: &[(&'static str, usize)], failed: &[&str]) -> WatchState {
        WatchState {
            grid: "g".into(),
            counts: counts.iter().copied().collect(),
            running: vec![RunningTrial { label: "vae seed 1".into(), progress: "train 1/2".into() }],
            failed: failed.iter().map(|text| (*text).to_owned()).collect(),
            eta_s: Some(61.0),
        }
    }

    #[test]
    fn unfinished_trials_are_listed_last() {
        let some =
            state(&[("running", 1), ("crashed", 1), ("done", 3), ("waiting", 2)], &["vae seed 0: crashed: boom"]);
        insta::assert_snapshot!(some, @r"
        g: 7 trials: 3 done, 1 crashed, 1 running, 2 waiting; about 1 min 1 s left
          vae seed 1: train 1/2
          vae seed 0: crashed: boom
        ");
        assert_eq!(some.exit_code(), exit::DONE, "not yet");
        assert_eq!(state(&[(Status::Done.word(), 3)], &[]).summary(), "g: 3 trials: 3 done; finished");
        assert_eq!(state(&[("crashed", 1), ("done", 2)], &["vae"]).exit_code(), exit::TRIALS_FAILED);
    }
}
