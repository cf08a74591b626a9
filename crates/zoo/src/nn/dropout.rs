//! Dropout from a step's own stream.
//!
//! Burn's draws from the device's process-wide generator, which would make a resumed trial another one.
//!
//! Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, 2014, Dropout, section 4, with the
//! scale in training instead of afterwards.

use burn::prelude::*;
use data::Noise;
use protocol::Problem;

/// What share of units may be dropped.
pub(crate) fn check(path: &str, share: f64) -> Result<(), Problem> {
    if (0.0..1.0).contains(&share) {
        return Ok(());
    }
    Err(Problem::new(path, format!("{share} is no share of units")).help("from 0 to below 1"))
}

/// About `share` of the units of `[batch, units]` at 0, the rest scaled up.
pub(crate) fn dropped(hidden: Tensor<2>, share: f64, noise: &mut Noise) -> Tensor<2> {
    if share == 0.0 {
        return hidden;
    }
    let [batch, units] = hidden.dims();
    let (share, scale) = (share as f32, (1.0 / (1.0 - share)) as f32);
    let kept = noise.uniforms(batch * units).into_iter().map(|u| if u < share { 0.0 } else { scale }).collect();
    let kept = Tensor::from_data(TensorData::new::<f32, _>(kept, [batch, units]), &hidden.device());
    hidden * kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_dropped_and_the_mean_stays() {
        let ones = || Tensor::<2>::ones([64, 500], &Device::flex());
        let draw = |share| engine::to_host(dropped(ones(), share, &mut Noise::new(0, "dropout", 0)));
        assert_eq!(draw(0.0), vec![1.0; 32_000]);
        let some = draw(0.2);
        assert!(some.iter().all(|x| *x == 0.0 || *x == 1.25));
        let mean = some.iter().sum::<f32>() / 32_000.0;
        assert!((mean - 1.0).abs() < 4.0 * 0.5 / 32_000f32.sqrt(), "{mean}");
        assert!(check("dropout", 1.0).is_err() && check("dropout", 0.0).is_ok());
    }
}
