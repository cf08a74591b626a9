//! Requests of a small grid.

use protocol::atomic;
use serde_json::{Value, json};

use super::*;
use crate::export::tests::TRACE;
use crate::results::Results;
use crate::store::Record;
use crate::tables::fixture::{Fixture, outcome};

/// Runs of these records.
fn runs_of(fixture: &Fixture, records: Vec<Record>) -> Vec<Run> {
    let results = Results::of(fixture.grid.clone(), fixture.plan.clone(), records);
    runs(&results).map(Result::unwrap).collect()
}

/// Path and body of a request on one line.
fn line(request: &Request) -> String {
    format!("{} {}", request.path(), serde_json::to_string(request).unwrap())
}

#[test]
fn a_trial_is_a_run_with_its_settings_figures_and_curves() {
    let fixture = Fixture::new();
    let records: Vec<_> = fixture.records().into_iter().take(1).collect();
    atomic::write(&records[0].dir.trace(), TRACE.as_bytes()).unwrap();
    let run = &runs_of(&fixture, records)[0];
    let requests = [vec![run.create("7")], run.log("ab"), run.end("ab").into_iter().collect()].concat();
    let lines = requests.iter().map(line).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(lines.replace(&run.trial.0, "TRIAL"), @r#"
        api/2.0/mlflow/runs/create {"experiment_id":"7","run_name":"independent seed 0","start_time":1000,"tags":[{"key":"genbench.trial","value":"TRIAL"},{"key":"genbench.variant","value":"independent"},{"key":"genbench.seed","value":"0"},{"key":"genbench.section","value":"Families"},{"key":"genbench.data","value":"digits"},{"key":"genbench.status","value":"done"},{"key":"genbench.build","value":"code c0de, genbench 0.1.0, commit abc1234"}]}
        api/2.0/mlflow/runs/log-batch {"run_id":"ab","metrics":[],"params":[{"key":"model","value":"independent"},{"key":"data","value":"digits"},{"key":"seed","value":"0"},{"key":"device","value":"flex"},{"key":"model.label","value":"independent"},{"key":"train.batch_size","value":"64"},{"key":"train.eval_every","value":"50"},{"key":"train.keep","value":"best"},{"key":"train.patience","value":"none"},{"key":"train.schedule","value":"constant"},{"key":"train.steps","value":"100"}]}
        api/2.0/mlflow/runs/log-batch {"run_id":"ab","metrics":[{"key":"run/gradient_norm","value":0.5,"timestamp":1600,"step":3},{"key":"run/learning_rate","value":0.01,"timestamp":1600,"step":3},{"key":"train/kl","value":"NaN","timestamp":1600,"step":3},{"key":"train/nll","value":2.5,"timestamp":1600,"step":3},{"key":"validation/nll","value":2.0,"timestamp":9800,"step":9},{"key":"measured/fid_proxy","value":4.0,"timestamp":9900,"step":100},{"key":"measured/nll","value":26.25,"timestamp":9900,"step":100},{"key":"measured/train","value":12000.0,"timestamp":9900,"step":100}],"params":[]}
        api/2.0/mlflow/runs/update {"run_id":"ab","status":"FINISHED","end_time":1700000000000}
        "#);
    assert_eq!(run.sheets.len(), 1, "{:?}", run.sheets);
}

#[test]
fn the_other_requests_have_the_fields_of_the_interface() {
    let id = || "7".to_owned();
    let requests = [
        Request::ExperimentByName { experiment_name: "small".into() },
        Request::CreateExperiment { name: "small".into() },
        Request::RestoreExperiment { experiment_id: id() },
        Request::search("7", "next"),
        Request::DeleteRun { run_id: id() },
    ];
    insta::assert_snapshot!(requests.iter().map(line).collect::<Vec<_>>().join("\n"), @r#"
        api/2.0/mlflow/experiments/get-by-name {"experiment_name":"small"}
        api/2.0/mlflow/experiments/create {"name":"small"}
        api/2.0/mlflow/experiments/restore {"experiment_id":"7"}
        api/2.0/mlflow/runs/search {"experiment_ids":["7"],"filter":"tags.`genbench.trial` LIKE '%'","max_results":100,"page_token":"next"}
        api/2.0/mlflow/runs/delete {"run_id":"7"}
        "#);
}

#[test]
fn only_trials_that_have_started_are_runs_and_status_is_that_of_the_outcome() {
    let fixture = Fixture::new();
    let mut records = fixture.records();
    let mut set = |at: usize, status| records[at].outcome = Some(outcome(&records[at].trial, status));
    set(0, protocol::Status::TimedOut { limit_s: 2.0 });
    set(1, protocol::Status::OutOfMemory { tail: "killed".into() });
    set(2, protocol::Status::Crashed { signal: Some(11), code: None, tail: String::new() });
    records[3].outcome = None;
    let runs = runs_of(&fixture, records);
    let status = |run: &Run| run.end("ab").map(|end| json!(end)["status"].as_str().unwrap().to_owned());
    let states: Vec<_> = runs.iter().map(|run| status(run).unwrap_or_default()).collect();
    assert_eq!(states[..5], ["KILLED", "KILLED", "FAILED", "", "FINISHED"]);
    assert_eq!((states.len(), states[10].as_str()), (12, "FAILED"), "three have not run, one diverged");
    let tags = json!(runs[10].create("7"))["tags"].clone();
    assert!(tags.to_string().contains("loss_d was not finite after step 60"), "{tags}");
}

#[test]
fn batches_and_texts_keep_to_the_limits() {
    let fixture = Fixture::new();
    let mut records: Vec<_> = fixture.records().into_iter().take(1).collect();
    let event = |step: u64| {
        let fields = json!({"step": step, "nll": 1.0, "a@b": 2.0});
        json!({"v": 1, "unix_ms": step, "at_s": 0.0, "attempt": 1, "kind": "event", "level": "INFO", "name": "scalars", "fields": fields})
    };
    let trace: String = (0..1_250).map(|step| format!("{}\n", event(step))).collect();
    atomic::write(&records[0].dir.trace(), trace.as_bytes()).unwrap();
    let settings: serde_json::Map<_, _> = (0..150).map(|at| (format!("s{at}"), json!("é".repeat(7_000)))).collect();
    records[0].trial.model =
        protocol::ModelSpec { config: settings.into(), ..(*records[0].trial.model).clone() }.into();
    records[0].trial.variant = "v".repeat(9_000);
    let results =
        Results::of(fixture.grid.clone(), protocol::Plan::new("small", vec![records[0].trial.clone()]), records);
    let run = runs(&results).next().unwrap().unwrap();

    let bodies: Vec<Value> = run.log("ab").iter().map(|request| json!(request)).collect();
    let lengths = |key: &str| bodies.iter().map(|body| body[key].as_array().unwrap().len()).collect::<Vec<_>>();
    assert_eq!((lengths("params")[0], lengths("params").iter().sum::<usize>() > 150), (100, true));
    assert_eq!(lengths("metrics")[2..4], [1_000, 1_000]);
    assert!(lengths("metrics").iter().all(|count| *count <= 1_000) && lengths("metrics").iter().sum::<usize>() > 2_500);
    let longest = |value: &Value| value["value"].as_str().unwrap().chars().count();
    assert_eq!(bodies[0]["params"].as_array().unwrap().iter().map(longest).max(), Some(6_000));
    assert!(bodies[2].to_string().contains("train/a:40:b"));
    let created = json!(run.create("7"));
    assert_eq!(created["run_name"].as_str().unwrap().len(), 250);
    assert_eq!(created["tags"].as_array().unwrap().iter().map(longest).max(), Some(5_000));
}

#[test]
fn trials_of_earlier_exports_are_found() {
    let run = |tags: Value| json!({"info": {"run_id": "r1"}, "data": {"tags": tags}});
    let tagged = run(json!([{"key": "mlflow.runName", "value": "x"}, {"key": TRIAL, "value": "abc"}]));
    let answer = json!({"runs": [tagged, run(json!([])), {"info": {"run_id": "r2"}}]});
    assert_eq!(logged_trials(&answer), [("abc".to_owned(), "r1".to_owned())]);
    assert_eq!(logged_trials(&json!({})), []);
}

#[test]
fn credentials_are_those_of_the_client() {
    let header = |set: &[(&str, &str)]| {
        authorization(|name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    };
    let token = ("MLFLOW_TRACKING_TOKEN", "secret");
    let user = [("MLFLOW_TRACKING_USERNAME", "ann"), ("MLFLOW_TRACKING_PASSWORD", "pw:1"), token];
    assert_eq!(header(&user).as_deref(), Some("Basic YW5uOnB3OjE="));
    assert_eq!(header(&[user[0], token]).as_deref(), Some("Bearer secret"), "a user without a password");
    assert_eq!((header(&[]), header(&[("MLFLOW_TRACKING_TOKEN", "")])), (None, None));
}
