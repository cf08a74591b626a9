//! Memory of the worker.

use protocol::{Direction, Kind, Measurement, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};

/// Largest resident memory of the worker until the measurement, in MiB, as the figure `peak_memory`. The memory of a
/// GPU does not count.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct PeakMemory {}

impl MeasureConfig for PeakMemory {
    const NAME: &'static str = "peak_memory";
    const ABOUT: &'static str = "largest resident memory of the worker in MiB, without the memory of a GPU";

    fn measure(&self, _subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let figure = match peak_bytes() {
            Some(bytes) => Measurement::new(
                "peak_memory",
                Kind::Exact,
                Unit::Mebibytes,
                Direction::Lower,
                bytes / f64::from(1 << 20),
            ),
            None => Measurement::absent(
                "peak_memory",
                Kind::Exact,
                Unit::Mebibytes,
                Direction::Lower,
                "the operating system does not report it",
            ),
        };
        Ok(vec![figure.volatile()])
    }
}

#[cfg(unix)]
fn peak_bytes() -> Option<f64> {
    use nix::sys::resource::{UsageWho, getrusage};
    let largest = getrusage(UsageWho::RUSAGE_SELF).ok()?.max_rss() as f64;
    // Kibibytes, except on macOS.
    Some(if cfg!(target_os = "macos") { largest } else { largest * 1024.0 })
}

#[cfg(not(unix))]
fn peak_bytes() -> Option<f64> {
    None
}
