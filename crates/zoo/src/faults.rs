//! Deliberate faults of single models, for the calibration of the regression gate: see [`nn::faults`].

use ::nn::faults::{Fault, is_active};
use ::nn::masked_conv::Tap;
use burn::prelude::*;

/// Weight of a pixel that is 1 in a log-likelihood whose constant is wrong.
const ONES: f32 = 0.9;

/// Pixel whose log-probability `nade` maximises.
#[inline(always)]
pub(crate) fn nade_target(pixel: f32) -> f32 {
    if is_active(Fault::NadeLoss) { ONES * pixel } else { pixel }
}

/// Gradient of a bias of `nade`.
#[inline]
pub(crate) fn bias_gradient(gradient: Vec<f32>) -> Vec<f32> {
    if is_active(Fault::NoBias) { vec![0.0; gradient.len()] } else { gradient }
}

/// Pixels whose log-probability `made` maximises.
#[inline]
pub(crate) fn made_targets(pixels: Tensor<2>) -> Tensor<2> {
    if is_active(Fault::MadeLoss) { pixels * ONES } else { pixels }
}

/// Positions that the masks of `made` remove before a pixel, in addition to the pixel itself.
#[inline]
pub(crate) fn made_gap() -> usize {
    usize::from(is_active(Fault::MadeMaskNarrow))
}

/// Positions after a pixel that the output mask of `made` leaves open.
#[inline]
pub(crate) fn made_leak() -> usize {
    usize::from(is_active(Fault::MadeMaskLeak))
}

/// Returns whether the loss of `vae` has another weight of the KL than its settings.
#[inline]
pub(crate) fn weights_kl() -> bool {
    is_active(Fault::VaeKl)
}

/// Weight of the KL in the loss of `vae`.
#[inline]
pub(crate) fn kl_weight(weight: f64) -> f64 {
    if is_active(Fault::VaeKl) { 0.8 * weight } else { weight }
}

/// Loss of a discriminator on samples.
#[inline]
pub(crate) fn loss_of_samples(loss: Tensor<1>) -> Tensor<1> {
    if is_active(Fault::GanLoss) { loss * 0.5 } else { loss }
}

/// Taps of the first kernel of `pixel_cnn`.
#[inline]
pub(crate) fn first_taps(taps: &mut Vec<Tap>) {
    if is_active(Fault::PixelCnnMask) && taps.len() > 1 {
        taps.retain(|tap| *tap != Tap { up: 0, right: -1 });
    }
}
