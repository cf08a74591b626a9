//! All exits of a worker.

use protocol::{Status, exit};

use super::bench::{Bench, plan, text};

#[test]
fn every_exit_has_its_status_and_none_ends_the_run() {
    let bench = Bench::new();
    let variants = [
        "ok",
        "silent",
        "liar",
        "torn",
        "diverging",
        "panicking",
        "segfault",
        "faltering",
        "murdered",
        "hungry",
        "busy",
        "again",
        "requeue",
    ];
    let trials: Vec<_> = variants.iter().map(|variant| (*variant, 1)).collect();
    let (summary, _) = bench.run(&plan(&trials));
    assert_eq!(summary.exit_code(), exit::TRIALS_FAILED);
    assert!(!summary.stopped && summary.left.is_empty());
    let table: String = variants
        .iter()
        .map(|variant| {
            let outcome = bench.outcome(variant, 1).unwrap();
            let reason = outcome.status.reason().unwrap_or_default();
            let reason = reason.rsplit_once('/').map_or(reason.as_str(), |(_, name)| name);
            format!("{variant} [{}]: {} {reason}\n", outcome.attempts, outcome.status.word())
        })
        .collect();
    insta::assert_snapshot!(table, @r"
    ok [1]: done 
    silent [1]: crashed exit code 0: the worker exited without an outcome
    liar [1]: crashed exit code 12: the worker wrote the status done and then failed
    torn [1]: crashed outcome.json: EOF while parsing a value at line 2 column 0
    diverging [1]: diverged loss was not finite after step 7
    panicking [2]: crashed exit code 12: thread main panicked: boom
    segfault [1]: crashed killed by signal 11: nothing on stderr
    faltering [4]: done 
    murdered [4]: crashed killed by signal 9: nothing on stderr
    hungry [2]: out_of_memory memory allocation of 99 bytes failed
    busy [3]: crashed exit code 75: the worker requested a retry 3 times
    again [3]: done 
    requeue [5]: done 
    ");
    let counts: Vec<_> = summary.counts().into_iter().collect();
    assert_eq!(counts, [("crashed", 7), ("diverged", 1), ("done", 4), ("out_of_memory", 1)]);
}

#[test]
fn an_outcome_of_the_parent_has_the_steps_of_the_worker() {
    let bench = Bench::new();
    bench.run(&plan(&[("panicking", 1)]));
    let outcome = bench.outcome("panicking", 1).unwrap();
    assert_eq!(outcome.steps, 40);
    assert_eq!(outcome.genbench, "0.1.0 (test)");
    assert!(outcome.ended_unix_ms > 0 && outcome.host.cores > 0);
    assert!(matches!(outcome.status, Status::Crashed { code: Some(12), signal: None, .. }));
}

#[test]
fn the_folder_has_grid_and_plan() {
    let bench = Bench::new();
    let mut options = bench.options.clone();
    options.grid_yaml = Some("name: g\n".into());
    let plan = plan(&[("threads", 1), ("threads", 2)]);
    let (summary, _) = bench.run_with(&plan, &options);
    assert_eq!((summary.exit_code(), summary.done.len()), (exit::DONE, 2));
    assert_eq!(text(&bench.grid().grid_yaml()), "name: g\n");
    let kept: protocol::Plan = protocol::atomic::read_json(&bench.grid().plan_json()).unwrap();
    assert_eq!(kept, plan);
    assert_eq!(bench.log(), ["threads 1", "threads 1", "threads 1", "threads 2"]);
}

#[test]
fn an_empty_plan_and_a_missing_worker() {
    let bench = Bench::new();
    assert_eq!(bench.run(&plan(&[])).0.exit_code(), exit::NOTHING);
    let mut options = bench.options.clone();
    options.worker = vec!["/nowhere/genbench".into(), "trial".into()];
    let error = crate::run::run_to(&plan(&[("ok", 1)]), &options, &mut Vec::new()).unwrap_err().to_string();
    assert!(error.starts_with("cannot start the worker `/nowhere/genbench`: "), "{error}");
    assert_eq!(bench.outcome("ok", 1), None, "a missing program is no failure of the trial");
    options.worker.clear();
    let error = crate::run::run_to(&plan(&[("ok", 1)]), &options, &mut Vec::new()).unwrap_err().to_string();
    assert_eq!(error, "no worker command given");
}

#[test]
fn equal_trials_run_once() {
    let bench = Bench::new();
    let mut plan = plan(&[("ok", 1), ("ok", 1)]);
    plan.trials[1].variant = "another name".into();
    let (summary, output) = bench.run(&plan);
    assert_eq!((summary.done.len(), bench.log().len()), (1, 1));
    insta::assert_snapshot!(output, @r"
    1 trial to run, 0 of 1 ended, at most 2 on flex at a time
    ok seed 1: started
    ok seed 1: done
    1 done
    ");
}
