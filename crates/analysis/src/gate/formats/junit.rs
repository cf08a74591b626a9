//! JUnit XML: a suite per variant, a test case per figure.

use minijinja::value::Serde;
use protocol::text::escape;
use serde_json::{Value, json};

use super::super::outcome::Gate;
use super::super::row::Row;
use crate::report::escape_with;

const TEMPLATE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="genbench regress {{ grid }}" tests="{{ tests }}" failures="{{ failures }}" errors="0" skipped="{{ skipped }}">
{%- for suite in suites %}
  <testsuite name="{{ suite.name }}" tests="{{ suite.tests }}" failures="{{ suite.failures }}" errors="0" skipped="{{ suite.skipped }}">
{%- for case in suite.cases %}
    <testcase classname="{{ suite.name }}" name="{{ case.name }}">
{%- if case.kind == "failure" %}
      <failure type="{{ case.verdict }}" message="{{ case.message }}"/>
{%- elif case.kind == "skipped" %}
      <skipped message="{{ case.message }}"/>
{%- else %}
      <system-out>{{ case.message }}</system-out>
{%- endif %}
    </testcase>
{%- endfor %}
  </testsuite>
{%- endfor %}
</testsuites>
"#;

/// Failures are what the gate fails; figures that are undecided, changed or new are skipped.
pub(super) fn junit(gate: &Gate) -> String {
    let rows = gate.rows();
    let suites: Vec<Value> = gate
        .variants
        .iter()
        .map(|variant| {
            let rows: Vec<&Row> = rows.iter().filter(|row| row.variant == variant.variant).collect();
            let mut suite = counts(&rows);
            suite["name"] = json!(variant.variant);
            suite["cases"] = rows.iter().map(|row| case(row)).collect();
            suite
        })
        .collect();
    let mut whole = counts(&rows.iter().collect::<Vec<_>>());
    whole["grid"] = json!(gate.grid);
    whole["suites"] = json!(suites);
    let mut templates = minijinja::Environment::new();
    escape_with(&mut templates, escape::xml);
    let text = templates
        .add_template("gate", TEMPLATE)
        .and_then(|()| templates.get_template("gate")?.render(minijinja::Value::from(Serde(&whole))));
    text.expect("the template is valid, as its test shows") + "\n"
}

fn kind(row: &Row) -> &'static str {
    match row.verdict {
        "WORSE" | "FAILED" | "MISSING" if row.gates => "failure",
        "undecided" | "changed" | "new" => "skipped",
        _ => "passed",
    }
}

fn counts(rows: &[&Row]) -> Value {
    let count = |wanted: &str| rows.iter().filter(|row| kind(row) == wanted).count();
    json!({"tests": rows.len(), "failures": count("failure"), "skipped": count("skipped")})
}

fn case(row: &Row) -> Value {
    let sides = if row.run.is_empty() { String::new() } else { format!("{} -> {}", row.baseline, row.run) };
    let loss = if row.loss.is_empty() { String::new() } else { format!("loss {}, margin {}", row.loss, row.margin) };
    let parts = [row.verdict, &sides, &loss, &row.remark];
    let message: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let name = if row.figure.is_empty() { "seeds and inputs" } else { &row.figure };
    json!({"name": name, "kind": kind(row), "verdict": row.verdict, "message": message.join("; ")})
}
