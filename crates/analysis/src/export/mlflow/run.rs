//! A trial as a run.

use std::io;
use std::path::PathBuf;

use protocol::event::read_trace;
use protocol::{Status, TrialId};
use serde_json::{Value, json};

use super::name::name;
use super::request::{Entry, Metric, Request, TRIAL};
use crate::export::points::points;
use crate::export::settings::settings;
use crate::export::sheets::sheets;
use crate::results::Results;
use crate::store::Record;
use crate::summary::{TrialState, labelled_data};

/// Most metrics of a request.
const METRICS: usize = 1_000;
/// Most parameters of a request.
const PARAMETERS: usize = 100;
/// Most characters of a name of a run, of a value of a parameter, and of a value of a tag.
const NAME: usize = 250;
const PARAMETER: usize = 6_000;
const TAG: usize = 5_000;

/// A run: a trial with its settings, figures, curves and sample sheets.
#[derive(Clone, Debug)]
pub struct Run {
    /// Id of the trial.
    pub trial: TrialId,
    /// Sample sheets.
    pub sheets: Vec<PathBuf>,
    name: String,
    start_ms: u64,
    tags: Vec<Entry>,
    parameters: Vec<Entry>,
    metrics: Vec<Metric>,
    /// Status and time of the end; `None` for a trial that has not ended.
    end: Option<(&'static str, u64)>,
}

/// Runs of all trials that have started, in the order of the plan. Each one is read when the iterator reaches it.
pub fn runs(results: &Results) -> impl Iterator<Item = io::Result<Run>> {
    let labels = labelled_data(results.plan());
    results.records().iter().filter_map(move |record| {
        let label = labels.iter().find(|(spec, _)| spec.is_same(&record.trial.data));
        Run::of(record, label.map_or("", |(_, label)| label)).transpose()
    })
}

impl Run {
    /// The run of a trial on the data of this label; `None` if the trial has not started.
    fn of(record: &Record, data: &str) -> io::Result<Option<Self>> {
        let trace = match read_trace(&record.dir.trace()) {
            Ok(trace) => trace,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        let outcome = record.outcome.as_ref();
        let ended_ms = outcome.map(|outcome| outcome.ended_unix_ms);
        let Some(last_ms) = trace.last().map(|event| event.unix_ms).or(ended_ms) else { return Ok(None) };
        let metrics = points(record, &trace, last_ms).into_iter().map(|((step, tag), (value, timestamp))| Metric {
            key: name(&tag),
            value: number(value),
            timestamp,
            step,
        });
        let parameters = settings(&record.trial).into_iter().map(|(setting, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            Entry { key: name(&setting), value: cut(&value, PARAMETER) }
        });
        Ok(Some(Self {
            trial: record.id.clone(),
            sheets: sheets(record)?,
            name: run_name(&record.trial.variant, record.trial.seed),
            start_ms: trace.first().map_or(last_ms, |event| event.unix_ms),
            tags: tags(record, data),
            parameters: parameters.collect(),
            metrics: metrics.collect(),
            end: outcome.map(|outcome| (status(&outcome.status), outcome.ended_unix_ms)),
        }))
    }

    /// The request that creates the run.
    #[must_use]
    pub fn create(&self, experiment: &str) -> Request {
        Request::CreateRun {
            experiment_id: experiment.to_owned(),
            run_name: self.name.clone(),
            start_time: self.start_ms,
            tags: self.tags.clone(),
        }
    }

    /// The requests that add parameters and metrics to the run of this id.
    #[must_use]
    pub fn log(&self, id: &str) -> Vec<Request> {
        let batch = |metrics: &[Metric], params: &[Entry]| Request::LogBatch {
            run_id: id.to_owned(),
            metrics: metrics.to_vec(),
            params: params.to_vec(),
        };
        let parameters = self.parameters.chunks(PARAMETERS).map(|params| batch(&[], params));
        parameters.chain(self.metrics.chunks(METRICS).map(|metrics| batch(metrics, &[]))).collect()
    }

    /// The request that ends the run of this id; `None` for a trial that has not ended.
    #[must_use]
    pub fn end(&self, id: &str) -> Option<Request> {
        self.end.map(|(status, end_time)| Request::UpdateRun { run_id: id.to_owned(), status, end_time })
    }
}

/// Label and seed; a long label is cut.
fn run_name(variant: &str, seed: u64) -> String {
    let seed = format!(" seed {seed}");
    cut(variant, NAME - seed.len()) + &seed
}

fn tags(record: &Record, data: &str) -> Vec<Entry> {
    let (trial, state) = (&record.trial, TrialState::of(record));
    let build = record.outcome.as_ref().and_then(|outcome| outcome.build.as_ref());
    let tags = [
        (TRIAL, Some(record.id.to_string())),
        ("genbench.variant", Some(trial.variant.clone())),
        ("genbench.seed", Some(trial.seed.to_string())),
        ("genbench.section", trial.section.clone()),
        ("genbench.data", Some(data.to_owned())),
        ("genbench.status", Some(state.status.to_owned())),
        ("genbench.reason", state.reason),
        ("genbench.build", build.map(ToString::to_string)),
    ];
    let entry = |(key, value): (&str, Option<String>)| Some(Entry { key: key.to_owned(), value: cut(&value?, TAG) });
    tags.into_iter().filter_map(entry).collect()
}

fn status(status: &Status) -> &'static str {
    match status {
        Status::Done => "FINISHED",
        Status::TimedOut { .. } | Status::OutOfMemory { .. } => "KILLED",
        Status::Diverged { .. } | Status::Refused { .. } | Status::Crashed { .. } => "FAILED",
    }
}

/// A number as the JSON of protocol buffers has it.
fn number(value: f64) -> Value {
    match value {
        _ if value.is_finite() => json!(value),
        _ if value.is_nan() => json!("NaN"),
        _ if value > 0.0 => json!("Infinity"),
        _ => json!("-Infinity"),
    }
}

/// The first characters of a text.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_label_is_cut_before_its_seed() {
        assert_eq!(run_name("nade", 3), "nade seed 3");
        let name = run_name(&"混".repeat(300), 12);
        assert!(name.ends_with("混 seed 12") && name.chars().count() == NAME, "{name}");
    }
}
