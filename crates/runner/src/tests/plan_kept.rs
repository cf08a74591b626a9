//! Whose plan the folder of a grid keeps.

use std::fs;
use std::path::{Path, PathBuf};

use protocol::{GridRecord, Plan, Trial, atomic};

use super::bench::{Bench, plan};
use crate::error::RunError;
use crate::options::RunOptions;
use crate::trial_folder::{StoredPlan, prepare, stored_plan};

fn stored(bench: &Bench) -> (Plan, GridRecord) {
    (atomic::read_json(&bench.grid().plan_json()).unwrap(), atomic::read_json(&bench.grid().record()).unwrap())
}

/// Options of a run with overrides, whose whole grid is `whole`.
fn overridden(bench: &Bench, whole: &Plan) -> RunOptions {
    let overrides = vec!["--only ok".to_owned()];
    RunOptions { whole: Some(whole.clone()), overrides, ..bench.options.clone() }
}

#[test]
fn a_part_of_the_grid_keeps_the_plan_of_the_whole() {
    let bench = Bench::new();
    let (whole, part) = (plan(&[("ok", 0), ("ok", 1), ("silent", 0)]), plan(&[("ok", 1)]));
    let options = overridden(&bench, &whole);
    assert_eq!(stored_plan(&part, &options), StoredPlan::Whole);
    let entries = prepare(&part, &options).unwrap();
    assert_eq!(entries.entries.len(), 1, "only the part is run");
    assert_eq!(stored(&bench), (whole, GridRecord::default()));
}

#[test]
fn changed_trials_replace_the_plan_only_until_the_whole_grid_has_run() {
    let bench = Bench::new();
    let whole = plan(&[("ok", 0)]);
    let mut changed = plan(&[("ok", 0)]);
    changed.trials[0].train.steps += 1;
    let options = overridden(&bench, &whole);
    assert_eq!(stored_plan(&changed, &options), StoredPlan::Own);
    prepare(&changed, &options).unwrap();
    assert_eq!(stored(&bench), (changed.clone(), GridRecord { file: None, changed: vec!["--only ok".into()] }));
    // Neither run has had the whole grid.
    assert_eq!(stored_plan(&changed, &options), StoredPlan::Own);
    prepare(&whole, &bench.options).unwrap();
    assert_eq!(stored(&bench), (whole.clone(), GridRecord::default()));
    assert_eq!(stored_plan(&changed, &options), StoredPlan::Kept);
    assert_eq!(prepare(&changed, &options).unwrap().entries.len(), 1, "the changed trial is run all the same");
    assert_eq!(stored(&bench).0, whole);
    // A folder of an earlier version has no record.
    fs::remove_file(bench.grid().record()).unwrap();
    assert_eq!(stored_plan(&changed, &options), StoredPlan::Kept);
}

#[test]
fn a_seed_beyond_those_of_the_grid_is_another_trial() {
    let bench = Bench::new();
    let whole = plan(&[("ok", 0)]);
    let mut more = whole.clone();
    more.trials.push(Trial { seed: 7, ..whole.trials[0].clone() });
    prepare(&whole, &bench.options).unwrap();
    assert_eq!(stored_plan(&more, &overridden(&bench, &whole)), StoredPlan::Kept);
}

/// Options of a run of the grid file at `path`.
fn of_file(bench: &Bench, path: PathBuf) -> RunOptions {
    RunOptions { grid_file: Some(path), ..bench.options.clone() }
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_folder_belongs_to_one_grid_file() {
    let bench = Bench::new();
    let folder = tempfile::tempdir().unwrap();
    let plan = plan(&[("ok", 0)]);
    let text = format!("name: {}\n", plan.grid);
    let (a, b) = (write(folder.path(), "a.yaml", &text), write(folder.path(), "b.yaml", &text));
    let run = |path: &Path| prepare(&plan, &of_file(&bench, path.to_owned())).map(drop);
    run(&a).unwrap();
    let record = stored(&bench).1.file.unwrap();
    assert!(!Path::new(&record).is_absolute() && record.ends_with("a.yaml"), "{record}");
    // The same file, changed or by another path.
    write(folder.path(), "a.yaml", &format!("{text}about: changed\n"));
    run(&folder.path().join(".").join("a.yaml")).unwrap();
    // Another file with the same name: nothing is overwritten.
    let before = stored(&bench);
    let Err(RunError::OtherGrid { file, .. }) = run(&b) else { panic!("another grid with the same name") };
    assert_eq!((file, stored(&bench)), (a.canonicalize().unwrap(), before));
    prepare(&plan, &RunOptions { replace: true, ..of_file(&bench, b.clone()) }).unwrap();
    assert!(matches!(run(&a), Err(RunError::OtherGrid { .. })), "the folder was taken over");
    // The advice works: the other grid gets another name, or is moved.
    write(folder.path(), "b.yaml", "name: other\n");
    run(&a).unwrap();
    let moved = folder.path().join("c.yaml");
    fs::rename(&a, &moved).unwrap();
    run(&moved).unwrap();
}
