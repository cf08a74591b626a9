//! Dropout with a keyed stream, so that a resumed trial has the same bits.
//!
//! Burn's dropout draws from the process-wide generator of a device instead.
//!
//! Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, 2014, Dropout, section 4, with the
//! scale factor in training instead of evaluation.

use burn::prelude::*;
use data::Noise;
use protocol::Problem;

/// Refuses a share of dropped activations outside of `[0, 1)`, at the setting `path`.
///
/// # Errors
/// The share is out of range.
pub fn check(path: &str, share: f64) -> Result<(), Problem> {
    if (0.0..1.0).contains(&share) {
        return Ok(());
    }
    Err(Problem::new(path, format!("{share} is out of range")).help("from 0 to below 1"))
}

/// Sets each number of `[batch, features]` to 0 with probability `share` and divides the others by `1 - share`.
///
/// A share of 0 draws nothing from `noise`.
///
/// ```
/// use burn::prelude::*;
/// use ::nn::{Noise, dropout::dropped};
///
/// let x = Tensor::<2>::ones([2, 3], &Device::flex());
/// let y = ::nn::to_host(dropped(x, 0.5, &mut Noise::new(0, "dropout", 0)));
/// assert!(y.iter().all(|y| *y == 0.0 || *y == 2.0));
/// ```
#[must_use]
pub fn dropped(hidden: Tensor<2>, share: f64, noise: &mut Noise) -> Tensor<2> {
    if share == 0.0 {
        return hidden;
    }
    let [batch, features] = hidden.dims();
    let (share, scale) = (share as f32, (1.0 / (1.0 - share)) as f32);
    let kept = noise.uniforms(batch * features).into_iter().map(|u| if u < share { 0.0 } else { scale }).collect();
    let kept = Tensor::from_data(TensorData::new::<f32, _>(kept, [batch, features]), &hidden.device());
    hidden * kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_dropped_and_the_mean_stays() {
        let ones = || Tensor::<2>::ones([64, 500], &Device::flex());
        let draw = |share| crate::to_host(dropped(ones(), share, &mut Noise::new(0, "dropout", 0)));
        assert_eq!(draw(0.0), vec![1.0; 32_000]);
        let some = draw(0.2);
        assert!(some.iter().all(|x| *x == 0.0 || *x == 1.25));
        let mean = some.iter().sum::<f32>() / 32_000.0;
        assert!((mean - 1.0).abs() < 4.0 * 0.5 / 32_000f32.sqrt(), "{mean}");
        assert!(check("dropout", 1.0).is_err() && check("dropout", 0.0).is_ok());
    }
}
