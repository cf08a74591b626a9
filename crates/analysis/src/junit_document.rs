//! JUnit XML, which CI systems show: suites of test cases, with counts of their endings.

use minijinja::value::Serde;
use protocol::text::escape;
use serde::Serialize;

use crate::report::escape_with;

const TEMPLATE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
{% macro counts(of) %}tests="{{ of.tests }}" failures="{{ of.failures }}" errors="{{ of.errors }}" skipped="{{ of.skipped }}"{% if of.time is not none %} time="{{ of.time }}"{% endif %}{% endmacro -%}
<testsuites name="{{ name }}" {{ counts(all) }}>
{%- for suite in suites %}
  <testsuite name="{{ suite.name }}" {{ counts(suite.counts) }}>
{%- for case in suite.cases %}
    <testcase classname="{{ case.class }}" name="{{ case.name }}"{% if case.time is not none %} time="{{ case.time }}"{% endif %}>
{%- if case.properties %}
      <properties>
{%- for property in case.properties %}
        <property name="{{ property[0] }}" value="{{ property[1] }}"/>
{%- endfor %}
      </properties>
{%- endif %}
{%- if case.ending == "failure" or case.ending == "error" %}
      <{{ case.ending }} type="{{ case.kind }}" message="{{ case.message }}"/>
{%- elif case.ending == "skipped" %}
      <skipped message="{{ case.message }}"/>
{%- elif case.message %}
      <system-out>{{ case.message }}</system-out>
{%- endif %}
    </testcase>
{%- endfor %}
  </testsuite>
{%- endfor %}
</testsuites>
"#;

/// Ending of a test case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JunitEnding {
    Passed,
    Failure,
    Error,
    Skipped,
}

/// A test case.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct JunitCase {
    pub(crate) class: String,
    pub(crate) name: String,
    pub(crate) ending: JunitEnding,
    /// Type of a failure or error.
    pub(crate) kind: String,
    /// Message of the ending; the output of a case that passed, if it is not empty.
    pub(crate) message: String,
    /// Names and values.
    pub(crate) properties: Vec<(String, f64)>,
    /// Duration in seconds, if it is known.
    #[serde(serialize_with = "milliseconds", rename = "time")]
    pub(crate) seconds: Option<f64>,
}

/// A named list of test cases.
#[derive(Clone, Debug)]
pub(crate) struct JunitSuite {
    pub(crate) name: String,
    pub(crate) cases: Vec<JunitCase>,
}

/// Attributes of a suite and of all suites.
#[derive(Serialize)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    #[serde(serialize_with = "milliseconds", rename = "time")]
    seconds: Option<f64>,
}

#[derive(Serialize)]
struct SuiteView<'a> {
    name: &'a str,
    counts: Counts,
    cases: &'a [JunitCase],
}

#[derive(Serialize)]
struct DocumentView<'a> {
    name: &'a str,
    all: Counts,
    suites: Vec<SuiteView<'a>>,
}

fn milliseconds<S: serde::Serializer>(seconds: &Option<f64>, to: S) -> Result<S::Ok, S::Error> {
    seconds.map(|seconds| format!("{seconds:.3}")).serialize(to)
}

impl Counts {
    fn of<'a>(cases: impl Iterator<Item = &'a JunitCase>) -> Self {
        let mut counts = Self { tests: 0, failures: 0, errors: 0, skipped: 0, seconds: None };
        for case in cases {
            counts.tests += 1;
            counts.failures += usize::from(case.ending == JunitEnding::Failure);
            counts.errors += usize::from(case.ending == JunitEnding::Error);
            counts.skipped += usize::from(case.ending == JunitEnding::Skipped);
            if let Some(seconds) = case.seconds {
                counts.seconds = Some(counts.seconds.unwrap_or_default() + seconds);
            }
        }
        counts
    }
}

impl<'a> SuiteView<'a> {
    fn of(suite: &'a JunitSuite) -> Self {
        Self { name: &suite.name, counts: Counts::of(suite.cases.iter()), cases: &suite.cases }
    }
}

/// The document of all suites.
pub(crate) fn junit_document(name: &str, suites: &[JunitSuite]) -> String {
    let all = Counts::of(suites.iter().flat_map(|suite| &suite.cases));
    let view = DocumentView { name, all, suites: suites.iter().map(SuiteView::of).collect() };
    let mut templates = minijinja::Environment::new();
    escape_with(&mut templates, escape::xml);
    let text = templates
        .add_template("junit.xml", TEMPLATE)
        .and_then(|()| templates.get_template("junit.xml")?.render(minijinja::Value::from(Serde(&view))));
    text.expect("the template is valid, as its tests show") + "\n"
}
