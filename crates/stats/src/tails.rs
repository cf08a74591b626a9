//! Tails of a permutation distribution.

/// Largest number of splits or sign patterns that are enumerated: two samples of ten seeds, or seventeen pairs. Above it,
/// this number is drawn at random.
pub const MAX_SPLITS: u64 = 200_000;

/// Tail probabilities of the observed statistic in its permutation distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tails {
    /// Share of permutations with a statistic that is at most the observed one.
    pub less: f64,
    /// Share of permutations with a statistic that is at least the observed one.
    pub greater: f64,
    /// `true` if all permutations were counted. Else they were drawn at random, and the shares are `(b + 1) / (m + 1)`.
    pub exact: bool,
}

impl Tails {
    /// The two-sided p-value: twice the smaller tail, at most 1, as in scipy.
    #[must_use]
    pub fn two_sided(&self) -> f64 {
        (2.0 * self.less.min(self.greater)).min(1.0)
    }
}

/// Counter of the statistics on both sides of the observed one.
pub(super) struct Count {
    observed: f64,
    slack: f64,
    less: u64,
    greater: u64,
    all: u64,
}

impl Count {
    /// A counter for statistics that are sums of some of `values`, with either sign. Sums that differ by no more than the
    /// rounding error count as equal: 0.1 + 0.2 ties with 0.3.
    pub(super) fn new<'a>(observed: f64, values: impl Iterator<Item = &'a f64> + Clone) -> Self {
        let terms = values.clone().count() as f64;
        let largest = values.fold(0.0_f64, |most, value| value.abs().max(most));
        Self { observed, slack: 64.0 * terms * f64::EPSILON * largest, less: 0, greater: 0, all: 0 }
    }

    pub(super) fn add(&mut self, statistic: f64) {
        self.less += u64::from(statistic <= self.observed + self.slack);
        self.greater += u64::from(statistic >= self.observed - self.slack);
        self.all += 1;
    }

    pub(super) fn exact(&self) -> Tails {
        let share = |count: u64| count as f64 / self.all as f64;
        Tails { less: share(self.less), greater: share(self.greater), exact: true }
    }

    /// The observed statistic is one of the permutations, so no p-value is 0 (Phipson and Smyth 2010).
    pub(super) fn drawn(&self) -> Tails {
        let share = |count: u64| (count + 1) as f64 / (self.all + 1) as f64;
        Tails { less: share(self.less), greater: share(self.greater), exact: false }
    }
}
