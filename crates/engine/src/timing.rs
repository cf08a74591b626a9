//! Stopwatch for the optimisation time; it pauses during evaluations.

use std::time::{Duration, Instant};

/// Stopwatch that can be paused.
#[derive(Debug)]
pub struct Stopwatch {
    before: Duration,
    since: Option<Instant>,
}

impl Stopwatch {
    /// Running stopwatch that starts at `seconds`.
    #[must_use]
    pub fn started_with(seconds: f64) -> Self {
        Self { before: Duration::from_secs_f64(seconds.max(0.0)), since: Some(Instant::now()) }
    }

    /// Runs `work` while the stopwatch is paused.
    pub fn paused<T>(&mut self, work: impl FnOnce() -> T) -> T {
        self.before += self.since.take().map_or(Duration::ZERO, |since| since.elapsed());
        let result = work();
        self.since = Some(Instant::now());
        result
    }

    /// Elapsed time in seconds, without pauses.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        (self.before + self.since.map_or(Duration::ZERO, |since| since.elapsed())).as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paused_time_does_not_count() {
        let mut watch = Stopwatch::started_with(2.0);
        watch.paused(|| std::thread::sleep(Duration::from_millis(60)));
        let shown = watch.seconds();
        assert!((2.0..2.05).contains(&shown), "{shown}");
    }
}
