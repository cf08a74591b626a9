//! Deliberate faults, with which the regression gate is calibrated.
//!
//! A build with the feature `faults` has one of [`FAULTS`] if the environment variable `GENBENCH_FAULT` names it. No setting
//! and no trial id shows it; the build record does. In other builds [`is_active`] is the constant `false`, so that the
//! compiler removes every fault.
//!
//! Each fault is one plain function where it acts: in this module those of optimisers and hidden units, in `dense` those of
//! layers, in `engine` those of the training loop, in `zoo` those of one model.

use data::Noise;

/// Deliberate fault of training or evaluation, or a control that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Learning rate 10% too low.
    LearningRate10,
    /// Learning rate 20% too low.
    LearningRate20,
    /// Last fifth of the hidden units without effect.
    HiddenUnused,
    /// Updates of every fourth step lost.
    StepsLost,
    /// Every epoch in the order of the first.
    SameOrder,
    /// Validation images among the training images.
    ValidationInTraining,
    /// Ones of the pixels weighted by 0.9 in the loss of `nade`.
    NadeLoss,
    /// Ones of the pixels weighted by 0.9 in the loss of `made`.
    MadeLoss,
    /// KL weighted by 0.8 in the loss of `vae`.
    VaeKl,
    /// Samples weighted by one half in the loss of the discriminators.
    GanLoss,
    /// No bias in fully connected layers and `nade`.
    NoBias,
    /// Dropout of a tenth of the hidden units in evaluation.
    DropoutInEvaluation,
    /// Masks of `made` that remove the preceding pixel.
    MadeMaskNarrow,
    /// Masks of `made` that let a pixel see itself.
    MadeMaskLeak,
    /// First mask of `pixel_cnn` without the preceding pixel.
    PixelCnnMask,
    /// L2 penalty of 0.001.
    WeightDecay,
    /// Gradients clipped to the norm 0.01.
    Clipping,
    /// Last partial batch of a closed-form model dropped.
    LastBatch,
    /// Initial weights three times as large.
    InitialWeights,
    /// Optimiser without its state at the start of each epoch.
    OptimiserReset,
    /// Training steps that take 3% longer.
    SlowStep3,
    /// Training steps that take 10% longer.
    SlowStep10,
    /// Evaluations that take 10% longer.
    SlowEvaluation10,
    /// Training steps that allocate one buffer more.
    ExtraAllocation,
    /// Control: images of a batch in reverse order, so that sums differ by rounding.
    SumOrder,
    /// Control: kernels without vector instructions, so that sums differ by rounding.
    ScalarKernels,
}

/// All faults by the name that `GENBENCH_FAULT` has. The last two are controls: they change bits and nothing else.
pub const FAULTS: &[(&str, Fault)] = &[
    ("learning_rate_10", Fault::LearningRate10),
    ("learning_rate_20", Fault::LearningRate20),
    ("hidden_unused", Fault::HiddenUnused),
    ("steps_lost", Fault::StepsLost),
    ("same_order", Fault::SameOrder),
    ("validation_in_training", Fault::ValidationInTraining),
    ("nade_loss", Fault::NadeLoss),
    ("made_loss", Fault::MadeLoss),
    ("vae_kl", Fault::VaeKl),
    ("gan_loss", Fault::GanLoss),
    ("no_bias", Fault::NoBias),
    ("dropout_in_evaluation", Fault::DropoutInEvaluation),
    ("made_mask_narrow", Fault::MadeMaskNarrow),
    ("made_mask_leak", Fault::MadeMaskLeak),
    ("pixel_cnn_mask", Fault::PixelCnnMask),
    ("weight_decay", Fault::WeightDecay),
    ("clipping", Fault::Clipping),
    ("last_batch", Fault::LastBatch),
    ("initial_weights", Fault::InitialWeights),
    ("optimiser_reset", Fault::OptimiserReset),
    ("slow_step_3", Fault::SlowStep3),
    ("slow_step_10", Fault::SlowStep10),
    ("slow_evaluation_10", Fault::SlowEvaluation10),
    ("extra_allocation", Fault::ExtraAllocation),
    ("sum_order", Fault::SumOrder),
    ("scalar_kernels", Fault::ScalarKernels),
];

/// Name of the active fault; `None` without one, and in a build without faults.
///
/// # Errors
/// `GENBENCH_FAULT` names no fault. The message lists them.
#[cfg(feature = "faults")]
pub fn active() -> Result<Option<&'static str>, String> {
    Ok(selected().clone()?.map(|(name, _)| name))
}

/// Name of the active fault: `None`, because this build has no faults.
///
/// # Errors
/// None.
#[cfg(not(feature = "faults"))]
#[inline(always)]
pub const fn active() -> Result<Option<&'static str>, String> {
    Ok(None)
}

/// Returns whether a fault is active.
#[cfg(feature = "faults")]
#[must_use]
pub fn is_active(fault: Fault) -> bool {
    matches!(selected(), Ok(Some((_, active))) if *active == fault)
}

/// Returns whether a fault is active: `false`, because this build has no faults.
#[cfg(not(feature = "faults"))]
#[inline(always)]
#[must_use]
pub const fn is_active(_: Fault) -> bool {
    false
}

#[cfg(feature = "faults")]
type Selected = Result<Option<(&'static str, Fault)>, String>;

/// The fault that the environment names, read once.
#[cfg(feature = "faults")]
fn selected() -> &'static Selected {
    static SELECTED: std::sync::OnceLock<Selected> = std::sync::OnceLock::new();
    SELECTED.get_or_init(|| named(&std::env::var("GENBENCH_FAULT").unwrap_or_default()))
}

#[cfg(feature = "faults")]
fn named(name: &str) -> Selected {
    let known = FAULTS.iter().find(|(known, _)| *known == name);
    if known.is_some() || name.is_empty() {
        return Ok(known.copied());
    }
    let names: Vec<&str> = FAULTS.iter().map(|(name, _)| *name).collect();
    Err(format!("GENBENCH_FAULT: there is no fault `{name}`, only {}", names.join(", ")))
}

/// Learning rate of an update.
#[inline]
pub(crate) fn learning_rate(lr: f64) -> f64 {
    if is_active(Fault::LearningRate10) {
        return lr * 0.9;
    }
    if is_active(Fault::LearningRate20) { lr * 0.8 } else { lr }
}

/// Largest norm of the gradients.
#[inline]
pub(crate) fn clip_norm(most: Option<f64>) -> Option<f64> {
    if is_active(Fault::Clipping) { Some(0.01) } else { most }
}

/// Weight decay of an optimiser.
#[inline]
pub(crate) fn weight_decay(decay: f64) -> f64 {
    if is_active(Fault::WeightDecay) { 1e-3 } else { decay }
}

/// Bound of the initial weights.
#[inline]
pub(crate) fn initial_bound(bound: f32) -> f32 {
    if is_active(Fault::InitialWeights) { 3.0 * bound } else { bound }
}

/// Share of the hidden units that an evaluation drops.
pub(crate) const DROPPED: f64 = 0.1;

/// Sets the last fifth of the hidden units to 0.
#[inline(always)]
pub fn unused(hidden: &mut [f32]) {
    if is_active(Fault::HiddenUnused) {
        let used = hidden.len() - hidden.len() / 5;
        hidden[used..].fill(0.0);
    }
}

/// Drops hidden units of an evaluation on the host, other ones at each `position`.
#[inline(always)]
pub fn dropped_on_host(hidden: &mut [f32], position: usize) {
    if is_active(Fault::DropoutInEvaluation) {
        let share = DROPPED as f32;
        let draws = Noise::new(0, "faults/dropout", position as u64).uniforms(hidden.len());
        let kept = draws.into_iter().map(|draw| if draw < share { 0.0 } else { 1.0 / (1.0 - share) });
        hidden.iter_mut().zip(kept).for_each(|(hidden, kept)| *hidden *= kept);
    }
}

/// Index of the present step, for updates that are lost.
static STEP: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);

/// States the index of the step that begins.
#[inline]
pub fn begin_step(index: u64) {
    if is_active(Fault::StepsLost) {
        STEP.store(index, std::sync::atomic::Ordering::Relaxed);
    }
}

/// Returns whether the updates of the present step are lost.
#[inline]
pub(crate) fn loses_update() -> bool {
    is_active(Fault::StepsLost) && STEP.load(std::sync::atomic::Ordering::Relaxed) % 4 == 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_one_name() {
        for (at, (name, fault)) in FAULTS.iter().enumerate() {
            assert!(FAULTS[at + 1..].iter().all(|(other, same)| other != name && same != fault), "{name}");
        }
        assert!(FAULTS.len() >= 22);
    }

    #[cfg(not(feature = "faults"))]
    #[test]
    fn a_build_without_faults_has_none() {
        assert_eq!(active(), Ok(None));
        assert!(FAULTS.iter().all(|(_, fault)| !is_active(*fault)));
        let mut hidden = [1.0; 10];
        unused(&mut hidden);
        dropped_on_host(&mut hidden, 0);
        assert_eq!((hidden, learning_rate(0.5), weight_decay(0.0)), ([1.0; 10], 0.5, 0.0));
    }

    #[cfg(feature = "faults")]
    #[test]
    fn an_unknown_name_is_refused_with_the_list() {
        assert_eq!(named(""), Ok(None));
        assert_eq!(named("vae_kl"), Ok(Some(("vae_kl", Fault::VaeKl))));
        let message = named("vae_lk").expect_err("a wrong name");
        assert!(message.contains("`vae_lk`") && message.contains("vae_kl, gan_loss"), "{message}");
    }
}
