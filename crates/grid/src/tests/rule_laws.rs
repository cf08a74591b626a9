//! Over generated rules: the plan is what a naive expansion by nested loops says.

use std::collections::HashSet;

use proptest::prelude::*;

use crate::plan::{Overrides, parse_and_plan};
use crate::tests::FakeCatalog;

/// `model.hidden`, `model.orders`, `train.batch_size` and the epochs.
type Row = [u64; 4];

const KEYS: [&str; 4] = ["model.hidden", "model.orders", "train.batch_size", "train.epochs"];
/// What a row has where nothing sets it.
const UNSET: Row = [100, 1, 64, 1];

/// Some keys with values.
type Asked = Vec<(usize, u64)>;

#[derive(Clone, Debug)]
struct Rules {
    /// How many values `model.hidden` takes, and how many rows the zip of the next two has.
    matrix: u64,
    zip: u64,
    exclude: Vec<Asked>,
    when: Vec<Asked>,
    include: Vec<(Asked, bool)>,
}

fn asked(keys: std::ops::Range<usize>) -> impl Strategy<Value = Asked> {
    prop::collection::hash_map(keys, 1_u64..5, 1..3).prop_map(|map| {
        let mut asked: Vec<_> = map.into_iter().collect();
        asked.sort_unstable();
        asked
    })
}

fn rules() -> impl Strategy<Value = Rules> {
    let include = (asked(0..4), prop::bool::weighted(0.2));
    (
        1_u64..5,
        1_u64..5,
        prop::collection::vec(asked(0..3), 0..3),
        prop::collection::vec(asked(0..3), 0..3),
        prop::collection::vec(include, 0..3),
    )
        .prop_map(|(matrix, zip, exclude, when, include)| Rules { matrix, zip, exclude, when, include })
}

fn written(asked: &Asked) -> String {
    asked.iter().map(|(key, value)| format!("{}: {value}", KEYS[*key])).collect::<Vec<_>>().join(", ")
}

/// The matrix stands at the top; zip and rules at the variant, or `outside` at the top too.
fn yaml(rules: &Rules, outside: bool) -> String {
    let blocks = |list: &[Asked]| list.iter().map(|one| format!("{{{}}}", written(one))).collect::<Vec<_>>().join(", ");
    let values = |count: u64, step: u64| (1..=count).map(|i| (i * step).to_string()).collect::<Vec<_>>().join(", ");
    let mut lines = vec![format!("zip: {{model.orders: [{0}], train.batch_size: [{0}]}}", values(rules.zip, 1))];
    for (key, list) in [("exclude", &rules.exclude), ("when", &rules.when)] {
        if !list.is_empty() {
            lines.push(format!("{key}: [{}]", blocks(list)));
        }
    }
    if !rules.include.is_empty() {
        let list = rules
            .include
            .iter()
            .map(|(asked, new)| format!("{{{}{}}}", written(asked), if *new { ", new: true" } else { "" }));
        lines.push(format!("include: [{}]", list.collect::<Vec<_>>().join(", ")));
    }
    let (top, own) = if outside { (lines, Vec::new()) } else { (Vec::new(), lines) };
    let mut text = format!(
        "name: g\ndata: digits\nmatrix: {{model.hidden: [{}]}}\n{}\nvariants:\n  - model: nade\n    train: {{schedule: cosine}}\n",
        values(rules.matrix, 1),
        top.join("\n")
    );
    own.iter().for_each(|line| text.push_str(&format!("    {line}\n")));
    // Epochs are no axis; they come from the outside, so that an `include` may set them.
    text.replace("data: digits\n", "data: digits\ntrain: {epochs: 1}\n")
}

/// Nested loops; a row that an `include` made follows the product.
fn naive(rules: &Rules) -> Vec<Row> {
    let fits = |row: &Row, asked: &Asked| asked.iter().all(|(key, value)| row[*key] == *value);
    let mut rows = Vec::new();
    for hidden in 1..=rules.matrix {
        for both in 1..=rules.zip {
            let row = [hidden, both, both, 1];
            let excluded = rules.exclude.iter().any(|asked| fits(&row, asked));
            if !excluded && (rules.when.is_empty() || rules.when.iter().any(|asked| fits(&row, asked))) {
                rows.push(row);
            }
        }
    }
    let (product, mut made) = (rows.clone(), Vec::new());
    for (asked, new) in &rules.include {
        let mut agreed = false;
        for (row, axes) in rows.iter_mut().zip(&product) {
            if !new && asked.iter().all(|(key, value)| *key == 3 || axes[*key] == *value) {
                asked.iter().for_each(|(key, value)| row[*key] = *value);
                agreed = true;
            }
        }
        if !agreed {
            let mut row = UNSET;
            asked.iter().for_each(|(key, value)| row[*key] = *value);
            made.push(row);
        }
    }
    rows.extend(made);
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_is_what_nested_loops_say(rules in rules(), outside: bool) {
        let text = yaml(&rules, outside);
        let expected = naive(&rules);
        let distinct = expected.iter().collect::<HashSet<_>>().len() == expected.len();
        let planned = parse_and_plan("g.yaml", &text, &FakeCatalog::default(), &Overrides::default());
        match planned {
            Ok((grid, plan)) => {
                prop_assert!(distinct && !expected.is_empty(), "{}", text);
                let rows: Vec<Row> = plan
                    .trials
                    .iter()
                    .map(|trial| {
                        let config = |key: &str| trial.model.config[key].as_u64().unwrap_or(0);
                        [config("hidden"), config("orders"), trial.train.batch_size as u64, trial.train.steps / 100]
                    })
                    .collect();
                prop_assert_eq!(&rows, &expected, "{}", text);
                let removed: usize = grid.rules().iter().map(|one| one.removed).sum();
                let added: usize = grid.rules().iter().map(|one| one.added).sum();
                prop_assert_eq!((rules.matrix * rules.zip) as usize - removed + added, rows.len(), "{}", text);
                let idle = |asked: &Asked| {
                    !(1..=rules.matrix).any(|hidden| {
                        (1..=rules.zip).any(|both| asked.iter().all(|(key, value)| [hidden, both, both][*key] == *value))
                    })
                };
                let silent = rules.exclude.iter().chain(&rules.when).filter(|asked| idle(asked)).count();
                let told = grid.warnings().list().iter().filter(|one| one.message.contains("matches nothing")).count();
                prop_assert_eq!(told, silent, "{}\n{}", text, grid.warnings());
            }
            Err(told) if expected.is_empty() => prop_assert!(told.to_string().contains("no trial is left"), "{}", told),
            Err(told) => {
                prop_assert!(!distinct, "{}\n{}", told, text);
                prop_assert!(told.to_string().contains("the same trial is listed twice"), "{}", told);
            }
        }
    }
}
