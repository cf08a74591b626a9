//! What nearest neighbours tell of two sets of points.

use std::cmp::Ordering;

use crate::Features;

/// Squared Euclidean distances, in f64, between and within two sets of points.
pub(super) struct Distances {
    /// `[real][real]`.
    real: Vec<Vec<f64>>,
    /// `[sample][sample]`.
    fake: Vec<Vec<f64>>,
    /// `[real][sample]`.
    across: Vec<Vec<f64>>,
}

/// Two shares of points near points of the other set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pair {
    /// Of the samples: precision, or density.
    pub(super) fidelity: f64,
    /// Of the real images: recall, or coverage.
    pub(super) variety: f64,
}

impl Distances {
    pub(super) fn between(real: &Features, fake: &Features) -> Self {
        Self { real: all(real, real), fake: all(fake, fake), across: all(real, fake) }
    }

    /// The share of real images with `k` others at distance 0: their balls are points.
    pub(super) fn copied(&self, k: usize) -> f64 {
        let radii = radii(&self.real, k);
        radii.iter().filter(|radius| **radius == 0.0).count() as f64 / radii.len() as f64
    }

    /// Precision and recall: the share of samples within the ball of some real image up to its `k`-th
    /// neighbour, and the reverse (Kynkaanniemi et al., 2019, eq. 1 and 2).
    pub(super) fn precision_recall(&self, k: usize) -> Pair {
        let (real_radii, fake_radii) = (radii(&self.real, k), radii(&self.fake, k));
        let fakes = fake_radii.len();
        let caught = (0..fakes)
            .filter(|fake| self.across.iter().zip(&real_radii).any(|(row, radius)| row[*fake] <= *radius))
            .count();
        let reached = self.across.iter().filter(|row| row.iter().zip(&fake_radii).any(|(d, r)| d <= r)).count();
        Pair { fidelity: caught as f64 / fakes as f64, variety: reached as f64 / self.across.len() as f64 }
    }

    /// Density, in how many balls of real images a sample lies over `k`, on average, and coverage, the
    /// share of balls with a sample in them (Naeem et al., 2020, eq. 3 and 4). For two samples of one
    /// distribution density is 1 and coverage near 1 - 2^-k in expectation.
    pub(super) fn density_coverage(&self, k: usize) -> Pair {
        let radii = radii(&self.real, k);
        let within = |(row, radius): (&Vec<f64>, &f64)| row.iter().filter(|distance| *distance <= radius).count();
        let counts: Vec<usize> = self.across.iter().zip(&radii).map(within).collect();
        let samples = self.fake.len() as f64;
        let covered = counts.iter().filter(|count| **count > 0).count();
        Pair {
            fidelity: counts.iter().sum::<usize>() as f64 / (k as f64 * samples),
            variety: covered as f64 / counts.len() as f64,
        }
    }

    /// The share of points whose nearest other point is of their own set, of samples and of real images;
    /// an equal distance counts one half. 1/2 for two samples of one distribution and of one size; samples
    /// above it lie apart or are copies of one another, real images above it are missed (Xu et al., 2018,
    /// section 3).
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

    /// The test accuracy of a classifier that tells samples from real images by a vote of the nearest
    /// points, as many as the square root of those it learned: the first halves of both sets; it is judged on
    /// the second (Lopez-Paz and Oquab, 2017, sections 3 and 4: C2ST-KNN). With its number of test points.
    pub(super) fn told_apart(&self) -> (f64, usize) {
        let (real_half, fake_half) = (self.real.len() / 2, self.fake.len() / 2);
        let voters = ((real_half + fake_half) as f64).sqrt() as usize;
        // Odd, so that there is no draw.
        let voters = (voters + 1 - voters % 2).min(real_half + fake_half);
        // The share of fakes among the nearest; the order of equal distances is that of an interleaving.
        let says_fake = |to_real: &mut dyn Iterator<Item = f64>, to_fake: &mut dyn Iterator<Item = f64>| {
            let real = to_real.take(real_half).enumerate().map(|(i, d)| (d, 2 * i, false));
            let mut all: Vec<(f64, usize, bool)> = real.collect();
            all.extend(to_fake.take(fake_half).enumerate().map(|(i, d)| (d, 2 * i + 1, true)));
            all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            2 * all[..voters].iter().filter(|point| point.2).count() > voters
        };
        let real = (real_half..self.real.len())
            .filter(|i| !says_fake(&mut self.real[*i].iter().copied(), &mut self.across[*i].iter().copied()));
        let fake = (fake_half..self.fake.len())
            .filter(|j| says_fake(&mut self.across.iter().map(|row| row[*j]), &mut self.fake[*j].iter().copied()));
        let judged = [self.real.len() - real_half, self.fake.len() - fake_half];
        // Of each set's share, so that unequal sets do not make guessing pay.
        let shares = [real.count() as f64 / judged[0] as f64, fake.count() as f64 / judged[1] as f64];
        (0.5 * (shares[0] + shares[1]), judged[0] + judged[1])
    }
}

fn all(a: &Features, b: &Features) -> Vec<Vec<f64>> {
    let squared = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - y) * (x - y)).sum();
    a.rows().map(|x| b.rows().map(|y| squared(x, y)).collect()).collect()
}

/// The squared distance of each point to its `k`-th nearest other.
fn radii(within: &[Vec<f64>], k: usize) -> Vec<f64> {
    let radius = |row: &Vec<f64>| {
        let mut sorted = row.clone();
        // The point itself is at place 0 or shares its distance of 0.
        *sorted.select_nth_unstable_by(k, f64::total_cmp).1
    };
    within.iter().map(radius).collect()
}
