//! Requests of MLflow's REST API 2.0.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::Value;

/// Tag with the id of a trial, by which a later export finds the run.
pub const TRIAL: &str = "genbench.trial";

/// A tag or a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its name.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// Value of a metric at a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Metric {
    /// Its name.
    pub key: String,
    /// Its value: a number, or `NaN`, `Infinity` and `-Infinity` as texts.
    pub value: Value,
    /// Time in milliseconds since 1970.
    pub timestamp: u64,
    /// The training step.
    pub step: u64,
}

/// A request. All but [`Request::ExperimentByName`] are POST requests with the fields as a JSON object.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Request {
    /// Looks up an experiment: a GET request with the name in the query.
    ExperimentByName {
        /// Name of the experiment.
        experiment_name: String,
    },
    /// Creates an experiment.
    CreateExperiment {
        /// Name of the experiment.
        name: String,
    },
    /// Restores a deleted experiment.
    RestoreExperiment {
        /// Id of the experiment.
        experiment_id: String,
    },
    /// Lists the runs of an experiment that a filter selects, page by page.
    SearchRuns {
        /// Id of the experiment.
        experiment_ids: [String; 1],
        /// Condition on the runs.
        filter: String,
        /// Number of runs of a page.
        max_results: u32,
        /// Mark of the next page, from the answer with the page before it.
        page_token: String,
    },
    /// Creates a run.
    CreateRun {
        /// Id of the experiment.
        experiment_id: String,
        /// Name of the run.
        run_name: String,
        /// Time of the start in milliseconds since 1970.
        start_time: u64,
        /// Tags of the run.
        tags: Vec<Entry>,
    },
    /// Adds metrics and parameters to a run.
    LogBatch {
        /// Id of the run.
        run_id: String,
        /// At most 1,000 metrics.
        metrics: Vec<Metric>,
        /// At most 100 parameters.
        params: Vec<Entry>,
    },
    /// Ends a run.
    UpdateRun {
        /// Id of the run.
        run_id: String,
        /// `FINISHED`, `FAILED` or `KILLED`.
        status: &'static str,
        /// Time of the end in milliseconds since 1970.
        end_time: u64,
    },
    /// Moves a run to the deleted ones.
    DeleteRun {
        /// Id of the run.
        run_id: String,
    },
}

impl Request {
    /// The active runs of an experiment that an export has made.
    #[must_use]
    pub fn search(experiment: &str, page_token: &str) -> Self {
        Self::SearchRuns {
            experiment_ids: [experiment.to_owned()],
            filter: format!("tags.`{TRIAL}` LIKE '%'"),
            max_results: 100,
            page_token: page_token.to_owned(),
        }
    }

    /// Path of the request below the address of the server.
    #[must_use]
    pub fn path(&self) -> &'static str {
        match self {
            Self::ExperimentByName { .. } => "api/2.0/mlflow/experiments/get-by-name",
            Self::CreateExperiment { .. } => "api/2.0/mlflow/experiments/create",
            Self::RestoreExperiment { .. } => "api/2.0/mlflow/experiments/restore",
            Self::SearchRuns { .. } => "api/2.0/mlflow/runs/search",
            Self::CreateRun { .. } => "api/2.0/mlflow/runs/create",
            Self::LogBatch { .. } => "api/2.0/mlflow/runs/log-batch",
            Self::UpdateRun { .. } => "api/2.0/mlflow/runs/update",
            Self::DeleteRun { .. } => "api/2.0/mlflow/runs/delete",
        }
    }
}

/// Trial and run of every item in the answer to [`Request::SearchRuns`].
#[must_use]
pub fn logged_trials(answer: &Value) -> Vec<(String, String)> {
    let runs = answer["runs"].as_array().into_iter().flatten();
    let logged = runs.filter_map(|run| {
        let tag = run["data"]["tags"].as_array()?.iter().find(|tag| tag["key"] == TRIAL)?;
        Some((tag["value"].as_str()?.to_owned(), run["info"]["run_id"].as_str()?.to_owned()))
    });
    logged.collect()
}

/// Value of the header `Authorization`, as MLflow's client makes it from environment variables: user and password, else a
/// token; `None` without both.
#[must_use]
pub fn authorization(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let user = set("MLFLOW_TRACKING_USERNAME").zip(set("MLFLOW_TRACKING_PASSWORD"));
    let basic = user.map(|(user, password)| format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))));
    basic.or_else(|| Some(format!("Bearer {}", set("MLFLOW_TRACKING_TOKEN")?)))
}
