//! Quadrature over one or two latent dimensions.

use std::f64::consts::TAU;

use crate::Features;

/// Nodes along one dimension, with the natural logarithms of their weights.
#[derive(Clone, Debug)]
pub(super) struct Nodes {
    pub(super) at: Vec<f64>,
    pub(super) ln_weight: Vec<f64>,
}

impl Nodes {
    /// Rule for E[f(t)] with standard normal t: `count` equally spaced nodes over `[-reach, reach]`.
    ///
    /// For a smooth f the error falls faster than any power of the step (Trefethen and Weideman, 2014, section 5).
    pub(super) fn trapezoid(count: usize, reach: f64) -> Self {
        let step = 2.0 * reach / (count - 1) as f64;
        let at: Vec<f64> = (0..count).map(|index| index as f64 * step - reach).collect();
        let ln_weight = at.iter().map(|t| step.ln() - 0.5 * (t * t + TAU.ln())).collect();
        Self { at, ln_weight }
    }

    /// All combinations of nodes over `dims` dimensions, with the logarithms of the products of weights.
    pub(super) fn product(&self, dims: usize) -> (Features, Vec<f64>) {
        let count = self.at.len();
        let indices = |index: usize| (0..dims).map(move |dim| index / count.pow(dim as u32) % count);
        let all = 0..count.pow(dims as u32);
        let values = all.clone().flat_map(|index| indices(index).map(|index| self.at[index])).collect();
        let ln_weights = all.map(|index| indices(index).map(|index| self.ln_weight[index]).sum()).collect();
        (Features { values, width: dims }, ln_weights)
    }
}

/// Returns the first of ever finer estimates, one value per image, whose mean change from the previous one is below
/// `tolerance`; `None` if no estimate converges.
pub(super) fn refine(estimates: impl Iterator<Item = Vec<f64>>, tolerance: f64) -> Option<Vec<f64>> {
    let mut before: Option<Vec<f64>> = None;
    for now in estimates {
        if let Some(before) = &before {
            let change = now.iter().zip(before).map(|(a, b)| (a - b).abs()).sum::<f64>() / now.len() as f64;
            if change < tolerance {
                return Some(now);
            }
        }
        before = Some(now);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_have_the_moments_of_a_normal() {
        for nodes in [Nodes::trapezoid(49, 7.5), Nodes::trapezoid(65, 9.0)] {
            for dims in [1, 2] {
                let (at, ln_weights) = nodes.product(dims);
                let expect = |f: &dyn Fn(&[f64]) -> f64| {
                    at.rows().zip(&ln_weights).map(|(row, ln_weight)| ln_weight.exp() * f(row)).sum::<f64>()
                };
                assert!((expect(&|_| 1.0) - 1.0).abs() < 1e-10);
                assert!((expect(&|z| z[0].powi(4)) - 3.0).abs() < 1e-9);
                // The moment-generating function at one half, and independence of the two.
                let sum = |z: &[f64]| (0.5 * z.iter().sum::<f64>()).exp();
                assert!((expect(&sum) - (dims as f64 / 8.0).exp()).abs() < 1e-10);
            }
        }
    }

    #[test]
    fn estimates_that_keep_changing_do_not_converge() {
        assert_eq!(refine((0..9).map(|level| vec![f64::from(level)]), 1e-4), None);
        let falling = [1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6];
        assert_eq!(refine(falling.into_iter().map(|value| vec![value]), 1e-4), Some(vec![1e-5]));
    }
}
