//! The schema of every model states what planning accepts: values at a boundary are accepted, those just outside are not.

use std::collections::BTreeSet;

use data::DataShape;
use engine::{ModelEntry, Models};
use genbench::Registry;
use protocol::Support;
use serde_json::{Value, json};

use super::allowed::{choices, takes_a_list};

/// A number that only large images allow, if the image limits a setting. It is odd, as a kernel must be.
const LARGE: u64 = 1_000_001;

/// Values of a setting that its schema allows, each at a boundary, and values just outside.
#[derive(Debug, Default)]
struct Boundaries {
    inside: Vec<Value>,
    outside: Vec<Value>,
}

impl Boundaries {
    /// Boundaries of a setting of a model. The choices that other models have for a setting of this name are outside.
    fn of(models: &Models, name: &str, property: &Value) -> Self {
        let choices = choices(property);
        if !choices.is_empty() {
            let elsewhere = models.iter().flat_map(|model| self::choices(&(model.schema)()["properties"][name]));
            let outside = elsewhere.filter(|choice| !choices.contains(choice)).chain([json!("bogus"), json!(7)]);
            return Self { outside: outside.collect(), inside: choices };
        }
        match property["type"].as_str() {
            Some("integer") => Self::whole(property),
            Some("number") => Self::real(property),
            _ => panic!("{name}: no boundaries of {property}"),
        }
    }

    fn whole(property: &Value) -> Self {
        let least = property["minimum"].as_u64().expect("whole numbers in settings are not negative");
        let mut found =
            Self { inside: vec![json!(least)], outside: vec![json!(least as i64 - 1), json!(least as f64 + 0.5)] };
        match property["maximum"].as_u64() {
            Some(most) => {
                found.inside.push(json!(most));
                found.outside.push(json!(most + 1));
            }
            None => found.inside.push(json!(LARGE)),
        }
        let excluded = match property["not"].as_object().and_then(|not| not.iter().next()) {
            Some((key, value)) if key == "const" => vec![value.clone()],
            Some((key, _)) if key == "multipleOf" => vec![json!(least + 1), json!(least + 3)],
            Some(other) => panic!("an exception that is not tried: {other:?}"),
            None => vec![],
        };
        for value in excluded.iter().filter_map(Value::as_u64) {
            found.inside.extend([json!(value + 1)]);
        }
        found.outside.extend(excluded);
        found
    }

    fn real(property: &Value) -> Self {
        let bound = |key: &str| property[key].as_f64();
        let mut found = Self::default();
        match (bound("minimum"), bound("exclusiveMinimum")) {
            (Some(least), _) => found.add(least, least.next_down()),
            (None, Some(under)) => found.add(under.next_up(), under),
            (None, None) => found.inside.push(json!(-(LARGE as f64))),
        }
        match (bound("maximum"), bound("exclusiveMaximum")) {
            (Some(most), _) => found.add(most, most.next_up()),
            (None, Some(over)) => found.add(over.next_down(), over),
            (None, None) => found.inside.push(json!(LARGE as f64)),
        }
        found
    }

    fn add(&mut self, inside: f64, outside: f64) {
        self.inside.push(json!(inside));
        self.outside.push(json!(outside));
    }
}

/// Shapes of all kinds, some of which are small or very long.
fn shapes(registry: &Registry) -> Vec<DataShape> {
    let kinds = super::kinds(registry).into_iter().flat_map(|(_, shapes)| shapes);
    let other = [[1, 4, 5], [1, 1, 4_000_000]];
    let supports = [Support::Binary, Support::Levels(4)];
    let other =
        other.iter().flat_map(|image| supports.map(|support| DataShape::new(*image, support, [1_000, 100, 100])));
    kinds.chain(other).collect()
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
        properties.iter().map(|(name, property)| (name.clone(), Boundaries::of(models, name, property))).collect();
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

#[test]
fn boundaries_are_at_and_just_outside_of_the_range() {
    let whole = Boundaries::whole(&json!({"minimum": 3, "maximum": 63, "not": {"multipleOf": 2}}));
    assert_eq!(whole.inside, [json!(3), json!(63), json!(5), json!(7)]);
    assert_eq!(whole.outside, [json!(2), json!(3.5), json!(64), json!(4), json!(6)]);
    let real = Boundaries::real(&json!({"exclusiveMinimum": 0, "maximum": 10}));
    assert_eq!((real.inside[1].as_f64(), real.outside[0].as_f64()), (Some(10.0), Some(0.0)));
    assert!(real.inside[0].as_f64() > Some(0.0) && real.outside[1].as_f64() > Some(10.0));
}
