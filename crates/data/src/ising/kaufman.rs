//! Closed form of the partition function of the Ising torus.
//!
//! Kaufman, 1949, Crystal statistics II, in the notation of Ferdinand and Fisher, 1969, Bounded and
//! inhomogeneous Ising models I:
//!
//! ```text
//! Z = 1/2 (2 sinh 2b)^(mn/2) [ prod 2 cosh(m g_odd / 2)  + prod 2 sinh(m g_odd / 2)
//!                            + prod 2 cosh(m g_even / 2) + prod 2 sinh(m g_even / 2) ]
//! cosh g_l = cosh 2b coth 2b - cos(pi l / n),   g_0 = 2b + ln tanh b
//! ```
//!
//! g_0 has a sign: below the critical coupling it is negative, and so is the fourth product.
//! With S = sinh 2b, sinh^2(g_l / 2) = (1 - S)^2 / 2S + sin^2(pi l / 2n), which loses no digits
//! near the critical point.

use std::f64::consts::{LN_2, PI};

/// Partition function and mean energy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Totals {
    /// ln Z.
    pub(super) log_z: f64,
    /// Mean of E, which is d ln Z / d beta.
    pub(super) mean_energy: f64,
}

/// Coupling below which the first terms of the series in beta are exact in `f64`.
const SERIES: f64 = 1e-10;

/// Partition function and mean energy of a torus with sides of at least 2.
pub(super) fn torus(height: usize, width: usize, beta: f64) -> Totals {
    let sites = (height * width) as f64;
    if beta < SERIES {
        // A side of length 2 doubles the bonds along it, which doubles the sum of their squares.
        let squares: f64 = [height, width].map(|side| if side == 2 { 2.0 } else { 1.0 }).iter().sum();
        return Totals { log_z: sites * LN_2, mean_energy: sites * squares * beta };
    }
    let (n, m) = (height.min(width), height.max(width) as f64);
    let (s, c) = ((2.0 * beta).sinh(), (2.0 * beta).cosh());
    let mode = |l: usize| {
        let half = (1.0 - s).powi(2) / (2.0 * s) + (PI * l as f64 / (2.0 * n as f64)).sin().powi(2);
        let gamma = 2.0 * half.sqrt().asinh();
        let slope = 2.0 * c * (s * s - 1.0) / (s * s) / (2.0 * (half * (1.0 + half)).sqrt());
        (0.5 * m * gamma, 0.5 * m * slope)
    };
    let [odd_cosh, odd_sinh] = products((0..n).map(|r| mode(2 * r + 1)));
    let [even_cosh, even_sinh] = products((1..n).map(|r| mode(2 * r)));

    // 2 cosh and 2 sinh of the signed mode 0, divided by exp of its absolute value. The sinh may be 0, so its logarithm is
    // not used.
    let zero = 0.5 * m * 2.0 * ((s - 1.0) / (2.0 * s).sqrt()).asinh();
    let zero_slope = 0.5 * m * 2.0 * (1.0 + s) / s;
    let (cosh, sinh) = (1.0 + (-2.0 * zero.abs()).exp(), -(-2.0 * zero.abs()).exp_m1() * zero.signum());

    // Triples of the log of the scale, the value divided by the scale, and the derivative divided by the scale.
    let terms = [
        (odd_cosh.0, 1.0, odd_cosh.1),
        (odd_sinh.0, 1.0, odd_sinh.1),
        (even_cosh.0 + zero.abs(), cosh, cosh * even_cosh.1 + sinh * zero_slope),
        (even_sinh.0 + zero.abs(), sinh, sinh * even_sinh.1 + cosh * zero_slope),
    ];
    let largest = terms.iter().map(|term| term.0).fold(f64::NEG_INFINITY, f64::max);
    let (mut value, mut slope) = (0.0, 0.0);
    for (scale, v, d) in terms {
        value += (scale - largest).exp() * v;
        slope += (scale - largest).exp() * d;
    }
    Totals {
        log_z: -LN_2 + 0.5 * sites * (2.0 * s).ln() + largest + value.ln(),
        mean_energy: sites * c / s + slope / value,
    }
}

/// (log, derivative of the log) of the products of 2 cosh x and of 2 sinh x, from each x > 0 and
/// its derivative.
fn products(modes: impl Iterator<Item = (f64, f64)>) -> [(f64, f64); 2] {
    let (mut cosh, mut sinh) = ((0.0, 0.0), (0.0, 0.0));
    for (x, slope) in modes {
        let tanh = x.tanh();
        cosh.0 += x + (-2.0 * x).exp().ln_1p();
        cosh.1 += slope * tanh;
        sinh.0 += x + (-(-2.0 * x).exp_m1()).ln();
        sinh.1 += slope / tanh;
    }
    [cosh, sinh]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entropy(height: usize, width: usize, beta: f64) -> f64 {
        let Totals { log_z, mean_energy } = torus(height, width, beta);
        log_z - beta * mean_energy
    }

    #[test]
    fn a_28x28_torus_has_the_values_computed_with_40_digits() {
        for (beta, log_z, nats) in [
            (0.2, 575.87215682464, 508.72587577255),
            (0.3, 619.7983116967, 454.10012726927),
            (0.4, 689.43947598241, 341.76779143668),
            (0.43, 717.91201238814, 268.2148406508),
            (0.5461387423, 870.03693047625, 79.999986496321),
        ] {
            assert!((torus(28, 28, beta).log_z - log_z).abs() < 1e-9, "{beta}: {}", torus(28, 28, beta).log_z);
            assert!((entropy(28, 28, beta) - nats).abs() < 1e-9, "{beta}: {}", entropy(28, 28, beta));
        }
    }

    #[test]
    fn the_mean_energy_is_the_derivative_of_log_z() {
        // The critical coupling, where mode 0 vanishes, lies between the last three.
        let critical = 0.5 * 1f64.asinh();
        for beta in [0.05, 0.2, 0.3, 0.7, 1.5, critical - 1e-9, critical, critical + 1e-9] {
            for (height, width) in [(2, 3), (4, 4), (5, 8), (28, 28)] {
                // Richardson extrapolation of the central difference: error of order h^4.
                let slope =
                    |h: f64| (torus(height, width, beta + h).log_z - torus(height, width, beta - h).log_z) / (2.0 * h);
                let expected = (4.0 * slope(5e-4) - slope(1e-3)) / 3.0;
                let found = torus(height, width, beta).mean_energy;
                assert!((found - expected).abs() < 1e-6 * expected, "{height}x{width} at {beta}: {found} {expected}");
            }
        }
    }

    #[test]
    fn sides_may_be_swapped_and_the_limits_are_right() {
        for beta in [0.1, 0.44, 0.8, 3.0] {
            let (a, b) = (torus(6, 9, beta), torus(9, 6, beta));
            assert!((a.log_z - b.log_z).abs() < 1e-11 && (a.mean_energy - b.mean_energy).abs() < 1e-10);
        }
        assert!((entropy(28, 28, 0.0) - 784.0 * LN_2).abs() < 1e-12);
        assert!((entropy(28, 28, 10.0) - LN_2).abs() < 1e-10, "{}", entropy(28, 28, 10.0));
        // The series and the closed form agree at the limit.
        for (height, width) in [(2, 2), (2, 5), (28, 28)] {
            let (below, above) = (torus(height, width, 0.99e-10), torus(height, width, 1.01e-10));
            assert!((below.log_z - above.log_z).abs() < 1e-10, "{below:?} {above:?}");
            let (series, closed) = (torus(height, width, 0.99e-10).mean_energy, torus(height, width, 1e-4).mean_energy);
            assert!((series / 0.99e-10 - closed / 1e-4).abs() < 1e-3 * closed / 1e-4, "{series} {closed}");
        }
    }
}
