//! Trials of the first scheme as the present program plans them, without a registry: for tests without Burn.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use protocol::{GridDir, Meaning, Plan, Trial, atomic};
use serde_json::Value;

/// Folder of the kept results of the first scheme.
pub(crate) fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/e2e/first_scheme")
}

/// The plan of the first scheme.
pub(crate) fn first_plan() -> Plan {
    atomic::read_json(&GridDir(kept().join("results")).plan_json()).expect("a plan")
}

/// The present record of a trial of the first scheme: present names, and files in another folder.
pub(crate) fn present(old: &Trial) -> Trial {
    let defaults: Value = atomic::read_json(&kept().join("defaults.json")).expect("the defaults of that time");
    let mut trial = old.clone();
    let model = Arc::make_mut(&mut trial.model);
    let (config, known) = (renamed(&model.config), renamed(&defaults["models"][&model.name]["defaults"]));
    let meaning = Meaning::of(&config, &known, &|_| None);
    let first = (model.config != config).then(|| model.config.clone());
    (model.meaning, model.config) = (Some(Meaning { first, ..meaning }), config);
    let data = Arc::make_mut(&mut trial.data);
    data.config["path"] = "/moved/images".into();
    let meaning = Meaning::of(&data.config, &defaults["data"][&data.name]["defaults"], &|_| None);
    data.meaning = Some(meaning.without(vec!["path".into()]));
    trial
}

/// The settings of a model with `variant` under its present name, `layer`.
fn renamed(settings: &Value) -> Value {
    let mut settings = settings.clone();
    if let Some(map) = settings.as_object_mut()
        && let Some(value) = map.remove("variant")
    {
        map.insert("layer".to_owned(), value);
    }
    settings
}
