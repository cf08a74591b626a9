//! Settings that the variants of a group have in common and that take several values.

use protocol::Trial;

use super::axes_of_grid::settings;

/// A setting with its value for each variant.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GridSetting {
    pub(super) name: String,
    /// Value of each variant, in the order of the variants.
    pub(super) values: Vec<String>,
}

impl GridSetting {
    /// Distinct values: numbers in increasing order, otherwise in the order of the variants.
    pub(super) fn distinct(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for value in &self.values {
            if !all.contains(&value.as_str()) {
                all.push(value);
            }
        }
        let number = |text: &str| text.parse::<f64>().ok().filter(|value| value.is_finite());
        if all.iter().all(|text| number(text).is_some()) {
            all.sort_by(|a, b| number(a).unwrap_or_default().total_cmp(&number(b).unwrap_or_default()));
        }
        all
    }

    /// Returns whether both settings divide the variants into the same parts.
    fn divides_as(&self, other: &Self) -> bool {
        let parts = |setting: &Self| -> Vec<Option<usize>> {
            setting.values.iter().map(|value| setting.values.iter().position(|first| first == value)).collect()
        };
        parts(self) == parts(other)
    }
}

/// Settings common to all variants, with at least two values, of which several variants share one. `variants` has one trial
/// of each variant. Of settings that vary together, the first by name is kept. The model is first, then names in order.
pub(super) fn grid_settings(variants: &[&Trial]) -> Vec<GridSetting> {
    let all: Vec<_> = variants.iter().map(|trial| settings(trial)).collect();
    let Some(first) = all.first() else { return Vec::new() };
    let mut names: Vec<&String> = first.keys().collect();
    names.sort_by_key(|name| (name.as_str() != "model", name.as_str()));
    let mut found: Vec<GridSetting> = Vec::new();
    for name in names {
        let values: Option<Vec<String>> = all.iter().map(|settings| settings.get(name).cloned()).collect();
        let Some(values) = values else { continue };
        let setting = GridSetting { name: name.clone(), values };
        let distinct = setting.distinct().len();
        let varies = distinct > 1 && distinct < variants.len();
        if varies && found.iter().all(|known| !known.divides_as(&setting)) {
            found.push(setting);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use protocol::fixtures::trial;
    use serde_json::{Value, json};

    use super::*;

    fn variant(label: &str, model: &str, config: Value) -> Trial {
        let mut trial = trial(label, 0);
        let spec = (*trial.model).clone();
        trial.model = protocol::ModelSpec { name: model.into(), config, ..spec }.into();
        trial
    }

    fn found(trials: &[Trial]) -> Vec<(String, Vec<String>)> {
        let settings = grid_settings(&trials.iter().collect::<Vec<_>>());
        let distinct = |one: &GridSetting| one.distinct().into_iter().map(str::to_owned).collect();
        settings.iter().map(|one| (one.name.clone(), distinct(one))).collect()
    }

    #[test]
    fn the_axes_of_a_matrix_are_settings() {
        let mut trials = Vec::new();
        for model in ["nade", "made"] {
            for hidden in [100, 20] {
                for lr in [0.1, 0.01] {
                    // `width` varies together with `hidden`; `own` is no setting of the other model.
                    let own = if model == "nade" { "a" } else { "b" };
                    let config = json!({"hidden": hidden, "lr": lr, "width": 2 * hidden, own: lr});
                    trials.push(variant(&format!("{model} {hidden} {lr}"), model, config));
                }
            }
        }
        let texts = |values: [&str; 2]| values.map(str::to_owned).to_vec();
        let expected = [("model", ["nade", "made"]), ("hidden", ["20", "100"]), ("lr", ["0.01", "0.1"])];
        assert_eq!(found(&trials), expected.map(|(name, values)| (name.to_owned(), texts(values))));
    }

    #[test]
    fn settings_that_are_unique_or_equal_for_all_are_no_axes() {
        let trials = [
            variant("a", "nade", json!({"hidden": 1, "lr": 0.1})),
            variant("b", "nade", json!({"hidden": 2, "lr": 0.1})),
            variant("c", "nade", json!({"hidden": 3, "lr": 0.1})),
        ];
        assert_eq!(found(&trials), []);
        assert_eq!(found(&[]), []);
    }
}
