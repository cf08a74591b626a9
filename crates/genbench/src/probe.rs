//! `genbench probe DEVICE`: trains a few steps on a device and measures the step time. It runs in a child process,
//! because a faulty driver can crash its process.

use std::time::Instant;

use data::{DataShape, Noise, Split};
use engine::{Batch, Step};
use protocol::{Support, exit};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::failure::Failure;
use crate::output::say;
use crate::process_environment;
use crate::registry::Registry;

const BATCH: usize = 128;
const SIDE: usize = 28;
const WARM_UP: u64 = 3;
const TIMED: u64 = 10;

/// Result of a probe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ProbeResult {
    /// Milliseconds per step of a VAE 784-400-20 at batch 128.
    pub(crate) step_ms: f64,
    /// Seconds from opening the device to the end of the first step.
    pub(crate) first_step_s: f64,
    /// Loss of the last step, in nats.
    pub(crate) loss: f64,
}

/// Trains a few steps and prints one line of JSON.
pub(crate) fn run(device: &str, registry: &Registry) -> Result<u8, Failure> {
    process_environment::ensure(device)?;
    let failed = |error: &dyn std::fmt::Display| Failure::new(exit::WORKER_FAILED, error.to_string());
    let began = Instant::now();
    let (opened, _) = engine::device::open(device).map_err(|error| failed(&error))?;
    let shape = DataShape::new([1, SIDE, SIDE], Support::Binary, [BATCH, 0, 0]);
    let entry = registry.models.find("vae").map_err(|error| failed(&error))?;
    let config = (entry.resolve)(&json!({})).map_err(|_| failed(&"the default settings of `vae` are refused"))?;
    let mut trainer = (entry.build)(&config, &shape, 0, &opened).map_err(|error| failed(&error))?;
    let mut noise = Noise::new(0, "probe", 0);
    let pixels = (0..BATCH * shape.pixels()).map(|_| f32::from(u8::from(noise.bernoulli(0.2)))).collect();
    let batch = Batch::new(Split::new(pixels, shape.pixels()), &opened);
    let mut step = |index| trainer.step(&batch, &Step { index, lr_factor: 1.0, seed: 0 }).read()[0].1;
    let _ = step(0);
    let first_step_s = began.elapsed().as_secs_f64();
    for index in 1..=WARM_UP {
        let _ = step(index);
    }
    let timed = Instant::now();
    let loss = (0..TIMED).map(|index| step(1 + WARM_UP + index)).last().unwrap_or(f64::NAN);
    let step_ms = timed.elapsed().as_secs_f64() * 1e3 / TIMED as f64;
    if !loss.is_finite() {
        return Err(failed(&format!("the loss is {loss} after {} steps", 1 + WARM_UP + TIMED)));
    }
    say!("{}", json!(ProbeResult { step_ms, first_step_s, loss }))?;
    Ok(exit::DONE)
}
