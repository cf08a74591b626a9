//! Differences between the identities of two trials.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::{Value, json};

use crate::Trial;

/// An input that two trials do not share.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// A dotted key such as `train.steps`, or a name such as `data version`.
    pub input: String,
    /// Its value before; `None` if it had none.
    pub before: Option<Value>,
    /// Its value after.
    pub after: Option<Value>,
}

impl Change {
    /// Name of the input that is the content of files.
    pub const DATA_FILES: &'static str = "data files";
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &Option<Value>| match value {
            None => "unset".to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) => "none".to_owned(),
            Some(value) => value.to_string(),
        };
        write!(f, "{}: {} -> {}", self.input, shown(&self.before), shown(&self.after))
    }
}

/// Returns every input in which `after` differs from `before`. If the model or the data set differs, its settings are not
/// listed, because they cannot be compared.
#[must_use]
pub fn changes(before: &Trial, after: &Trial) -> Vec<Change> {
    // The place of files is no input, their content is. Records of the first scheme do not state which settings are paths.
    let is_place = |key: &str| {
        let meanings = [before, after].into_iter().filter_map(|trial| trial.data.meaning.as_ref());
        key.strip_prefix("data.").is_some_and(|path| meanings.into_iter().any(|meaning| meaning.locates(path)))
    };
    let [old, new] = [before, after].map(|trial| {
        let mut inputs = inputs(trial);
        inputs.retain(|key, _| !is_place(key));
        inputs
    });
    let keys: Vec<&String> = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key))).collect();
    let mut changes: Vec<Change> = keys
        .into_iter()
        .filter(|key| old.get(*key) != new.get(*key))
        .map(|key| Change { input: key.clone(), before: old.get(key).cloned(), after: new.get(key).cloned() })
        .collect();
    for root in ["model", "data"] {
        if changes.iter().any(|change| change.input == root) {
            changes.retain(|change| change.input == root || change.input.split(['.', ' ']).next() != Some(root));
        }
    }
    changes
}

/// All inputs of a trial's identity, by their names in a grid.
fn inputs(trial: &Trial) -> BTreeMap<String, Value> {
    let (model, data) = (&trial.model, &trial.data);
    let mut inputs = BTreeMap::from([
        ("model".to_owned(), json!(model.name)),
        ("model version".to_owned(), json!(model.version)),
        ("data".to_owned(), json!(data.name)),
        ("data version".to_owned(), json!(data.version)),
        (Change::DATA_FILES.to_owned(), json!(data.hash)),
        ("seed".to_owned(), json!(trial.seed)),
        ("device".to_owned(), json!(trial.device.split(':').next())),
    ]);
    leaves("model", &model.config, &mut inputs);
    leaves("data", &data.config, &mut inputs);
    leaves("train", &json!(trial.train), &mut inputs);
    inputs
}

fn leaves(path: &str, value: &Value, out: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| leaves(&format!("{path}.{key}"), value, out)),
        leaf => {
            out.insert(path.to_owned(), leaf.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::fixtures::trial;

    fn shown(before: &Trial, after: &Trial) -> Vec<String> {
        changes(before, after).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_place_of_files_is_no_change_and_their_content_is() {
        let mut old = trial("a", 0);
        Arc::make_mut(&mut old.data).config = json!({"path": "here", "test": 3});
        let mut new = old.clone();
        let data = Arc::make_mut(&mut new.data);
        data.config = json!({"path": "there", "test": 3});
        let meaning = crate::Meaning::of(&data.config, &json!({}), &|settings| Some(settings.clone()));
        data.meaning = Some(meaning.without(vec!["path".to_owned()]));
        assert_eq!((changes(&old, &new), changes(&new, &old)), (vec![], vec![]));
        Arc::make_mut(&mut new.data).hash = "abc".into();
        assert_eq!(shown(&old, &new), ["data files:  -> abc"]);
    }

    #[test]
    fn every_input_is_listed_by_its_name() {
        let old = trial("a", 0);
        let mut new = trial("a", 1);
        (new.train.steps, new.device) = (200, "wgpu:1".into());
        Arc::make_mut(&mut new.data).version = 2;
        Arc::make_mut(&mut new.model).config = json!({"optim": {"lr": 0.1}});
        assert_eq!(
            shown(&old, &new),
            [
                "data version: 1 -> 2",
                "device: flex -> wgpu",
                "seed: 0 -> 1",
                "train.steps: 100 -> 200",
                "model.optim.lr: unset -> 0.1"
            ]
        );
        assert_eq!(changes(&old, &Trial { variant: "b".into(), measure: Vec::new().into(), ..old.clone() }), []);
        let mut other = new.clone();
        Arc::make_mut(&mut other.model).name = "vae".into();
        let mut far = trial("a", 1);
        Arc::make_mut(&mut far.model).config = json!({"hidden": 3});
        assert!(shown(&far, &other).contains(&"model: a -> vae".to_owned()));
        assert!(
            !shown(&far, &other).iter().any(|one| one.starts_with("model.")),
            "settings of another model are not listed"
        );
    }
}
