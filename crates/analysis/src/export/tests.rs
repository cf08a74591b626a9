//! Exports of a small grid.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use protocol::text::escape::terminal;
use protocol::{Status, atomic};
use serde_json::Value;

use super::chrome::chrome;
use super::junit::junit;
use crate::store::Record;
use crate::tables::fixture::Fixture;

/// Trace of a worker that was killed in its first attempt and continued in its second.
pub(super) const TRACE: &str = r#"
{"v":1,"unix_ms":1000,"at_s":0.0,"attempt":1,"kind":"open","level":"INFO","name":"trial","span":1}
{"v":1,"unix_ms":1500,"at_s":0.5,"attempt":1,"kind":"open","level":"INFO","name":"train","span":2,"parent":1,"fields":{"steps":9}}
{"v":1,"unix_ms":1600,"at_s":0.6,"attempt":1,"kind":"event","level":"INFO","name":"scalars","span":2,"fields":{"step":3,"nll":2.5,"kl":"NaN","gradient_norm":0.5,"learning_rate":0.01}}
{"v":1,"unix_ms":9000,"at_s":0.0,"attempt":2,"kind":"open","level":"INFO","name":"trial","span":1}
{"v":1,"unix_ms":9000,"at_s":0.0,"attempt":2,"kind":"event","level":"INFO","name":"resumed","fields":{"step":3}}
{"v":1,"unix_ms":9250,"at_s":0.25,"attempt":2,"kind":"open","level":"INFO","name":"measure","span":2,"parent":1,"fields":{"measure":"nll"}}
{"v":1,"unix_ms":9750,"at_s":0.75,"attempt":2,"kind":"close","level":"INFO","name":"measure","span":2,"parent":1,"seconds":0.5,"fields":{"measure":"nll"}}
{"v":1,"unix_ms":9800,"at_s":0.8,"attempt":2,"kind":"event","level":"INFO","name":"validation","fields":{"step":9,"quantity":"nll","value":2.0}}
{"v":1,"unix_ms":9900,"at_s":0.9,"attempt":2,"kind":"close","level":"INFO","name":"trial","span":1,"seconds":0.9}
"#;

#[test]
fn spans_are_slices_and_figures_counters_on_one_clock() {
    let fixture = Fixture::new();
    let records: Vec<_> = fixture.records().into_iter().take(1).collect();
    atomic::write(&records[0].dir.trace(), TRACE.as_bytes()).unwrap();
    let document: Value = serde_json::from_str(&chrome(&records).unwrap()).unwrap();
    let events = document["traceEvents"].as_array().unwrap();
    let lines: Vec<String> = events
        .iter()
        .map(|event| {
            let dur = event.get("dur").map_or(String::new(), |dur| format!(" for {dur}"));
            let value = if event["ph"] == "C" { format!(" {}", event["args"]) } else { String::new() };
            let at = event.get("ts").map_or(String::new(), |at| format!(" at {at}"));
            format!("{} {} of {}{at}{dur}{value}", event["ph"], event["name"], event["tid"])
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
        "M" "process_name" of 0
        "M" "process_sort_index" of 0
        "M" "thread_name" of 1
        "M" "thread_name" of 2
        "C" "training" of 1 at 600000.0 {"nll":2.5}
        "i" "resumed" of 2 at 8000000.0
        "X" "measure nll" of 2 at 8250000.0 for 500000.0
        "C" "validation nll" of 2 at 8800000.0 {"value":2.0}
        "X" "trial" of 2 at 8000000.0 for 900000.0
        "C" "gradient_norm" of 1 at 600000.0 {"value":0.5}
        "C" "learning_rate" of 1 at 600000.0 {"value":0.01}
        "B" "trial" of 1 at 0.0
        "B" "train" of 1 at 500000.0
        "#);
    let name = &events[0]["args"]["name"];
    assert_eq!(name, "independent seed 0");
}

#[test]
fn trials_without_a_trace_are_omitted_and_a_bad_line_is_named() {
    let fixture = Fixture::new();
    let document: Value = serde_json::from_str(&chrome(&fixture.records()).unwrap()).unwrap();
    let trials: BTreeSet<u64> =
        document["traceEvents"].as_array().unwrap().iter().filter_map(|event| event["pid"].as_u64()).collect();
    assert_eq!(trials.len(), 12, "three of the fifteen have not run");
    let records = fixture.records();
    let whole = std::fs::read(records[1].dir.trace()).unwrap();
    atomic::write(&records[0].dir.trace(), &[b"nonsense\n", &whole[..]].concat()).unwrap();
    assert!(chrome(&records).unwrap_err().to_string().contains("trace.jsonl:1"));
}

#[test]
fn a_trial_is_a_test_case() {
    let fixture = Fixture::new();
    let mut records = fixture.records();
    records.truncate(13);
    records[0].trial.variant = "a <b> & \"c\" \u{1}".into();
    let text = junit(&fixture.plan, &records);
    insta::assert_snapshot!(text.lines().filter(|line| !line.contains("<property ")).collect::<Vec<_>>().join("\n"), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="small" tests="13" failures="1" errors="0" skipped="1" time="18.000">
          <testsuite name="Families" tests="13" failures="1" errors="0" skipped="1" time="18.000">
            <testcase classname="a &lt;b&gt; &amp; &quot;c&quot; \u{1}" name="seed 0" time="1.500">
              <properties>
              </properties>
            </testcase>
            <testcase classname="independent" name="seed 1" time="1.500">
              <properties>
              </properties>
            </testcase>
            <testcase classname="independent" name="seed 2" time="1.500">
              <properties>
              </properties>
            </testcase>
            <testcase classname="nade" name="seed 0" time="1.500">
              <properties>
              </properties>
            </testcase>
            <testcase classname="nade" name="seed 1" time="1.500">
              <properties>
              </properties>
            </testcase>
            <testcase classname="nade" name="seed 2" time="1.500">
              <properties>
              </properties>
            </testcase>
            <testcase classname="vae" name="seed 0" time="1.500">
              <properties>
              </properties>
            </testcase>
            <testcase classname="vae" name="seed 1" time="1.500">
              <properties>
              </properties>
            </testcase>
            <testcase classname="vae" name="seed 2" time="1.500">
              <properties>
              </properties>
            </testcase>
            <testcase classname="gan" name="seed 0" time="1.500">
              <properties>
              </properties>
            </testcase>
            <testcase classname="gan" name="seed 1" time="1.500">
              <failure type="diverged" message="loss_d was not finite after step 60"/>
            </testcase>
            <testcase classname="gan" name="seed 2" time="1.500">
              <properties>
              </properties>
            </testcase>
            <testcase classname="nade hidden=500" name="seed 0" time="0.000">
              <skipped message="the trial has not ended"/>
            </testcase>
          </testsuite>
        </testsuites>
        "#);
    // No character that XML does not allow, and every figure with a value.
    assert!(text.chars().all(|c| !c.is_control() || c == '\n'));
    let figures: usize =
        records.iter().flat_map(|record| &record.measurements).filter(|one| one.value.is_some()).count();
    assert_eq!(text.matches("<property ").count(), figures);
}

/// A parser of XML reads every name back, whatever it is.
#[test]
fn names_are_read_back_from_junit() {
    let fixture = Fixture::new();
    let mut records = fixture.records();
    let fails = |record: &Record| record.outcome.as_ref().is_some_and(|one| one.status.reason().is_some());
    let failed = records.iter().position(fails).expect("a failed trial");
    let names = (any::<String>(), any::<String>(), any::<String>());
    let read_back = |(name, section, reason): (String, String, String)| {
        let record = &mut records[failed];
        record.trial.variant.clone_from(&name);
        record.trial.section = Some(section.clone());
        record.outcome.as_mut().expect("an outcome").status = Status::Refused { why: reason.clone() };
        let text = junit(&fixture.plan, &records);
        let document = roxmltree::Document::parse(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let attribute = |tag: &str, attribute: &str, value: &str| {
            let shown = terminal(value).replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}");
            document.descendants().any(|node| node.has_tag_name(tag) && node.attribute(attribute) == Some(&*shown))
        };
        prop_assert!(attribute("testsuite", "name", &section) && attribute("testcase", "classname", &name));
        prop_assert!(attribute("failure", "message", &reason), "{}", text);
        Ok(())
    };
    let read_back = std::cell::RefCell::new(read_back);
    TestRunner::default().run(&names, |names| (read_back.borrow_mut())(names)).unwrap();
}
