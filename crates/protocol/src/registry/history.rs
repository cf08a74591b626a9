//! Changes of the settings of an entry, so that grids and results of earlier versions stay valid.

use serde_json::Value;

use crate::params::Problem;

/// A change of the settings of a model or data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingChange {
    /// The setting `old` is called `new` now. A grid may use the old name, with a warning.
    Renamed {
        /// Earlier name.
        old: &'static str,
        /// Present name.
        new: &'static str,
    },
    /// The setting is newer than the ids of the first scheme, which hashed every setting. With its default, it means what
    /// its absence meant.
    Added(&'static str),
}

/// The settings under their present names.
///
/// # Errors
/// A setting has its old and its new name.
pub(super) fn present_names(history: &[SettingChange], settings: &Value) -> Result<Value, Problem> {
    let mut settings = settings.clone();
    let Some(map) = settings.as_object_mut() else { return Ok(settings) };
    for change in history {
        let SettingChange::Renamed { old, new } = change else { continue };
        let Some(value) = map.remove(*old) else { continue };
        if map.contains_key(*new) {
            let problem = Problem::new(*old, format!("`{old}` is the old name of `{new}`, and both are set"));
            return Err(Problem { at_key: true, ..problem.help(format!("remove `{old}`")) });
        }
        map.insert((*new).to_owned(), value);
    }
    Ok(settings)
}

/// The settings as the first scheme of ids hashed them: old names, without settings that it did not know.
pub(super) fn first_form(history: &[SettingChange], config: &Value, defaults: &Value) -> Value {
    let mut first = config.clone();
    let Some(map) = first.as_object_mut() else { return first };
    for change in history.iter().rev() {
        match change {
            SettingChange::Renamed { old, new } => {
                if let Some(value) = map.remove(*new) {
                    map.insert((*old).to_owned(), value);
                }
            }
            SettingChange::Added(name) => {
                if map.get(*name) == defaults.get(*name) {
                    map.remove(*name);
                }
            }
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const HISTORY: &[SettingChange] =
        &[SettingChange::Renamed { old: "variant", new: "layer" }, SettingChange::Added("dropout")];

    #[test]
    fn old_names_are_read_and_two_names_of_one_setting_are_refused() {
        let present = json!({"layer": "row", "hidden": 3});
        assert_eq!(present_names(HISTORY, &json!({"variant": "row", "hidden": 3})), Ok(present.clone()));
        assert_eq!(present_names(HISTORY, &present), Ok(present));
        let both = present_names(HISTORY, &json!({"variant": "row", "layer": "row"})).unwrap_err();
        assert_eq!((both.path.as_str(), both.help.as_deref()), ("variant", Some("remove `variant`")));
    }

    #[test]
    fn the_first_form_has_old_names_and_no_new_setting_unless_it_is_set() {
        let defaults = json!({"layer": "row", "dropout": 0.0});
        let first =
            |layer: &str, dropout: f64| first_form(HISTORY, &json!({"layer": layer, "dropout": dropout}), &defaults);
        assert_eq!(first("diagonal", 0.0), json!({"variant": "diagonal"}));
        assert_eq!(first("row", 0.5), json!({"variant": "row", "dropout": 0.5}));
    }
}
