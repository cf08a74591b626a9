//! Scalars of the run itself in the event `scalars`: learning rate, gradient norm, throughput, memory.

use protocol::event::{GRADIENT_NORM, IMAGES_PER_S, LEARNING_RATE, MEMORY_MIB};

use crate::descents::Descents;

/// Largest share of the steps of which the gradient norm is taken: one in ten, so that it costs nothing.
const STEPS_PER_NORM: u64 = 10;

/// Throughput between two events.
pub(crate) struct Pace {
    images: u64,
    seconds: f64,
}

impl Pace {
    /// Starts with the images and the training time so far.
    pub(crate) fn new(images: u64, seconds: f64) -> Self {
        Self { images, seconds }
    }

    /// Images per second of training since the last call; `None` if no time has passed.
    fn images_per_s(&mut self, images: u64, seconds: f64) -> Option<f64> {
        let (more, took) = (images.saturating_sub(self.images), seconds - self.seconds);
        *self = Self { images, seconds };
        (took > 0.0).then(|| more as f64 / took)
    }

    /// Scalars of the run after `images` images and `seconds` of training.
    pub(crate) fn scalars(&mut self, descents: Descents, images: u64, seconds: f64) -> Vec<(String, f64)> {
        let mut scalars = Vec::new();
        for (index, rate) in descents.learning_rates.iter().enumerate() {
            let name = if index == 0 { LEARNING_RATE.to_owned() } else { format!("{LEARNING_RATE}_{}", index + 1) };
            scalars.push((name, *rate));
        }
        scalars.extend(descents.gradient_norm().map(|norm| (GRADIENT_NORM.to_owned(), norm)));
        scalars.extend(self.images_per_s(images, seconds).map(|pace| (IMAGES_PER_S.to_owned(), pace)));
        scalars.extend(resident_mib().map(|memory| (MEMORY_MIB.to_owned(), memory)));
        scalars
    }
}

/// Returns whether to take the gradient norm in a step whose scalars are traced every `log_every` steps.
pub(crate) fn norm_is_due(step: u64, log_every: u64) -> bool {
    step.is_multiple_of(log_every * STEPS_PER_NORM.div_ceil(log_every))
}

/// Resident memory of this process in MiB, on systems with `/proc`.
fn resident_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok()? / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throughput_is_that_since_the_last_event() {
        let mut pace = Pace::new(100, 1.0);
        assert_eq!(pace.images_per_s(300, 3.0), Some(100.0));
        assert_eq!(pace.images_per_s(300, 3.0), None, "no time has passed");
        assert_eq!(pace.images_per_s(350, 3.5), Some(100.0));
    }

    #[test]
    fn the_norm_is_taken_in_at_most_one_of_ten_steps_and_only_in_logged_ones() {
        for log_every in [1, 3, 10, 64] {
            let due: Vec<u64> = (1..=1000).filter(|step| norm_is_due(*step, log_every)).collect();
            assert!(!due.is_empty() && due.len() <= 100, "{log_every}: {due:?}");
            assert!(due.iter().all(|step| step.is_multiple_of(log_every)));
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_is_resident() {
        assert!(resident_mib().is_some_and(|mib| mib > 1.0));
    }
}
