//! Nearest-neighbour statistics of two sets of points.

use std::cmp::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Features;

/// Points at exactly the radius of a ball, which are frequent on small discrete images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Balls {
    /// They are inside of the ball (<=), as in the papers and torch-fidelity.
    #[default]
    Closed,
    /// They are outside of the ball (<), as in prdc.
    Open,
}

impl Balls {
    fn contain(self, distance: f64, radius: f64) -> bool {
        match self {
            Self::Closed => distance <= radius,
            Self::Open => distance < radius,
        }
    }
}

/// Squared Euclidean distances, in f64, between and within two sets of points.
pub(super) struct Distances {
    /// Distances within the real images, `[real][real]`.
    real: Vec<Vec<f64>>,
    /// Distances within the samples, `[sample][sample]`.
    fake: Vec<Vec<f64>>,
    /// Distances between both sets, `[real][sample]`.
    across: Vec<Vec<f64>>,
}

/// Two figures: one over the samples, one over the real images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pair {
    /// Figure over the samples, such as precision or density.
    pub(super) fidelity: f64,
    /// Figure over the real images, such as recall or coverage.
    pub(super) variety: f64,
}

impl Distances {
    pub(super) fn between(real: &Features, fake: &Features) -> Self {
        Self { real: all(real, real), fake: all(fake, fake), across: all(real, fake) }
    }

    /// Share of real images with `k` others at distance 0, whose balls have radius 0.
    pub(super) fn copied(&self, k: usize) -> f64 {
        let radii = radii(&self.real, k);
        radii.iter().filter(|radius| **radius == 0.0).count() as f64 / radii.len() as f64
    }

    /// Precision and recall (Kynkaanniemi et al., 2019, eq. 1 and 2).
    ///
    /// Precision is the share of samples inside the ball of a real image, whose radius is the distance to its `k`-th
    /// neighbour. Recall exchanges samples and real images.
    pub(super) fn precision_recall(&self, k: usize, balls: Balls) -> Pair {
        let (real_radii, fake_radii) = (radii(&self.real, k), radii(&self.fake, k));
        let fakes = fake_radii.len();
        let caught = (0..fakes)
            .filter(|fake| self.across.iter().zip(&real_radii).any(|(row, radius)| balls.contain(row[*fake], *radius)))
            .count();
        let reached =
            self.across.iter().filter(|row| row.iter().zip(&fake_radii).any(|(d, r)| balls.contain(*d, *r))).count();
        Pair { fidelity: caught as f64 / fakes as f64, variety: reached as f64 / self.across.len() as f64 }
    }

    /// Density and coverage (Naeem et al., 2020, eq. 3 and 4).
    ///
    /// Density is the mean number of balls of real images that contain a sample, divided by `k`. Coverage is the share
    /// of balls with a sample. For equal distributions the expected density is 1 and the expected coverage is about
    /// 1 - 2^-k.
    pub(super) fn density_coverage(&self, k: usize, balls: Balls) -> Pair {
        let radii = radii(&self.real, k);
        let within =
            |(row, radius): (&Vec<f64>, &f64)| row.iter().filter(|distance| balls.contain(**distance, *radius)).count();
        let counts: Vec<usize> = self.across.iter().zip(&radii).map(within).collect();
        let samples = self.fake.len() as f64;
        let covered = counts.iter().filter(|count| **count > 0).count();
        Pair {
            fidelity: counts.iter().sum::<usize>() as f64 / (k as f64 * samples),
            variety: covered as f64 / counts.len() as f64,
        }
    }

    /// Share of points whose nearest other point is in their own set; an equal distance counts one half (Xu et al.,
    /// 2018, section 3).
    ///
    /// Both shares are 0.5 for equal distributions. A larger share of samples means that samples are far from real
    /// images or copies of one another. A larger share of real images means that samples miss them.
    pub(super) fn own_nearest(&self) -> Pair {
        let nearest = |row: &[f64], but: usize| {
            row.iter().enumerate().filter(|(i, _)| *i != but).map(|(_, d)| *d).fold(f64::INFINITY, f64::min)
        };
        let credit = |own: f64, other: f64| match own.total_cmp(&other) {
            Ordering::Less => 1.0,
            Ordering::Equal => 0.5,
            Ordering::Greater => 0.0,
        };
        let real = self.real.iter().zip(&self.across).enumerate();
        let real = real.map(|(i, (own, other))| credit(nearest(own, i), nearest(other, usize::MAX))).sum::<f64>();
        let to_real = |fake: usize| self.across.iter().map(|row| row[fake]).fold(f64::INFINITY, f64::min);
        let fake = self.fake.iter().enumerate().map(|(j, own)| credit(nearest(own, j), to_real(j))).sum::<f64>();
        Pair { fidelity: fake / self.fake.len() as f64, variety: real / self.real.len() as f64 }
    }

    /// Test accuracy of a nearest-neighbour classifier of samples and real images, and its number of test points
    /// (C2ST-KNN of Lopez-Paz and Oquab, 2017, sections 3 and 4).
    ///
    /// The first halves of both sets are for training, the second halves for the test. The number of voters is the
    /// square root of the number of training points.
    pub(super) fn two_sample_accuracy(&self) -> (f64, usize) {
        let (real_half, fake_half) = (self.real.len() / 2, self.fake.len() / 2);
        let voters = ((real_half + fake_half) as f64).sqrt() as usize;
        // An odd number, so that no vote is a tie.
        let voters = (voters + 1 - voters % 2).min(real_half + fake_half);
        // Whether most of the nearest points are samples. Points at equal distances alternate between both sets.
        let is_fake = |to_real: &mut dyn Iterator<Item = f64>, to_fake: &mut dyn Iterator<Item = f64>| {
            let real = to_real.take(real_half).enumerate().map(|(i, d)| (d, 2 * i, false));
            let mut all: Vec<(f64, usize, bool)> = real.collect();
            all.extend(to_fake.take(fake_half).enumerate().map(|(i, d)| (d, 2 * i + 1, true)));
            all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            2 * all[..voters].iter().filter(|point| point.2).count() > voters
        };
        let real = (real_half..self.real.len())
            .filter(|i| !is_fake(&mut self.real[*i].iter().copied(), &mut self.across[*i].iter().copied()));
        let fake = (fake_half..self.fake.len())
            .filter(|j| is_fake(&mut self.across.iter().map(|row| row[*j]), &mut self.fake[*j].iter().copied()));
        let tested = [self.real.len() - real_half, self.fake.len() - fake_half];
        // The mean of both accuracies, so that unequal sets do not favour one guess.
        let shares = [real.count() as f64 / tested[0] as f64, fake.count() as f64 / tested[1] as f64];
        (0.5 * (shares[0] + shares[1]), tested[0] + tested[1])
    }
}

fn all(a: &Features, b: &Features) -> Vec<Vec<f64>> {
    let squared = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - y) * (x - y)).sum();
    a.rows().map(|x| b.rows().map(|y| squared(x, y)).collect()).collect()
}

/// Squared distance of each point to its `k`-th nearest other point.
fn radii(within: &[Vec<f64>], k: usize) -> Vec<f64> {
    let radius = |row: &Vec<f64>| {
        let mut sorted = row.clone();
        // The point itself is at index 0, or shares its distance of 0.
        *sorted.select_nth_unstable_by(k, f64::total_cmp).1
    };
    within.iter().map(radius).collect()
}
