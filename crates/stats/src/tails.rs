//! Both tails of a permutation distribution.

/// At most this many splits or sign patterns are enumerated: ten against ten seeds, or seventeen
/// pairs. Beyond, as many are drawn at random.
pub const MAX_SPLITS: u64 = 200_000;

/// Where what was observed stands in its permutation distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tails {
    /// The share of permutations with a statistic at most as large.
    pub less: f64,
    /// The share with a statistic at least as large.
    pub greater: f64,
    /// Every permutation was counted; else they were drawn, and `(b + 1) / (m + 1)` applies.
    pub exact: bool,
}

impl Tails {
    /// The two-sided p-value: twice the smaller tail, at most 1, as scipy has it.
    #[must_use]
    pub fn two_sided(&self) -> f64 {
        (2.0 * self.less.min(self.greater)).min(1.0)
    }
}

/// Counts statistics on both sides of the one observed.
pub(super) struct Count {
    observed: f64,
    slack: f64,
    less: u64,
    greater: u64,
    all: u64,
}

impl Count {
    /// The statistic is a sum of some of `values`, with either sign. Sums that differ by less than
    /// rounding can make them differ are the same: 0.1 + 0.2 ties with 0.3.
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

    /// What was observed is one of the permutations, so no p-value is 0 (Phipson and Smyth 2010).
    pub(super) fn drawn(&self) -> Tails {
        let share = |count: u64| (count + 1) as f64 / (self.all + 1) as f64;
        Tails { less: share(self.less), greater: share(self.greater), exact: false }
    }
}
