//! Estimate of the time left, from the durations of finished trials and the step rates of running ones.

use std::collections::BTreeMap;

/// Durations of finished trials.
#[derive(Clone, Debug, Default)]
pub(crate) struct TrialDurations {
    /// Number of finished trials per variant, and the sum of their seconds.
    finished: BTreeMap<String, (u32, f64)>,
    /// Sums of steps and seconds over all variants, the basis for a variant without finished trials.
    steps: (f64, f64),
}

/// A running trial.
#[derive(Clone, Debug)]
pub(crate) struct ActiveTrial<'a> {
    pub(crate) pool: &'a str,
    pub(crate) variant: &'a str,
    pub(crate) steps: u64,
    /// Seconds since the start of the worker.
    pub(crate) elapsed_s: f64,
    /// Estimate of the seconds left in the present phase, if known.
    pub(crate) left_s: Option<f64>,
    /// Seconds per training step, if known.
    pub(crate) step_s: Option<f64>,
}

/// A trial that waits for a slot.
#[derive(Clone, Debug)]
pub(crate) struct WaitingTrial<'a> {
    pub(crate) pool: &'a str,
    pub(crate) variant: &'a str,
    pub(crate) steps: u64,
}

impl TrialDurations {
    /// Adds the duration of a trial that ran from start to end.
    pub(crate) fn finished(&mut self, variant: &str, steps: u64, seconds: f64) {
        let (count, sum) = self.finished.entry(variant.to_owned()).or_default();
        *count += 1;
        *sum += seconds;
        self.steps.0 += steps as f64;
        self.steps.1 += seconds;
    }

    fn mean_s(&self, variant: &str) -> Option<f64> {
        self.finished.get(variant).map(|(count, sum)| sum / f64::from(*count))
    }

    /// Estimate of the seconds left; `None` before the first rate. `slots` has the number of concurrent trials per pool.
    pub(crate) fn eta_s<'a>(
        &self,
        running: &[ActiveTrial<'a>],
        waiting: impl Iterator<Item = WaitingTrial<'a>>,
        slots: &BTreeMap<String, usize>,
    ) -> Option<f64> {
        let mut seen: BTreeMap<&str, f64> = BTreeMap::new();
        let (mut steps, mut seconds) = self.steps;
        for going in running {
            if let Some(step_s) = going.step_s {
                let whole = step_s * going.steps as f64;
                seen.entry(going.variant).or_insert(whole);
                steps += going.steps as f64;
                seconds += whole;
            }
        }
        let any_step_s = (steps > 0.0).then(|| seconds / steps);
        let whole_s = |variant: &str, steps: u64| {
            self.mean_s(variant).or(seen.get(variant).copied()).or(any_step_s.map(|step_s| step_s * steps as f64))
        };
        // Per pool: longest time left of a running trial, and sum of the time left.
        let mut pools: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        for going in running {
            let by_pace = whole_s(going.variant, going.steps).map(|whole| (whole - going.elapsed_s).max(0.0));
            let left = going.left_s.into_iter().chain(by_pace).reduce(f64::max)?;
            let (longest, sum) = pools.entry(going.pool).or_default();
            *longest = longest.max(left);
            *sum += left;
        }
        for waits in waiting {
            pools.entry(waits.pool).or_default().1 += whole_s(waits.variant, waits.steps)?;
        }
        let ends = pools
            .iter()
            .map(|(pool, (longest, sum))| longest.max(sum / slots.get(*pool).copied().unwrap_or(1).max(1) as f64));
        ends.reduce(f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn going(variant: &'static str, elapsed_s: f64, step_s: Option<f64>, left_s: Option<f64>) -> ActiveTrial<'static> {
        ActiveTrial { pool: "flex", variant, steps: 100, elapsed_s, left_s, step_s }
    }

    fn waiting(variant: &'static str, count: usize) -> impl Iterator<Item = WaitingTrial<'static>> {
        std::iter::repeat_n(WaitingTrial { pool: "flex", variant, steps: 100 }, count)
    }

    fn two_slots() -> BTreeMap<String, usize> {
        BTreeMap::from([("flex".to_owned(), 2)])
    }

    #[test]
    fn there_is_no_estimate_before_the_first_rate() {
        let running = [going("a", 5.0, None, None)];
        assert_eq!(TrialDurations::default().eta_s(&running, waiting("a", 3), &two_slots()), None);
    }

    #[test]
    fn the_first_rate_gives_the_first_estimate() {
        let running = [going("a", 5.0, Some(0.1), Some(5.0))];
        // 5 s are left of the running trial, and three trials of 10 s wait: 35 s on two slots.
        assert_eq!(TrialDurations::default().eta_s(&running, waiting("a", 3), &two_slots()), Some(17.5));
    }

    #[test]
    fn a_long_trial_is_not_divided_among_slots() {
        let running = [going("a", 5.0, Some(1.0), Some(95.0))];
        assert_eq!(TrialDurations::default().eta_s(&running, waiting("a", 0), &two_slots()), Some(95.0));
    }

    #[test]
    fn finished_trials_take_precedence_over_step_rates() {
        let mut durations = TrialDurations::default();
        durations.finished("a", 100, 30.0);
        durations.finished("a", 100, 50.0);
        assert_eq!(durations.eta_s(&[going("a", 15.0, None, None)], waiting("a", 1), &two_slots()), Some(32.5));
        // A variant without finished trials is estimated by the seconds per step of the others.
        assert_eq!(durations.eta_s(&[], waiting("b", 2), &two_slots()), Some(40.0));
        assert_eq!(durations.eta_s(&[], waiting("b", 0), &two_slots()), None);
    }
}
