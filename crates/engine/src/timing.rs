//! The harness owns the clock and stops it while it measures.

use std::time::{Duration, Instant};

/// A clock that can be stopped and started again.
#[derive(Debug)]
pub struct Stopwatch {
    before: Duration,
    since: Option<Instant>,
}

impl Stopwatch {
    /// Runs from now, with `seconds` on it already.
    #[must_use]
    pub fn started_with(seconds: f64) -> Self {
        Self { before: Duration::from_secs_f64(seconds.max(0.0)), since: Some(Instant::now()) }
    }

    /// Does `work` off the clock.
    pub fn paused<T>(&mut self, work: impl FnOnce() -> T) -> T {
        self.before += self.since.take().map_or(Duration::ZERO, |since| since.elapsed());
        let result = work();
        self.since = Some(Instant::now());
        result
    }

    /// What it shows.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        (self.before + self.since.map_or(Duration::ZERO, |since| since.elapsed())).as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_off_the_clock_does_not_count() {
        let mut watch = Stopwatch::started_with(2.0);
        watch.paused(|| std::thread::sleep(Duration::from_millis(60)));
        let shown = watch.seconds();
        assert!((2.0..2.05).contains(&shown), "{shown}");
    }
}
