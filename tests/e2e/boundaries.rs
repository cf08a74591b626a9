//! Values at the boundaries of a setting's range, and just outside, from its schema.

use serde_json::{Value, json};

use crate::model_docs::allowed::choices;

/// A number that only large images allow, if the image limits a setting. It is odd, as a kernel must be.
const LARGE: u64 = 1_000_001;

/// Values of a setting that its schema allows, each at a boundary, and values just outside.
#[derive(Debug, Default)]
pub(crate) struct Boundaries {
    pub(crate) inside: Vec<Value>,
    pub(crate) outside: Vec<Value>,
}

impl Boundaries {
    /// Boundaries of a setting, from its schema; `None` for text, lists and blocks. The choices that `others` have, the
    /// schemas of settings of the same name, are outside.
    pub(crate) fn of(property: &Value, others: &[Value]) -> Option<Self> {
        let choices = choices(property);
        if !choices.is_empty() {
            let elsewhere = others.iter().flat_map(self::choices);
            let outside = elsewhere.filter(|choice| !choices.contains(choice)).chain([json!("bogus"), json!(7)]);
            return Some(Self { outside: outside.collect(), inside: choices });
        }
        let is = |kind: &str| {
            property["type"] == kind || property["type"].as_array().is_some_and(|kinds| kinds.contains(&json!(kind)))
        };
        match () {
            () if is("integer") => Some(Self::whole(property)),
            () if is("number") => Some(Self::real(property)),
            () => None,
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
        let not = property["not"].as_object().and_then(|not| not.iter().next());
        let excluded = match not.map(|(key, value)| (key.as_str(), value)) {
            Some(("const", value)) => vec![value.clone()],
            Some(("multipleOf", _)) => vec![json!(least + 1), json!(least + 3)],
            Some(("minimum" | "maximum", _)) => {
                vec![property["not"]["minimum"].clone(), property["not"]["maximum"].clone()]
            }
            Some(other) => panic!("an exception that is not tried: {other:?}"),
            None => vec![],
        };
        for value in excluded.iter().filter_map(Value::as_u64).filter(|value| !excluded.contains(&json!(value + 1))) {
            let next = json!(value + 1);
            found.inside.extend((property["not"]["minimum"] != json!(value)).then_some(next));
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

#[test]
fn boundaries_are_at_and_just_outside_of_the_range() {
    let whole = Boundaries::whole(&json!({"minimum": 3, "maximum": 63, "not": {"multipleOf": 2}}));
    assert_eq!(whole.inside, [json!(3), json!(63), json!(5), json!(7)]);
    assert_eq!(whole.outside, [json!(2), json!(3.5), json!(64), json!(4), json!(6)]);
    let gap = Boundaries::whole(&json!({"minimum": 0, "not": {"minimum": 1, "maximum": 19}}));
    assert_eq!(gap.inside, [json!(0), json!(LARGE), json!(20)]);
    assert_eq!(gap.outside, [json!(-1), json!(0.5), json!(1), json!(19)]);
    let real = Boundaries::real(&json!({"exclusiveMinimum": 0, "maximum": 10}));
    assert_eq!((real.inside[1].as_f64(), real.outside[0].as_f64()), (Some(10.0), Some(0.0)));
    assert!(real.inside[0].as_f64() > Some(0.0) && real.outside[1].as_f64() > Some(10.0));
}

#[test]
fn text_and_lists_have_no_boundaries() {
    for property in [json!({"type": "string"}), json!({"type": "array"}), json!({})] {
        assert!(Boundaries::of(&property, &[]).is_none(), "{property}");
    }
    let maybe =
        Boundaries::of(&json!({"type": ["integer", "null"], "minimum": 0, "maximum": 9}), &[]).expect("a range");
    assert_eq!(maybe.inside, [json!(0), json!(9)]);
}
