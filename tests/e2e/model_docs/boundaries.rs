//! The schema of every model states what planning accepts: values at a boundary are accepted, those just outside are not.

use std::collections::BTreeSet;

use data::DataShape;
use engine::{ModelEntry, Models};
use genbench::Registry;
use protocol::Support;
use serde_json::{Value, json};

use super::allowed::takes_a_list;
use crate::boundaries::Boundaries;

/// Shapes of all kinds, some of which are small or very long.
fn shapes(registry: &Registry) -> Vec<DataShape> {
    let kinds = super::kinds(registry).into_iter().flat_map(|(_, shapes)| shapes);
    let other = [[1, 4, 5], [1, 1, 4_000_000]];
    let supports = [Support::Binary, Support::Levels(4)];
    let other =
        other.iter().flat_map(|image| supports.map(|support| DataShape::new(*image, support, [1_000, 100, 100])));
    kinds.chain(other).collect()
}

/// Boundaries of a setting of a model. The choices that other models have for a setting of this name are outside.
fn boundaries(models: &Models, name: &str, property: &Value) -> Boundaries {
    let schemas: Vec<Value> = models.iter().map(|model| (model.schema)()["properties"][name].clone()).collect();
    Boundaries::of(property, &schemas).unwrap_or_else(|| panic!("{name}: no boundaries of {property}"))
}

/// A model with its contexts: settings and the shape of data for which planning accepts them.
struct Planner<'a> {
    entry: &'a ModelEntry,
    contexts: Vec<(Value, DataShape)>,
}

impl<'a> Planner<'a> {
    fn new(entry: &'a ModelEntry, shapes: &[DataShape]) -> Self {
        let mut planner = Self { entry, contexts: Vec::new() };
        for settings in [(entry.defaults)()].into_iter().chain((entry.tiny)()) {
            let fitting = shapes.iter().filter(|shape| planner.accepts(&settings, shape));
            let fitting: Vec<_> = fitting.map(|shape| (settings.clone(), *shape)).collect();
            planner.contexts.extend(fitting);
        }
        planner
    }

    fn accepts(&self, settings: &Value, shape: &DataShape) -> bool {
        (self.entry.resolve)(settings).is_ok_and(|settings| (self.entry.check)(&settings, shape).is_ok())
    }

    /// Returns whether a context accepts `value`, if need be with another setting at one of its boundaries.
    fn accepts_somewhere(&self, name: &str, value: &Value, all: &[(String, Boundaries)]) -> bool {
        let with = |settings: &Value, name: &str, value: &Value| {
            let mut settings = settings.clone();
            settings[name] = value.clone();
            settings
        };
        let alone = |(settings, shape): &(Value, DataShape)| self.accepts(&with(settings, name, value), shape);
        let paired = |(settings, shape): &(Value, DataShape)| {
            let changed = with(settings, name, value);
            let others = all.iter().filter(|(other, _)| other != name);
            let mut pairs =
                others.flat_map(|(other, boundaries)| boundaries.inside.iter().map(move |one| (other, one)));
            pairs.any(|(other, one)| self.accepts(&with(&changed, other, one), shape))
        };
        self.contexts.iter().any(alone) || self.contexts.iter().any(paired)
    }

    /// Context that accepts `value`, if there is one.
    fn accepting(&self, name: &str, value: &Value) -> Option<&(Value, DataShape)> {
        self.contexts.iter().find(|(settings, shape)| {
            let mut settings = settings.clone();
            settings[name] = value.clone();
            self.accepts(&settings, shape)
        })
    }
}

/// Disagreements of a model's schema with planning.
fn disagreements(models: &Models, entry: &ModelEntry, shapes: &[DataShape]) -> Vec<String> {
    let planner = Planner::new(entry, shapes);
    assert!(!planner.contexts.is_empty(), "{}: no data fit", entry.name);
    let schema = (entry.schema)();
    let properties = schema["properties"].as_object().cloned().unwrap_or_default();
    let all: Vec<(String, Boundaries)> =
        properties.iter().map(|(name, property)| (name.clone(), boundaries(models, name, property))).collect();
    let mut found = Vec::new();
    for (name, boundaries) in &all {
        for value in boundaries.inside.iter().filter(|value| !planner.accepts_somewhere(name, value, &all)) {
            found.push(format!("{}.{name}: the schema allows {value}, planning refuses it", entry.name));
        }
        for value in &boundaries.outside {
            if let Some((_, shape)) = planner.accepting(name, value) {
                found.push(format!(
                    "{}.{name}: the schema excludes {value}, planning accepts it for {shape:?}",
                    entry.name
                ));
            }
        }
        let mut lists = planner.contexts.iter().filter(|(settings, shape)| {
            let mut settings = settings.clone();
            settings[name] = json!((0..(shape.height * shape.width).min(64)).rev().collect::<Vec<_>>());
            planner.accepts(&settings, shape)
        });
        if lists.next().is_some() != takes_a_list(&properties[name]) {
            found.push(format!("{}.{name}: schema and planning disagree on a list", entry.name));
        }
    }
    found
}

#[test]
fn the_schema_of_every_model_states_what_planning_accepts() {
    let registry = Registry::built_in();
    let shapes = shapes(&registry);
    let found: Vec<String> =
        registry.models.iter().flat_map(|entry| disagreements(&registry.models, entry, &shapes)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    let settings: BTreeSet<String> = registry.models.iter().flat_map(|entry| keys(&(entry.defaults)())).collect();
    assert!(settings.len() > 40, "only {} settings were tried", settings.len());
}

fn keys(settings: &Value) -> Vec<String> {
    settings.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect()
}
