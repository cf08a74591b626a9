//! JSON of the commands that have `--format json`, against the tables of `docs/json.md`.

use std::collections::BTreeMap;
use std::path::Path;

use protocol::exit;
use serde_json::Value;

use crate::bench::{Bench, SMALL, read};

/// Type of each key of a section of the page.
fn documented(section: &str) -> BTreeMap<String, String> {
    let page = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/json.md"));
    let start = page.find(&format!("\n## {section}\n")).unwrap_or_else(|| panic!("no section {section}"));
    let rest = &page[start + 4..];
    let part = &rest[..rest.find("\n## ").unwrap_or(rest.len())];
    let rows = part.lines().filter_map(|line| line.strip_prefix("| `"));
    let row = |row: &str| {
        let (key, rest) = row.split_once("` | ").expect("a key");
        (key.to_owned(), rest.split(" |").next().unwrap_or_default().to_owned())
    };
    rows.map(row).collect()
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Runs a command, whose lines must have only keys of the section, with their types. Returns the lines.
fn lines(bench: &Bench, line: &str, section: &str) -> Vec<Value> {
    let output = bench.genbench(&line.split(' ').collect::<Vec<_>>());
    assert_eq!(output.code, i32::from(exit::DONE), "{line}: {output:?}");
    let keys = documented(section);
    assert!(keys.len() > 3, "{section}: {keys:?}");
    let all: Vec<Value> = output.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for object in &all {
        for (key, value) in object.as_object().expect("an object") {
            let documented = keys.get(key).unwrap_or_else(|| panic!("docs/json.md, {section}: no key `{key}`"));
            let known = [documented.as_str(), "null"].contains(&type_of(value))
                || (documented == "number" && type_of(value) == "integer");
            assert!(known, "{section}, `{key}`: {value} is no {documented}");
        }
    }
    all
}

#[test]
fn the_page_documents_every_key() {
    let bench = Bench::with(
        &format!("{SMALL}matrix: {{train.batch_size: [16, 32]}}\nexclude: [{{model: vae, train.batch_size: 16}}]\n")
            .replace("batch_size: 32, ", ""),
    );
    std::fs::write(bench.path("old.yaml"), SMALL).expect("written");
    let plan = lines(&bench, "plan grid.yaml --format json", "plan");
    assert!(
        plan.iter().any(|line| line["next"] == "train") && plan.iter().any(|line| line["rule"] == "exclude"),
        "{plan:?}"
    );
    let diff = lines(&bench, "plan grid.yaml --diff old.yaml --format json", "plan --diff");
    assert!(!diff.is_empty());
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--no-timing", "--quiet"]).code, i32::from(exit::DONE));
    let status = lines(&bench, "status small --format json", "status");
    assert!(status.iter().all(|line| line["state"] == "done"), "{status:?}");
    for kind in ["models", "data", "measures", "facts"] {
        let entries = lines(&bench, &format!("list {kind} --format json"), "list");
        assert!(entries.iter().all(|entry| entry["kind"] == kind) && !entries.is_empty(), "{entries:?}");
    }
    assert_eq!(bench.genbench(&["baseline", "save", "small"]).code, i32::from(exit::DONE));
    let gate = lines(&bench, "regress small --format json", "regress");
    assert_eq!(gate[0]["result"], "no_regression");
    let runs = lines(&bench, "compare small small --format json", "compare");
    assert_eq!(runs[0]["pairs"][0]["figures"][0]["verdict"], "identical");
    let devices = lines(&bench, "doctor --format json", "doctor");
    assert_eq!(devices[0]["device"], "flex");
    assert!(
        devices[0]["step_ms"].as_f64() > Some(0.0) && devices.last().expect("lines")["auto"].is_string(),
        "{devices:?}"
    );
}
