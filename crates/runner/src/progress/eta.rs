//! When the grid will be over: from trials that have ended and from the step rates of running ones.

use std::collections::BTreeMap;

/// What is known of how long trials take.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paces {
    /// Per variant: trials done, their seconds together.
    finished: BTreeMap<String, (u32, f64)>,
    /// Over all of them: steps, seconds. The fallback for a variant that has not been seen.
    steps: (f64, f64),
}

/// A running trial.
#[derive(Clone, Debug)]
pub(crate) struct Going<'a> {
    pub(crate) pool: &'a str,
    pub(crate) variant: &'a str,
    pub(crate) steps: u64,
    /// Seconds since its worker was started.
    pub(crate) elapsed_s: f64,
    /// Seconds left in its phase, if known.
    pub(crate) left_s: Option<f64>,
    /// Seconds per training step, if known.
    pub(crate) step_s: Option<f64>,
}

/// Trials of one variant that wait for a slot.
#[derive(Clone, Debug)]
pub(crate) struct Waiting<'a> {
    pub(crate) pool: &'a str,
    pub(crate) variant: &'a str,
    pub(crate) steps: u64,
}

impl Paces {
    /// A trial was run from start to end in this time.
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

    /// Seconds left; `None` before the first rate. `slots` is how many trials a pool runs at once.
    pub(crate) fn eta_s<'a>(
        &self,
        running: &[Going<'a>],
        waiting: impl Iterator<Item = Waiting<'a>>,
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
        // Per pool: the longest of the running ones, and all that is left.
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

    fn going(variant: &'static str, elapsed_s: f64, step_s: Option<f64>, left_s: Option<f64>) -> Going<'static> {
        Going { pool: "flex", variant, steps: 100, elapsed_s, left_s, step_s }
    }

    fn waiting(variant: &'static str, count: usize) -> impl Iterator<Item = Waiting<'static>> {
        std::iter::repeat_n(Waiting { pool: "flex", variant, steps: 100 }, count)
    }

    fn two_slots() -> BTreeMap<String, usize> {
        BTreeMap::from([("flex".to_owned(), 2)])
    }

    #[test]
    fn nothing_is_promised_before_the_first_rate() {
        let running = [going("a", 5.0, None, None)];
        assert_eq!(Paces::default().eta_s(&running, waiting("a", 3), &two_slots()), None);
    }

    #[test]
    fn the_first_rate_gives_the_first_estimate() {
        let running = [going("a", 5.0, Some(0.1), Some(5.0))];
        // 5 s are left of this one, and three of 10 s each wait: 35 s on two slots.
        assert_eq!(Paces::default().eta_s(&running, waiting("a", 3), &two_slots()), Some(17.5));
    }

    #[test]
    fn a_long_trial_is_not_shared_between_slots() {
        let running = [going("a", 5.0, Some(1.0), Some(95.0))];
        assert_eq!(Paces::default().eta_s(&running, waiting("a", 0), &two_slots()), Some(95.0));
    }

    #[test]
    fn trials_that_ended_count_for_more_than_a_step_rate() {
        let mut paces = Paces::default();
        paces.finished("a", 100, 30.0);
        paces.finished("a", 100, 50.0);
        assert_eq!(paces.eta_s(&[going("a", 15.0, None, None)], waiting("a", 1), &two_slots()), Some(32.5));
        // A variant that has not been seen is taken to cost as much per step.
        assert_eq!(paces.eta_s(&[], waiting("b", 2), &two_slots()), Some(40.0));
        assert_eq!(paces.eta_s(&[], waiting("b", 0), &two_slots()), None);
    }
}
