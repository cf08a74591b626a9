//! Dispatch of kernels to the best vector instructions of the machine, and functions for kernels.

use pulp::WithSimd;

use crate::faults::{Fault, is_active};

/// Runs `op` with AVX2 and FMA if the machine has them.
///
/// `pulp::Arch` uses them only with its feature `x86-v3`, which would require another build of Burn's matrix product.
#[inline]
pub fn dispatch<Op: WithSimd>(op: Op) -> Op::Output {
    if is_active(Fault::ScalarKernels) {
        return pulp::Simd::vectorize(pulp::Scalar::new(), op);
    }
    #[cfg(target_arch = "x86_64")]
    {
        if let Some(simd) = pulp::x86::V3::try_new() {
            return pulp::Simd::vectorize(simd, op);
        }
    }
    pulp::Arch::new().dispatch(op)
}

/// Runs `op` with AVX-512 if the machine has it, else as [`dispatch`].
///
/// A sum in one lane of a vector has the same bits as with AVX2. A sum over all lanes, such as a dot product, has not,
/// so that results on machines with and without AVX-512 differ by rounding errors.
#[inline]
pub fn dispatch_widest<Op: WithSimd>(op: Op) -> Op::Output {
    if is_active(Fault::ScalarKernels) {
        return dispatch(op);
    }
    #[cfg(target_arch = "x86_64")]
    {
        if let Some(simd) = pulp::x86::V4::try_new() {
            return pulp::Simd::vectorize(simd, op);
        }
    }
    dispatch(op)
}

/// Number of f32 lanes in a vector of [`dispatch_widest`].
#[must_use]
pub fn widest_lanes() -> usize {
    struct Lanes;
    impl WithSimd for Lanes {
        type Output = usize;
        fn with_simd<S: pulp::Simd>(self, _simd: S) -> usize {
            S::F32_LANES
        }
    }
    dispatch_widest(Lanes)
}

/// Exponential e^x with a relative error of 3e-7, for x in [-87, 87] (clamped), in operations that a compiler
/// vectorises.
///
/// The result is 2^k times a Taylor polynomial of degree 6 on [-ln 2 / 2, ln 2 / 2].
///
/// ```
/// assert!((nn::simd::exp(1.0) - std::f32::consts::E).abs() < 1e-6);
/// ```
#[inline(always)]
#[must_use]
pub fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 87.0);
    let shifted = x * std::f32::consts::LOG2_E + 12_582_912.0; // rounds to the nearest integer,
    let k = shifted - 12_582_912.0; // in the lowest bits of `shifted`
    let r = (x - k * 0.693_359_4) + k * 2.121_944_4e-4; // ln 2 in two parts, for a small rounding error
    let p = 1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0 + r * (1.0 / 720.0))))));
    p * f32::from_bits(shifted.to_bits().wrapping_add(127) << 23)
}

/// Number of partial sums of [`squared_distance`].
const PARTIAL_SUMS: usize = 16;

/// Sum of squared differences of two arrays of equal length, with the same bits on every machine and symmetric in `a`
/// and `b`. Inside [`dispatch`] it uses vector instructions.
///
/// ```
/// assert_eq!(nn::simd::squared_distance(&[0.0, 1.0], &[3.0, 5.0]), 25.0);
/// ```
#[inline(always)]
#[must_use]
pub fn squared_distance(a: &[f32], b: &[f32]) -> f32 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<PARTIAL_SUMS>(), b.as_chunks::<PARTIAL_SUMS>());
    let mut sums = [0.0; PARTIAL_SUMS];
    for (a, b) in a.iter().zip(b) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += (a - b) * (a - b);
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| (a - b) * (a - b)).sum();
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_equals_its_definition_both_ways() {
        let image = |seed: usize, len: usize| -> Vec<f32> {
            (0..len).map(|at| ((at * 7 + seed * 13) % 29) as f32 / 28.0).collect()
        };
        for len in [0, 1, 15, 16, 64, 100, 784] {
            let (a, b) = (image(1, len), image(2, len));
            let right: f64 = a.iter().zip(&b).map(|(a, b)| f64::from(a - b).powi(2)).sum();
            let found = dispatch(|| squared_distance(&a, &b));
            assert!((f64::from(found) - right).abs() <= 1e-6 * right, "{len}: {found}, not {right}");
            assert_eq!(found.to_bits(), squared_distance(&b, &a).to_bits());
            assert_eq!(squared_distance(&a, &a), 0.0);
        }
    }

    #[test]
    fn the_exponential_is_right_to_rounding() {
        for step in -8_700..8_700 {
            let x = step as f32 * 0.01;
            let (found, right) = (f64::from(exp(x)), f64::from(x).exp());
            assert!((found / right - 1.0).abs() < 3e-7, "e^{x} is {found}, not {right}");
        }
        assert!(exp(f32::NEG_INFINITY) < 1e-37 && exp(1e9).is_finite());
    }
}
