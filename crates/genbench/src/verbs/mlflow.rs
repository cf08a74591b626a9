//! `export --to mlflow`: sends the runs of a grid to an MLflow server.

mod server;

use std::collections::BTreeMap;
use std::fs;

use analysis::Results;
use analysis::export::mlflow::{self, Request, Run};
use protocol::atomic;
use protocol::text::count;

use crate::failure::Failure;
use crate::output::{note, say};
use server::{Server, field};

/// Answer of a server without an experiment of the name.
const UNKNOWN: &str = "RESOURCE_DOES_NOT_EXIST";

/// Sends every trial that has started to the server at `uri`, into an experiment with the name of the grid. Runs of the
/// same trials are replaced.
pub(super) fn send(results: &Results, uri: Option<&str>) -> Result<(), Failure> {
    let server = Server::new(uri)?;
    let grid = &results.plan().grid;
    let experiment = experiment(&server, grid)?;
    let earlier = earlier_runs(&server, &experiment)?;
    let (mut sent, mut left_out) = (0, 0);
    for run in mlflow::runs(results) {
        let run = run?;
        left_out += send_run(&server, &experiment, &run)?;
        // Only now, so that a failed export leaves the earlier run; the next export replaces both.
        for run_id in earlier.get(&run.trial.0).into_iter().flatten() {
            server.call(&Request::DeleteRun { run_id: run_id.clone() })?;
        }
        sent += 1;
    }
    if left_out > 0 {
        let sheets = count(left_out, "sample sheet");
        note!("{sheets} left out: the artifacts of this experiment are not stored through the server");
    }
    say!("{} in the experiment {grid}: {}/#/experiments/{experiment}", count(sent, "run"), server.address())?;
    Ok(())
}

/// Id of the experiment of this name, which is created or restored.
fn experiment(server: &Server, name: &str) -> Result<String, Failure> {
    let lookup = Request::ExperimentByName { experiment_name: name.to_owned() };
    let Some(known) = server.call_unless(&lookup, UNKNOWN)? else {
        return field(&server.call(&Request::CreateExperiment { name: name.to_owned() })?, "/experiment_id");
    };
    let experiment_id = field(&known, "/experiment/experiment_id")?;
    if field(&known, "/experiment/lifecycle_stage")? == "deleted" {
        server.call(&Request::RestoreExperiment { experiment_id: experiment_id.clone() })?;
    }
    Ok(experiment_id)
}

/// Runs of earlier exports by the id of their trial.
fn earlier_runs(server: &Server, experiment: &str) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let (mut runs, mut page) = (BTreeMap::<_, Vec<_>>::new(), String::new());
    loop {
        let answer = server.call(&Request::search(experiment, &page))?;
        for (trial, run) in mlflow::logged_trials(&answer) {
            runs.entry(trial).or_default().push(run);
        }
        match answer["next_page_token"].as_str().filter(|token| !token.is_empty()) {
            Some(token) => token.clone_into(&mut page),
            None => return Ok(runs),
        }
    }
}

/// Creates, fills and ends a run. Returns the number of sample sheets that the server does not take.
fn send_run(server: &Server, experiment: &str, run: &Run) -> Result<usize, Failure> {
    let created = server.call(&run.create(experiment))?;
    let id = field(&created, "/run/info/run_id")?;
    let root = field(&created, "/run/info/artifact_uri")?;
    for request in run.log(&id) {
        server.call(&request)?;
    }
    let mut left_out = 0;
    for sheet in &run.sheets {
        match mlflow::artifact_path(&root, sheet) {
            Some(path) => server.put(&path, &fs::read(sheet).map_err(|error| atomic::named(sheet, &error))?)?,
            None => left_out += 1,
        }
    }
    if let Some(end) = run.end(&id) {
        server.call(&end)?;
    }
    Ok(left_out)
}
