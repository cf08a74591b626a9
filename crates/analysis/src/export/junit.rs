//! Results as JUnit XML, which CI systems show: a trial is a test case.

use minijinja::value::Serde;
use protocol::text::escape;
use protocol::{Plan, Status};
use serde_json::json;

use crate::report::escape_with;
use crate::store::Record;

/// Template with a suite per section. Failed trials are failures, crashed trials errors, trials without an outcome
/// skipped; figures are properties.
const TEMPLATE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="{{ grid }}" tests="{{ tests }}" failures="{{ failures }}" errors="{{ errors }}" skipped="{{ skipped }}" time="{{ time }}">
{%- for suite in suites %}
  <testsuite name="{{ suite.name }}" tests="{{ suite.tests }}" failures="{{ suite.failures }}" errors="{{ suite.errors }}" skipped="{{ suite.skipped }}" time="{{ suite.time }}">
{%- for case in suite.cases %}
    <testcase classname="{{ case.variant }}" name="seed {{ case.seed }}" time="{{ case.time }}">
{%- if case.properties %}
      <properties>
{%- for property in case.properties %}
        <property name="{{ property.name }}" value="{{ property.value }}"/>
{%- endfor %}
      </properties>
{%- endif %}
{%- if case.ending == "failure" or case.ending == "error" %}
      <{{ case.ending }} type="{{ case.status }}" message="{{ case.reason }}"/>
{%- elif case.ending == "skipped" %}
      <skipped message="the trial has not ended"/>
{%- endif %}
    </testcase>
{%- endfor %}
  </testsuite>
{%- endfor %}
</testsuites>
"#;

/// Converts the results of a plan to one document.
#[must_use]
pub fn junit(plan: &Plan, records: &[Record]) -> String {
    let mut sections: Vec<Option<&str>> = Vec::new();
    for record in records {
        let section = record.trial.section.as_deref();
        if !sections.contains(&section) {
            sections.push(section);
        }
    }
    let suites: Vec<serde_json::Value> = sections
        .into_iter()
        .map(|section| {
            let of: Vec<&Record> = records.iter().filter(|record| record.trial.section.as_deref() == section).collect();
            let mut suite = counts(&of);
            suite["name"] = json!(section.unwrap_or(&plan.grid));
            suite["cases"] = of.iter().map(|record| case(record)).collect();
            suite
        })
        .collect();
    let mut whole = counts(&records.iter().collect::<Vec<_>>());
    whole["grid"] = json!(plan.grid);
    whole["suites"] = json!(suites);
    let mut templates = minijinja::Environment::new();
    escape_with(&mut templates, escape::xml);
    let text = templates
        .add_template("junit", TEMPLATE)
        .and_then(|()| templates.get_template("junit")?.render(minijinja::Value::from(Serde(&whole))));
    text.expect("the template is valid, as its test shows")
}

/// State of a trial in the terms of JUnit.
fn ending(record: &Record) -> &'static str {
    match record.outcome.as_ref().map(|outcome| &outcome.status) {
        None => "skipped",
        Some(Status::Done) => "done",
        Some(Status::Crashed { .. }) => "error",
        Some(_) => "failure",
    }
}

fn counts(records: &[&Record]) -> serde_json::Value {
    let count = |word: &str| records.iter().filter(|record| ending(record) == word).count();
    let time: f64 = records.iter().map(|record| seconds(record)).sum();
    json!({
        "tests": records.len(),
        "failures": count("failure"),
        "errors": count("error"),
        "skipped": count("skipped"),
        "time": format!("{time:.3}"),
    })
}

fn seconds(record: &Record) -> f64 {
    record.outcome.as_ref().map_or(0.0, |outcome| outcome.train_s)
}

fn case(record: &Record) -> serde_json::Value {
    let status = record.outcome.as_ref().map(|outcome| &outcome.status);
    let figures = record.measurements.iter().filter_map(|figure| {
        let value = figure.value?;
        Some(json!({"name": figure.name, "value": value}))
    });
    json!({
        "variant": record.trial.variant,
        "seed": record.trial.seed,
        "time": format!("{:.3}", seconds(record)),
        "ending": ending(record),
        "status": status.map(Status::word),
        "reason": status.and_then(Status::reason).unwrap_or_default(),
        "properties": figures.collect::<Vec<_>>(),
    })
}
