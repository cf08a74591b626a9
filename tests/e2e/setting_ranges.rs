//! The schema of every data set and every measure states what planning accepts: values at a boundary are accepted, those just
//! outside are not. The test for models is `model_docs/boundaries.rs`.

use data::DataShape;
use genbench::Registry;
use protocol::Support;
use serde_json::{Value, json};

use crate::advice::fixtures;
use crate::boundaries::Boundaries;
use crate::model_docs::kinds;

/// Settings whose largest value depends on files or on other images; no schema can state it.
const LIMITED: [(&str, &[&str]); 5] = [
    ("idx", &["train", "validation", "test", "hold_out"]),
    ("npz", &["train", "validation", "test", "hold_out"]),
    ("images", &["train", "validation", "test", "hold_out"]),
    ("cifar10", &["train", "validation", "test"]),
    ("puzzle", &["parts", "side"]),
];

/// An entry of the registry: its schema, the settings in which a value is tried, and the planner's decision.
struct Subject<'a> {
    name: &'static str,
    schema: Value,
    contexts: Vec<Value>,
    accepts: Box<dyn Fn(&Value) -> bool + 'a>,
}

impl Subject<'_> {
    /// Settings at the top level whose schema has boundaries.
    fn boundaries(&self, others: &[Value]) -> Vec<(String, Boundaries)> {
        let properties = self.schema["properties"].as_object().cloned().unwrap_or_default();
        let elsewhere = |name: &str| others.iter().map(|other| other["properties"][name].clone()).collect::<Vec<_>>();
        let of =
            |(name, property): (String, Value)| Some((name.clone(), Boundaries::of(&property, &elsewhere(&name))?));
        properties.into_iter().filter_map(of).collect()
    }

    /// Returns whether a context accepts `value`, if need be with another setting at one of its boundaries.
    fn accepts_somewhere(&self, name: &str, value: &Value, all: &[(String, Boundaries)]) -> bool {
        let alone = |context: &Value| (self.accepts)(&with(context, name, value));
        let paired = |context: &Value| {
            let changed = with(context, name, value);
            let others = all.iter().filter(|(other, _)| other != name);
            let mut pairs = others.flat_map(|(other, known)| known.inside.iter().map(move |one| (other, one)));
            pairs.any(|(other, one)| (self.accepts)(&with(&changed, other, one)))
        };
        self.contexts.iter().any(alone) || self.contexts.iter().any(paired)
    }

    /// Disagreements of the schema with planning.
    fn disagreements(&self, others: &[Value]) -> Vec<String> {
        assert!(self.contexts.iter().all(|context| (self.accepts)(context)), "{}: a context is refused", self.name);
        let all = self.boundaries(others);
        let limited = LIMITED.iter().find(|(name, _)| *name == self.name).map_or(&[][..], |(_, settings)| settings);
        let mut found = Vec::new();
        for (name, boundaries) in &all {
            let most = boundaries.inside.iter().filter_map(Value::as_f64).fold(f64::NEG_INFINITY, f64::max);
            for value in &boundaries.inside {
                let is_limit = limited.contains(&name.as_str()) && value.as_f64() == Some(most);
                if !is_limit && !self.accepts_somewhere(name, value, &all) {
                    found.push(format!("{}.{name}: the schema allows {value}, planning refuses it", self.name));
                }
            }
            for value in &boundaries.outside {
                if self.contexts.iter().any(|context| (self.accepts)(&with(context, name, value))) {
                    found.push(format!("{}.{name}: the schema excludes {value}, planning accepts it", self.name));
                }
            }
        }
        found
    }
}

fn with(settings: &Value, name: &str, value: &Value) -> Value {
    let mut settings = settings.clone();
    settings[name] = value.clone();
    settings
}

/// Requires that no subject disagrees, and that at least `least` settings have boundaries.
fn check(subjects: &[Subject<'_>], least: usize) {
    let schemas: Vec<Value> = subjects.iter().map(|subject| subject.schema.clone()).collect();
    let found: Vec<String> = subjects.iter().flat_map(|subject| subject.disagreements(&schemas)).collect();
    let tried: usize = subjects.iter().map(|subject| subject.boundaries(&schemas).len()).sum();
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(tried >= least, "only {tried} settings were tried");
}

#[test]
fn the_schema_of_every_data_set_states_what_planning_accepts() {
    let registry = Registry::built_in();
    let folder = tempfile::tempdir().expect("a folder");
    fixtures::write(folder.path());
    let path = |name: &str| folder.path().join(name).display().to_string();
    let contexts = |name: &str, defaults: Value| match name {
        "idx" => vec![json!({"path": path("idx")})],
        "npz" => vec![json!({"path": path("npy")})],
        "images" => vec![json!({"path": path("pictures")}), json!({"path": path("pictures"), "height": 4, "width": 4})],
        "cifar10" => vec![json!({"path": path("cifar")})],
        "ising" => vec![defaults, json!({"height": 1, "width": 1, "boundary": "free"})],
        "domains" => vec![defaults, json!({"pair": "digits"})],
        _ if defaults.get("height").is_some() => vec![defaults, json!({"height": 1, "width": 1})],
        _ => vec![defaults],
    };
    let subject = |entry: &data::DataEntry| {
        let (open, sets) = (entry.open, &registry.data);
        Subject {
            name: entry.name,
            schema: (entry.schema)(),
            contexts: contexts(entry.name, (entry.defaults)()),
            accepts: Box::new(move |settings: &Value| open(settings, sets).is_ok_and(|set| set.describe().is_ok())),
        }
    };
    check(&registry.data.iter().map(subject).collect::<Vec<_>>(), 80);
}

#[test]
fn the_schema_of_every_measure_states_what_planning_accepts() {
    let registry = Registry::built_in();
    let large = DataShape { classes: Some(10), ..DataShape::new([1, 8, 8], Support::Binary, [1_000, 5_000, 5_000]) };
    let shapes: Vec<DataShape> = kinds(&registry).into_iter().flat_map(|(_, shapes)| shapes).chain([large]).collect();
    let subject = |entry: &engine::measure::MeasureEntry| {
        let (resolve, check) = (entry.resolve, entry.check);
        let shapes = &shapes;
        let accepts = move |settings: &Value| {
            resolve(settings).is_ok_and(|settings| shapes.iter().any(|shape| check(&settings, shape).is_ok()))
        };
        let defaults = (entry.defaults)();
        let contexts = if entry.name == "target" { vec![json!({"value": 1.0})] } else { vec![defaults] };
        Subject { name: entry.name, schema: (entry.schema)(), contexts, accepts: Box::new(accepts) }
    };
    check(&registry.measures.iter().map(subject).collect::<Vec<_>>(), 30);
}
