//! Grids of the repository, and grids with mistakes made from them.

use std::fs;

use serde_json::Value;

use super::repository;

/// Returns every grid of the repository: file name, text and parsed value.
pub(super) fn all() -> Vec<(String, String, Value)> {
    let mut grids = Vec::new();
    let folder = repository().join("experiments");
    for entry in fs::read_dir(folder).expect("experiments") {
        let path = entry.expect("a readable folder").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a plain name").to_owned();
        grids.push((name, fs::read_to_string(&path).expect("UTF-8")));
    }
    for page in ["README.md", "docs/grid.md"] {
        let text = fs::read_to_string(repository().join(page)).expect("UTF-8");
        let examples = text.split("```yaml\n").skip(1).filter_map(|rest| rest.split_once("```"));
        for (example, _) in examples.filter(|(example, _)| example.starts_with("name: ")) {
            let name = example.lines().next().unwrap_or_default().trim_start_matches("name: ");
            let taken = grids.iter().any(|(known, _)| known.strip_suffix(".yaml") == Some(name));
            grids.push((format!("{}{name}.yaml", if taken { "docs-" } else { "" }), example.to_owned()));
        }
    }
    grids.sort();
    grids
        .into_iter()
        .map(|(name, text)| {
            let value = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, text, value)
        })
        .collect()
}

/// Returns copies of a grid, each with one mistake: an unknown key in one block, or one misspelt key.
pub(super) fn with_unknown_keys(grid: &Value) -> Vec<Value> {
    let mut pointers = Vec::new();
    blocks("", grid, &mut pointers);
    let mut all = Vec::new();
    for pointer in pointers {
        let mut with = grid.clone();
        let block = with.pointer_mut(&pointer).and_then(Value::as_object_mut).expect("a block");
        block.insert("unheard_of".to_owned(), 1.into());
        let keys: Vec<String> = block.keys().filter(|key| *key != "unheard_of").cloned().collect();
        all.push(with);
        for key in keys {
            let mut with = grid.clone();
            let block = with.pointer_mut(&pointer).and_then(Value::as_object_mut).expect("a block");
            let value = block.remove(&key).expect("a key");
            block.insert(format!("{key}z"), value);
            all.push(with);
        }
    }
    all
}

/// Collects the JSON pointer of every block.
fn blocks(pointer: &str, value: &Value, pointers: &mut Vec<String>) {
    match value {
        Value::Object(block) => {
            pointers.push(pointer.to_owned());
            for (key, value) in block {
                blocks(&format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), value, pointers);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| blocks(&format!("{pointer}/{at}"), item, pointers));
        }
        _ => {}
    }
}

/// Grids with a mistake that the schema must find, and a word of its message.
pub(super) const BAD: [(&str, &str); 10] = [
    ("name: g\nvarients:\n  - model: nade\n", "varients"),
    ("name: g\ndata: digits\nvariants:\n  - model: {name: nade, hiden: 100}\n", "hiden"),
    ("name: g\ndata: digitz\nvariants:\n  - model: nade\n", "digitz"),
    ("name: g\ndata: digits\nvariants:\n  - model: {name: nade, hidden: many}\n", "many"),
    ("name: g\ndata: digits\nvariants:\n  - model: {name: vae, ordering: raster}\n", "ordering"),
    ("name: g\ndata: digits\ntrain: {epoch: 3}\nvariants:\n  - model: nade\n", "epoch"),
    ("name: g\ndata: digits\nmatrix: {model.hiden: [1, 2]}\nvariants:\n  - model: nade\n", "model.hiden"),
    ("name: g\ndata: digits\nmeasure: [nll, {name: iwae, kk: 3}]\nvariants:\n  - model: nade\n", "kk"),
    ("name: ../g\nvariants:\n  - model: nade\n", "../g"),
    ("name: g\nfacts:\n  - {fact: full_joint, pixel: 3}\n", "pixel"),
];
