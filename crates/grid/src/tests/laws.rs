//! Properties of generated grids: every combination occurs once, in the order of the file, and every location lies in
//! the file.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::Value;

use crate::diagnostics::{Diagnostics, Sink};
use crate::node::{Content, Node};
use crate::plan::{Overrides, parse_and_plan};
use crate::source::Source;
use crate::tests::{FakeCatalog, planned};
use crate::yaml;

/// Keys of axes with their values as YAML.
const KEYS: [(&str, &[&str]); 4] = [
    ("model.hidden", &["3", "1", "2"]),
    ("model.orders", &["2", "5"]),
    ("train.batch_size", &["8", "4", "16", "32"]),
    ("data.binarize", &["static", "'dynamic'"]),
];

/// Axes: pairs of the index of a key and its number of values, at least one.
type Axes = Vec<(usize, usize)>;

#[derive(Clone, Debug)]
struct Level {
    axes: Axes,
    seeds: Option<Vec<u64>>,
}

#[derive(Clone, Debug)]
struct Generated {
    top: Level,
    /// The first block is the `variants` of the top level, without settings of its own.
    blocks: Vec<(Level, Vec<Level>)>,
}

fn level() -> impl Strategy<Value = Level> {
    let axis = (0..KEYS.len()).prop_flat_map(|key| (Just(key), 1..=KEYS[key].1.len()));
    let axes = prop::collection::vec(axis, 0..3).prop_map(|mut axes| {
        let mut seen = HashSet::new();
        axes.retain(|(key, _)| seen.insert(*key));
        axes
    });
    let seeds = prop::option::of(prop::collection::hash_set(0_u64..9, 1..4).prop_map(|set| set.into_iter().collect()));
    (axes, seeds).prop_map(|(axes, seeds)| Level { axes, seeds })
}

fn grids() -> impl Strategy<Value = Generated> {
    let block = (level(), prop::collection::vec(level(), 1..3));
    (level(), prop::collection::vec(block, 1..3)).prop_map(|(top, mut blocks)| {
        blocks[0].0 = Level { axes: Vec::new(), seeds: None };
        Generated { top, blocks }
    })
}

fn write_level(level: &Level, indent: &str, out: &mut String) {
    if let Some(seeds) = &level.seeds {
        out.push_str(&format!("{indent}seeds: {seeds:?}\n"));
    }
    if !level.axes.is_empty() {
        out.push_str(&format!("{indent}matrix:\n"));
        for (key, count) in &level.axes {
            let (key, values) = KEYS[*key];
            out.push_str(&format!("{indent}  {key}: [{}]\n", values[..*count].join(", ")));
        }
    }
}

/// The grid as YAML. Each variant has a learning rate of its own, so that no two variants are equal.
fn yaml(grid: &Generated) -> String {
    let mut out = "name: g # é\ndata: digits\ntrain: {epochs: 1}\n".to_owned();
    write_level(&grid.top, "", &mut out);
    let mut lr = 0;
    for (index, (level, variants)) in grid.blocks.iter().enumerate() {
        let indent = if index == 0 { "" } else { "    " };
        if index == 1 {
            out.push_str("blocks:\n");
        }
        if index > 0 {
            out.push_str(&format!("  - section: part {index}\n"));
            write_level(level, indent, &mut out);
        }
        out.push_str(&format!("{indent}variants:\n"));
        for variant in variants {
            lr += 1;
            out.push_str(&format!("{indent}  - model: {{name: nade, optim: {{lr: {lr}}}}}\n"));
            write_level(variant, &format!("{indent}    "), &mut out);
        }
    }
    out
}

/// The trials, computed by nested loops: learning rate, value of each key, seed.
fn expected(grid: &Generated) -> Vec<(u64, BTreeMap<&'static str, String>, u64)> {
    let mut rows = Vec::new();
    let mut lr = 0;
    for (block, variants) in &grid.blocks {
        for variant in variants {
            lr += 1;
            let levels = [&grid.top, block, variant];
            let mut combinations: Vec<BTreeMap<&str, String>> = vec![BTreeMap::new()];
            for (depth, level) in levels.iter().enumerate() {
                for (key, count) in &level.axes {
                    if levels[depth + 1..].iter().any(|inner| inner.axes.iter().any(|(other, _)| other == key)) {
                        continue;
                    }
                    let (name, values) = KEYS[*key];
                    let with = |value: &str, row: &BTreeMap<&'static str, String>| {
                        let mut row = row.clone();
                        row.insert(name, value.trim_matches('\'').to_owned());
                        row
                    };
                    combinations = combinations
                        .iter()
                        .flat_map(|row| values[..*count].iter().map(|value| with(value, row)))
                        .collect();
                }
            }
            let seeds = levels.iter().rev().find_map(|level| level.seeds.clone()).unwrap_or(vec![0]);
            for row in combinations {
                rows.extend(seeds.iter().map(|seed| (lr, row.clone(), *seed)));
            }
        }
    }
    rows
}

fn locations_are_in_the_file(messages: &Diagnostics, text: &str) -> Result<(), TestCaseError> {
    for one in messages.list() {
        for place in one.location.iter().chain(one.notes.iter().map(|note| &note.location)) {
            let line = text.split('\n').nth(place.line - 1);
            prop_assert!(line.is_some_and(|line| place.column <= line.chars().count() + 1), "{place:?}");
        }
    }
    prop_assert!(!messages.to_string().is_empty());
    Ok(())
}

fn spans_match_the_text(source: &Source, node: &Node) -> Result<(), TestCaseError> {
    prop_assert!(node.span.start <= node.span.end && node.span.end <= source.text.len());
    match &node.content {
        Content::Scalar(Value::String(text)) => prop_assert_eq!(source.slice(node.span).trim_matches('\''), text),
        Content::Scalar(value) => prop_assert_eq!(source.slice(node.span), value.to_string()),
        Content::List(items) => items.iter().try_for_each(|item| spans_match_the_text(source, item))?,
        Content::Block(entries) => {
            for entry in entries {
                prop_assert_eq!(source.slice(entry.key_span), &entry.key);
                prop_assert!(node.span.start <= entry.key_span.start && entry.value.span.end <= node.span.end);
                spans_match_the_text(source, &entry.value)?;
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_combination_is_missing_or_duplicated(grid in grids()) {
        let text = yaml(&grid);
        let plan = planned(&text).map_err(|messages| TestCaseError::fail(format!("{messages}\n{text}")))?;
        let expected = expected(&grid);
        prop_assert_eq!(plan.trials.len(), expected.len(), "{}", text);
        for (trial, (lr, row, seed)) in plan.trials.iter().zip(&expected) {
            prop_assert_eq!(trial.model.config["optim"]["lr"].as_f64(), Some(*lr as f64));
            prop_assert_eq!(trial.seed, *seed);
            let config = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            for (key, value) in row {
                let found = match *key {
                    "model.hidden" => config(&trial.model.config["hidden"]),
                    "model.orders" => config(&trial.model.config["orders"]),
                    "train.batch_size" => trial.train.batch_size.to_string(),
                    _ => config(&trial.data.config["binarize"]),
                };
                prop_assert_eq!(&found, value, "{}", key);
            }
        }
        let ids: HashSet<_> = plan.trials.iter().map(protocol::Trial::id).collect();
        prop_assert_eq!(ids.len(), plan.trials.len());
        let of_label: HashMap<_, _> = plan.trials.iter().map(|trial| (&trial.variant, trial.variant_id())).collect();
        prop_assert!(plan.trials.iter().all(|trial| of_label[&trial.variant] == trial.variant_id()), "labels are unique");
        prop_assert_eq!(planned(&text).unwrap(), plan);
    }

    #[test]
    fn every_span_matches_the_text(grid in grids()) {
        let source = Arc::new(Source::new("g.yaml", &yaml(&grid)));
        let mut sink = Sink::default();
        let node = yaml::read(&source, &mut sink).unwrap();
        spans_match_the_text(&source, &node)?;
    }

    #[test]
    fn mistakes_of_a_broken_grid_have_locations_in_the_file(grid in grids(), at in 0_usize..600, cut in 0_usize..20, junk in "[-a: {}\\[\\]*&\n'\"#é|>!%0-9\t~]{0,8}") {
        let text = yaml(&grid);
        let start = text.floor_char_boundary(at.min(text.len()));
        let end = text.floor_char_boundary((start + cut).min(text.len()));
        let text = format!("{}{junk}{}", &text[..start], &text[end..]);
        if let Err(messages) = parse_and_plan("g.yaml", &text, &FakeCatalog::default(), &Overrides::default()) {
            locations_are_in_the_file(&messages, &text)?;
        }
    }
}
