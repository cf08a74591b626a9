//! Settings of a trial with dotted names, for programs that track experiments.

use protocol::Trial;
use protocol::text::portable;
use serde_json::{Value, json};

/// All settings with dotted names, such as `model.hidden`. Absolute paths are cut to their last part.
pub(super) fn settings(trial: &Trial) -> Vec<(String, Value)> {
    let mut settings = vec![
        ("model".to_owned(), json!(trial.model.name)),
        ("data".to_owned(), json!(trial.data.name)),
        ("seed".to_owned(), json!(trial.seed)),
        ("device".to_owned(), json!(trial.device)),
    ];
    leaves("model", &trial.model.config, &mut settings);
    leaves("data", &trial.data.config, &mut settings);
    leaves("train", &json!(trial.train), &mut settings);
    settings
}

fn leaves(path: &str, value: &Value, settings: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| leaves(&format!("{path}.{key}"), value, settings)),
        Value::Null => settings.push((path.to_owned(), json!("none"))),
        Value::String(text) => settings.push((path.to_owned(), json!(portable(text)))),
        other => settings.push((path.to_owned(), other.clone())),
    }
}
