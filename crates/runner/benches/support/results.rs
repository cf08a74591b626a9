//! Grids of any size, and folders of finished trials.

use std::fs;
use std::path::Path;

use grid::{Overrides, parse_and_plan};
use protocol::outcome::OUTCOME_SCHEMA;
use protocol::{
    DataFacts, DeviceUsed, Direction, GridDir, Host, Kind, Measurement, Outcome, Plan, Status, Support, Trial, Unit,
};
use serde_json::json;

use super::catalog::Small;

/// A grid of `variants` variants (a multiple of 20) with `seeds` seeds each.
pub(crate) fn grid(variants: usize, seeds: usize) -> String {
    assert!(variants.is_multiple_of(20), "two models, ten batch sizes");
    let hidden: Vec<_> = (1..=variants / 20).map(|hidden| hidden.to_string()).collect();
    format!(
        "name: bench
device: flex
seeds: {seeds}
data: {{name: digits, binarize: threshold}}
train: {{steps: 1000, eval_every: 100, keep: best}}
measure: [nll, elbo, {{name: iwae, k: 50}}, fid_proxy]
matrix:
  model.hidden: [{}]
  train.batch_size: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
variants:
  - model: {{name: nade, lr: 0.001}}
  - model: {{name: vae, latent: 16, lr: 0.001}}
",
        hidden.join(", ")
    )
}

/// The plan of [`grid`].
pub(crate) fn planned(variants: usize, seeds: usize) -> Plan {
    let (_, plan) = parse_and_plan("bench.yaml", &grid(variants, seeds), &Small, &Overrides::default())
        .unwrap_or_else(|mistakes| panic!("the bench's grid is wrong: {mistakes}"));
    assert_eq!(plan.trials.len(), variants * seeds);
    plan
}

/// Writes the folders of all trials of `plan` as finished, below `results`.
pub(crate) fn write(results: &Path, plan: &Plan) -> GridDir {
    let grid = GridDir::new(results, &plan.grid);
    for (index, trial) in plan.trials.iter().enumerate() {
        let dir = grid.trial(&trial.id());
        fs::create_dir_all(&dir.0).expect("a temporary folder can be written");
        // Plain writes: thousands of flushes to disk would take longer than the bench.
        let put = |path, bytes| fs::write(path, bytes).expect("a temporary folder can be written");
        let json = |error| panic!("a record is no JSON: {error}");
        put(dir.outcome(), serde_json::to_vec_pretty(&outcome(trial)).unwrap_or_else(json));
        put(dir.measurements(), serde_json::to_vec_pretty(&measurements(trial, index)).unwrap_or_else(json));
        put(dir.trace(), trace(trial).into_bytes());
    }
    grid
}

fn outcome(trial: &Trial) -> Outcome {
    Outcome {
        schema: OUTCOME_SCHEMA,
        trial: trial.id(),
        status: Status::Done,
        attempts: 1,
        genbench: "0.1.0 (bench)".into(),
        build: None,
        ended_unix_ms: 1_700_000_000_000,
        host: Host { name: "bench".into(), os: "linux".into(), cpu: "A Processor".into(), cores: 2, threads: 1 },
        device: Some(DeviceUsed { name: "flex".into(), adapter: "A Processor".into(), ..DeviceUsed::default() }),
        data: Some(DataFacts { sha256: "d1".repeat(32), train: 1_197, validation: 200, test: 400, shape: [1, 8, 8] }),
        steps: trial.train.steps,
        kept_step: Some(trial.train.steps),
        train_s: 1.5,
        parameters: Some(12_864),
    }
}

/// The figures of a model with an exact density, or of one with a bound.
fn measurements(trial: &Trial, index: usize) -> Vec<Measurement> {
    // Fractions of multiples of the golden ratio: distinct values between 0 and 1.
    let spread = (index as f64 * 0.618_033_988_749_895).fract();
    let nats = |name: &str, kind, direction, value| {
        let figure = Measurement::new(name, kind, Unit::Nats, direction, value).with_se(0.2).with_n(400);
        Measurement { measure: name.into(), settings: json!({}), ..figure.on(Support::Binary) }
    };
    let density = || Measurement::absent("nll", Kind::Exact, Unit::Nats, Direction::Lower, "has no exact density");
    let bound = || Measurement::absent("elbo", Kind::LowerBound, Unit::Nats, Direction::Higher, "has no encoder");
    let iwae = |value| Measurement {
        measure: "iwae".into(),
        settings: json!({"k": 50}),
        ..nats("iwae_50", Kind::LowerBound, Direction::Higher, value)
    };
    let mut all = match trial.model.name.as_str() {
        "nade" => vec![nats("nll", Kind::Exact, Direction::Lower, 19.0 + spread), bound()],
        _ => vec![
            density(),
            nats("elbo", Kind::LowerBound, Direction::Higher, -22.0 - spread),
            nats("elbo_kl", Kind::Exact, Direction::Neither, 8.0 + spread),
            iwae(-21.0 - spread),
        ],
    };
    let fid = Measurement::new("fid_proxy", Kind::Estimate, Unit::One, Direction::Lower, 2.0 + spread).with_n(400);
    all.push(Measurement { measure: "fid_proxy".into(), ..fid.on(Support::Binary) });
    for name in ["train_images_per_s", "evaluate_images_per_s", "sample_images_per_s"] {
        let speed = 10_000.0 + 100.0 * spread;
        all.push(
            Measurement::new(name, Kind::Estimate, Unit::ImagesPerSecond, Direction::Higher, speed)
                .with_se(50.0)
                .with_n(5)
                .volatile(),
        );
    }
    all
}

/// Trace with a loss and a validation in every tenth of the training.
fn trace(trial: &Trial) -> String {
    let line = |step: u64, name: &str, fields| {
        let at_s = step as f64 * 1.5e-3;
        json!({
            "v": 1, "unix_ms": 0, "at_s": at_s, "attempt": 1, "kind": "event", "level": "INFO", "name": name,
            "fields": fields,
        })
        .to_string()
            + "\n"
    };
    (1..=10)
        .map(|tenth| {
            let (step, value) = (tenth * trial.train.steps / 10, 20.0 + 10.0 / tenth as f64);
            let validation = json!({
                "step": step, "quantity": "nll", "value": value, "se": 0.3, "n": 200, "unit": "nats", "best": true,
            });
            line(step, "scalars", json!({"step": step, "loss": value})) + &line(step, "validation", validation)
        })
        .collect()
}
