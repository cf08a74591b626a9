//! Property of generated rules: the plan equals a naive expansion by nested loops.

use std::collections::HashSet;

use proptest::prelude::*;

use crate::plan::{Overrides, parse_and_plan};
use crate::tests::FakeCatalog;

/// Values of `model.hidden`, `model.orders`, `train.batch_size` and `train.epochs`.
type Row = [u64; 4];

const KEYS: [&str; 4] = ["model.hidden", "model.orders", "train.batch_size", "train.epochs"];
/// The row without any setting.
const UNSET: Row = [100, 1, 64, 1];

/// Indices of keys with values.
type Condition = Vec<(usize, u64)>;

#[derive(Clone, Debug)]
struct Rules {
    /// Number of values of `model.hidden`. `zip`: number of rows of the zip of the next two keys.
    matrix: u64,
    zip: u64,
    exclude: Vec<Condition>,
    when: Vec<Condition>,
    include: Vec<(Condition, bool)>,
}

fn condition(keys: std::ops::Range<usize>) -> impl Strategy<Value = Condition> {
    prop::collection::hash_map(keys, 1_u64..5, 1..3).prop_map(|map| {
        let mut condition: Vec<_> = map.into_iter().collect();
        condition.sort_unstable();
        condition
    })
}

fn rules() -> impl Strategy<Value = Rules> {
    let include = (condition(0..4), prop::bool::weighted(0.2));
    (
        1_u64..5,
        1_u64..5,
        prop::collection::vec(condition(0..3), 0..3),
        prop::collection::vec(condition(0..3), 0..3),
        prop::collection::vec(include, 0..3),
    )
        .prop_map(|(matrix, zip, exclude, when, include)| Rules { matrix, zip, exclude, when, include })
}

fn written(condition: &Condition) -> String {
    condition.iter().map(|(key, value)| format!("{}: {value}", KEYS[*key])).collect::<Vec<_>>().join(", ")
}

/// The grid as YAML. The matrix is at the top level; zip and rules are at the variant, or at the top level if `outside`.
fn yaml(rules: &Rules, outside: bool) -> String {
    let blocks =
        |list: &[Condition]| list.iter().map(|one| format!("{{{}}}", written(one))).collect::<Vec<_>>().join(", ");
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
            .map(|(condition, new)| format!("{{{}{}}}", written(condition), if *new { ", new: true" } else { "" }));
        lines.push(format!("include: [{}]", list.collect::<Vec<_>>().join(", ")));
    }
    let (top, own) = if outside { (lines, Vec::new()) } else { (Vec::new(), lines) };
    let mut text = format!(
        "name: g\ndata: digits\nmatrix: {{model.hidden: [{}]}}\n{}\nvariants:\n  - model: nade\n    train: {{schedule: cosine}}\n",
        values(rules.matrix, 1),
        top.join("\n")
    );
    own.iter().for_each(|line| text.push_str(&format!("    {line}\n")));
    // The epochs are not an axis; they are set at the top level, so that an `include` can change them.
    text.replace("data: digits\n", "data: digits\ntrain: {epochs: 1}\n")
}

/// Expansion by nested loops. Rows that an `include` adds follow the product.
fn naive(rules: &Rules) -> Vec<Row> {
    let fits = |row: &Row, condition: &Condition| condition.iter().all(|(key, value)| row[*key] == *value);
    let mut rows = Vec::new();
    for hidden in 1..=rules.matrix {
        for both in 1..=rules.zip {
            let row = [hidden, both, both, 1];
            let excluded = rules.exclude.iter().any(|condition| fits(&row, condition));
            if !excluded && (rules.when.is_empty() || rules.when.iter().any(|condition| fits(&row, condition))) {
                rows.push(row);
            }
        }
    }
    let (product, mut made) = (rows.clone(), Vec::new());
    for (condition, new) in &rules.include {
        let mut agreed = false;
        for (row, axes) in rows.iter_mut().zip(&product) {
            if !new && condition.iter().all(|(key, value)| *key == 3 || axes[*key] == *value) {
                condition.iter().for_each(|(key, value)| row[*key] = *value);
                agreed = true;
            }
        }
        if !agreed {
            let mut row = UNSET;
            condition.iter().for_each(|(key, value)| row[*key] = *value);
            made.push(row);
        }
    }
    rows.extend(made);
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_equals_nested_loops(rules in rules(), outside: bool) {
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
                let idle = |condition: &Condition| {
                    !(1..=rules.matrix).any(|hidden| {
                        (1..=rules.zip).any(|both| condition.iter().all(|(key, value)| [hidden, both, both][*key] == *value))
                    })
                };
                let silent = rules.exclude.iter().chain(&rules.when).filter(|condition| idle(condition)).count();
                let warned = grid.warnings().list().iter().filter(|one| one.message.contains("matches nothing")).count();
                prop_assert_eq!(warned, silent, "{}\n{}", text, grid.warnings());
            }
            Err(messages) if expected.is_empty() => prop_assert!(messages.to_string().contains("no trials remain"), "{}", messages),
            Err(messages) => {
                prop_assert!(!distinct, "{}\n{}", messages, text);
                prop_assert!(messages.to_string().contains("the same trial is listed twice"), "{}", messages);
            }
        }
    }
}
