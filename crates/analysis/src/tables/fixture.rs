//! Results of a made-up run: an exact density, a bound, neither, a trial that diverged, one whose model collapsed, and a
//! variant that has not run.

use std::fs;

use protocol::{
    Build, DataFacts, DataSpec, DeviceUsed, Direction, Fact, GridDir, Host, Keep, Kind, Measurement, ModelSpec,
    Outcome, Plan, Status, Support, TrainSpec, Trial, TrialDir, Unit, atomic,
};
use serde_json::{Value, json};

use crate::results::Results;
use crate::store;
use crate::store::Record;

/// Results in a folder that is removed when this is dropped.
pub(crate) struct Fixture {
    _folder: tempfile::TempDir,
    pub(crate) grid: GridDir,
    pub(crate) plan: Plan,
}

impl Fixture {
    /// Writes the results.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let grid = GridDir::new(folder.path(), "small");
        let variants = ["independent", "nade", "vae", "gan", "nade hidden=500"];
        let trials = variants.iter().flat_map(|variant| (0..3).map(|seed| trial(variant, seed))).collect();
        let fact = Fact {
            section: Some("Counting".into()),
            fact: "joint_table".into(),
            quantity: "free parameters of the full joint over 64 binary pixels".into(),
            value: "18446744073709551615".into(),
            note: "2^64 - 1, one <less> than the \"states\"".into(),
        };
        let plan = Plan {
            about: "A fixture, for tests.".into(),
            device_note: Some("auto is flex: no hardware adapter".into()),
            facts: vec![fact],
            ..Plan::new("small", trials)
        };
        for trial in plan.trials.iter().filter(|trial| trial.variant != "nade hidden=500") {
            write(&grid.trial(&trial.id()), trial);
        }
        atomic::write(&grid.grid_yaml(), b"name: small\nseeds: 3\n").unwrap();
        Self { _folder: folder, grid, plan }
    }

    /// Adds spans of ten seconds in total to the trace of a trial.
    pub(crate) fn spend(&self, trial: usize) {
        let path = self.grid.trial(&self.plan.trials[trial].id()).trace();
        let mut text = fs::read_to_string(&path).unwrap();
        let mut line = |kind: &str, name: &str, span: u64, parent: Option<u64>, seconds: Option<f64>| {
            let line = json!({
                "v": 1, "unix_ms": 0, "at_s": 10.0, "attempt": 1, "kind": kind, "level": "INFO", "name": name,
                "span": span, "parent": parent, "seconds": seconds, "fields": {"measure": "fid_proxy"},
            });
            text += &format!("{line}\n");
        };
        line("open", "trial", 1, None, None);
        line("open", "train", 2, Some(1), None);
        line("close", "train", 2, Some(1), Some(6.0));
        line("open", "measure", 3, Some(1), None);
        line("open", "extractor", 4, Some(3), None);
        line("close", "extractor", 4, Some(3), Some(1.0));
        line("close", "measure", 3, Some(1), Some(3.5));
        line("close", "trial", 1, None, Some(10.0));
        fs::write(path, text).unwrap();
    }

    /// Results of the folder.
    pub(crate) fn results(&self) -> Results {
        Results::read(self.grid.clone(), self.plan.clone())
    }

    /// Records as the store reads them.
    pub(crate) fn records(&self) -> Vec<Record> {
        store::records(&self.grid, &self.plan)
    }
}

pub(crate) fn trial(variant: &str, seed: u64) -> Trial {
    let name = variant.split(' ').next().unwrap().to_owned();
    Trial {
        schema: protocol::trial::TRIAL_SCHEMA,
        grid: "small".into(),
        variant: variant.into(),
        section: Some("Families".into()),
        model: ModelSpec { name, version: 1, config: json!({"label": variant}), meaning: None }.into(),
        data: DataSpec { name: "digits".into(), version: 1, config: json!({}), hash: String::new(), meaning: None }
            .into(),
        train: TrainSpec { keep: Keep::Best, ..TrainSpec::new(100, 64, 50) },
        seed,
        device: "flex".into(),
        measure: Vec::new().into(),
    }
}

fn nats(name: &str, kind: Kind, direction: Direction, value: f64) -> Measurement {
    let figure = Measurement::new(name, kind, Unit::Nats, direction, value).with_se(0.5).with_n(360);
    Measurement { measure: name.into(), ..figure.on(Support::Binary) }
}

/// Figure of the measure `collapse`: one seed of three has collapsed.
fn collapsed(seed: u64) -> Measurement {
    let value = f64::from(u8::from(seed == 2));
    let figure = Measurement::new(protocol::COLLAPSED, Kind::Estimate, Unit::One, Direction::Lower, value).with_n(360);
    if seed == 2 { figure.remark("samples cover 1 of 10 modes") } else { figure }
}

fn absent(name: &str, reason: &str) -> Measurement {
    Measurement::absent(name, Kind::Exact, Unit::Nats, Direction::Lower, reason)
}

fn measurements(variant: &str, seed: u64) -> Vec<Measurement> {
    let (spread, one) = (seed as f64 * 0.1, Unit::One);
    let iwae = |value| Measurement {
        settings: json!({"k": 50}),
        measure: "iwae".into(),
        ..nats("iwae_50", Kind::LowerBound, Direction::Higher, value)
    };
    let mut all = match variant {
        "independent" => vec![nats("nll", Kind::Exact, Direction::Lower, 26.25)],
        "nade" => vec![nats("nll", Kind::Exact, Direction::Lower, 19.5 + spread)],
        "vae" => vec![
            absent("nll", "has no exact density"),
            nats("elbo", Kind::LowerBound, Direction::Higher, -22.75 - spread),
            nats("elbo_kl", Kind::Exact, Direction::Neither, 8.5),
            iwae(-21.5 - spread),
        ],
        _ => vec![absent("nll", "has no density"), absent("elbo", "has no encoder"), collapsed(seed)],
    };
    let fid = Measurement::new("fid_proxy", Kind::Estimate, one, Direction::Lower, 4.0 + spread).with_n(180);
    all.push(Measurement {
        measure: "fid_proxy".into(),
        ..fid.on(Support::Binary).remark("null floor 0.8 at n = 180")
    });
    let speed = Measurement::new("train", Kind::Estimate, Unit::ImagesPerSecond, Direction::Higher, 12000.0 + spread);
    all.push(speed.volatile());
    all
}

fn write(dir: &TrialDir, trial: &Trial) {
    let diverged = trial.variant == "gan" && trial.seed == 1;
    let status = if diverged { Status::Diverged { step: 60, what: "loss_d".into() } } else { Status::Done };
    let outcome = outcome(trial, status);
    atomic::write_json(&dir.outcome(), &outcome).unwrap();
    if !diverged {
        atomic::write_json(&dir.measurements(), &measurements(&trial.variant, trial.seed)).unwrap();
        atomic::write(&dir.samples().join("samples.png"), &picture(trial.seed)).unwrap();
    }
    atomic::write(&dir.trace(), trace(&trial.variant, trial.seed, diverged).as_bytes()).unwrap();
}

/// Outcome of a trial with this status.
pub(crate) fn outcome(trial: &Trial, status: Status) -> Outcome {
    let diverged = !matches!(status, Status::Done);
    Outcome {
        schema: protocol::outcome::OUTCOME_SCHEMA,
        trial: trial.id(),
        status,
        attempts: 1,
        genbench: "0.1.0 (abc1234)".into(),
        build: Some(Build {
            packages: [("genbench".to_owned(), "0.1.0".to_owned())].into(),
            commit: Some("abc1234".into()),
            dirty: Some(false),
            code: "c0de".into(),
            fault: None,
        }),
        ended_unix_ms: 1_700_000_000_000,
        host: Host { name: "bench".into(), os: "linux x86_64".into(), cpu: "A Processor".into(), cores: 2, threads: 1 },
        device: Some(DeviceUsed { name: "flex".into(), adapter: "A Processor".into(), ..DeviceUsed::default() }),
        data: Some(DataFacts { sha256: "d1".repeat(32), train: 1077, validation: 360, test: 360, shape: [1, 8, 8] }),
        steps: if diverged { 60 } else { 100 },
        kept_step: (!diverged).then_some(100),
        train_s: 1.5,
        parameters: Some(64),
    }
}

/// Trace of a trial. The first trial of `nade` was resumed and repeats a step.
fn trace(variant: &str, seed: u64, diverged: bool) -> String {
    let mut lines = String::new();
    let mut event = |attempt: u32, name: &str, step: u64, fields: Value| {
        let at_s = step as f64 / 10.0;
        let line = json!({
            "v": 1, "unix_ms": 0, "at_s": at_s, "attempt": attempt, "kind": "event", "level": "INFO", "name": name,
            "fields": fields,
        });
        lines += &format!("{line}\n");
    };
    let resumed = variant == "nade" && seed == 0;
    for step in (10..=100).step_by(10) {
        let loss = 20.0 + variant.len() as f64 + 40.0 / (step as f64) * (seed as f64 + 5.0);
        let loss = if diverged && step > 50 { json!("NaN") } else { json!(loss) };
        let name = if variant == "gan" { "loss_d" } else { "loss" };
        if resumed && step == 60 {
            event(1, "scalars", step, json!({"step": step, name: 1.0}));
            event(2, "resumed", 50, json!({"step": 50}));
        }
        let attempt = if resumed && step > 50 { 2 } else { 1 };
        event(attempt, "scalars", step, json!({"step": step, name: loss}));
        if step % 50 == 0 {
            let value = 19.0 + variant.len() as f64 + 100.0 / step as f64 + seed as f64 * 0.3;
            let quantity = if variant == "vae" { "elbo" } else { "nll" };
            let value =
                if diverged && step > 50 { json!("NaN") } else { json!(if variant == "vae" { -value } else { value }) };
            let validation = json!({
                "step": step, "quantity": quantity, "value": value, "se": 0.5, "n": 360, "unit": "nats", "best": true,
            });
            event(attempt, "validation", step, validation);
        }
        if diverged && step == 60 {
            break;
        }
    }
    lines
}

/// A sheet of 4x4 patterns of 8x8 pixels.
fn picture(seed: u64) -> Vec<u8> {
    let side = 35_u32;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    let pixel = |at: u32| {
        let (row, column) = (at / side, at % side);
        let (inside_row, inside_column) = (row % 9, column % 9);
        let on = (inside_row * inside_column + row / 9 + column / 9 + seed as u32).is_multiple_of(3);
        if inside_row == 8 || inside_column == 8 {
            128
        } else if on {
            255
        } else {
            0
        }
    };
    let pixels: Vec<u8> = (0..side * side).map(pixel).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    bytes
}

/// Text of a file in the grid's folder.
pub(crate) fn read(grid: &GridDir, name: &str) -> String {
    fs::read_to_string(grid.file(name)).unwrap()
}
