//! The state of a grid in words.

use std::collections::BTreeMap;
use std::fmt;

use protocol::exit;

use analysis::duration;

/// The state of a grid at one moment.
#[derive(Clone, Debug)]
pub struct WatchState {
    /// Its name.
    pub grid: String,
    /// How many trials are `done`, `crashed`..., `at work` or `waiting`.
    pub counts: BTreeMap<&'static str, usize>,
    /// What is at work.
    pub at_work: Vec<AtWork>,
    /// What failed, and why.
    pub failed: Vec<String>,
    /// Seconds left, if there is an estimate.
    pub eta_s: Option<f64>,
}

/// A trial at work.
#[derive(Clone, Debug)]
pub struct AtWork {
    /// The variant and the seed.
    pub label: String,
    /// Where it is.
    pub words: String,
}

impl WatchState {
    /// Whether every trial is over.
    #[must_use]
    pub fn finished(&self) -> bool {
        !self.counts.contains_key("at work") && !self.counts.contains_key("waiting")
    }

    /// [`exit::TRIALS_FAILED`] when all is over and something failed, else [`exit::DONE`].
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        if self.finished() && !self.failed.is_empty() { exit::TRIALS_FAILED } else { exit::DONE }
    }

    /// The first line.
    pub(super) fn summary(&self) -> String {
        let total: usize = self.counts.values().sum();
        // Done first, then what failed, then what is left.
        let rank = |word: &str| match word {
            "done" => 0,
            "at work" => 2,
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
        format!("{}: {total} trials: {}{eta}", self.grid, counts.join(", "))
    }
}

impl fmt::Display for WatchState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.summary())?;
        for AtWork { label, words } in &self.at_work {
            writeln!(f, "  {label}: {words}")?;
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
            at_work: vec![AtWork { label: "vae seed 1".into(), words: "train 1/2".into() }],
            failed: failed.iter().map(|text| (*text).to_owned()).collect(),
            eta_s: Some(61.0),
        }
    }

    #[test]
    fn what_is_left_stands_last() {
        let some =
            state(&[("at work", 1), ("crashed", 1), ("done", 3), ("waiting", 2)], &["vae seed 0: crashed: boom"]);
        insta::assert_snapshot!(some, @r"
        g: 7 trials: 3 done, 1 crashed, 1 at work, 2 waiting; about 1 min 1 s left
          vae seed 1: train 1/2
          vae seed 0: crashed: boom
        ");
        assert_eq!(some.exit_code(), exit::DONE, "not yet");
        assert_eq!(state(&[(Status::Done.word(), 3)], &[]).summary(), "g: 3 trials: 3 done; finished");
        assert_eq!(state(&[("crashed", 1), ("done", 2)], &["vae"]).exit_code(), exit::TRIALS_FAILED);
    }
}
