//! Snapshots of the formats, and their readers.

use insta::assert_snapshot;
use protocol::VariantPlace;

use crate::gate::tests::{baseline, fid, nll, values, variant};
use crate::gate::{Gate, GateFormat, GateSettings, check};

/// A gate with one finding of each kind.
fn gate() -> Gate {
    let side = |shift: f64, noise: f64| {
        let of = |at: f64| [at, at + 0.2 + noise, at - 0.2];
        baseline(vec![
            variant("nade hidden=50", vec![values(nll(), &of(19.0 + shift)), values(fid(), &of(1.5))]),
            variant("vae <b>, 50%: \u{202e}x", vec![values(nll(), &of(20.0 + 10.0 * noise))]),
            variant("gan", vec![values(fid(), &of(5.0))]),
        ])
    };
    let (mut before, mut after) = (side(0.0, 0.0), side(0.57, 0.08));
    after.variants[2] = side(0.0, 0.0).variants[2].clone();
    before.variants.push(variant("made", vec![values(nll(), &[18.0, 18.1])]));
    let mut changed = before.variants[3].clone();
    changed.trial.train.steps = 40;
    after.variants.push(changed);
    let place = VariantPlace { variant: "nade hidden=50".into(), file: "experiments/small.yaml".into(), line: 7 };
    let settings = GateSettings { places: [(place.variant.clone(), place)].into(), ..GateSettings::default() };
    check(&before, &after, &settings)
}

fn shown(format: GateFormat) -> String {
    gate().format(format).expect("written")
}

#[test]
fn the_table_for_the_terminal() {
    assert_snapshot!(shown(GateFormat::Text));
}

#[test]
fn annotations_of_github_escape_what_would_end_them() {
    assert_snapshot!(shown(GateFormat::Github));
}

#[test]
fn the_comment_of_a_pull_request() {
    assert_snapshot!(shown(GateFormat::Markdown));
}

#[test]
fn a_comment_on_many_variants_stays_below_the_limit_of_github() {
    let many: Vec<_> = (0..2_000)
        .map(|at| variant(&format!("a variant with a rather long label {at}"), vec![values(nll(), &[19.0, 19.1])]))
        .collect();
    let side = baseline(many);
    let comment = check(&side, &side, &GateSettings::default()).format(GateFormat::Markdown).expect("written");
    assert!(comment.len() < 64_000, "{}", comment.len());
    assert!(comment.contains("more rows are in the output"), "{}", &comment[comment.len() - 300..]);
}

#[test]
fn junit_is_read_by_a_parser() {
    let text = shown(GateFormat::Junit);
    let document = roxmltree::Document::parse(&text).expect("XML");
    let root = document.root_element();
    assert_eq!((root.attribute("failures"), root.attribute("tests")), (Some("2"), Some("5")));
    let named = |name: &str| root.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!((named("testcase"), named("failure")), (5, 2));
    assert!(text.contains("vae &lt;b&gt;"), "{text}");
}

#[test]
fn the_formats_of_trackers_hold_the_figures_of_the_run() {
    let bmf: serde_json::Value = serde_json::from_str(&shown(GateFormat::Bmf)).expect("JSON");
    assert_eq!(bmf["gan"]["fid-proxy"]["value"], 5.0);
    let entries: serde_json::Value = serde_json::from_str(&shown(GateFormat::GhaBenchmark)).expect("JSON");
    assert_eq!((&entries[0]["name"], &entries[0]["unit"]), (&"nade hidden=50 / nll".into(), &"nats".into()));
}

#[test]
fn the_object_has_results_and_numbers() {
    let object: serde_json::Value = serde_json::from_str(&shown(GateFormat::Json)).expect("JSON");
    assert_eq!((&object["schema"], &object["result"]), (&1.into(), &"worse".into()));
    assert_eq!(shown(GateFormat::Json).lines().count(), 1, "a line is an object");
    let nade = &object["variants"][0];
    assert_eq!((&nade["result"], &nade["figures"][0]["verdict"]), (&"worse".into(), &"worse".into()));
    assert!(nade["figures"][0]["interval"][0].as_f64().is_some_and(|low| low > 0.0), "{nade}");
    assert_eq!(object["variants"][3]["changes"][0], "train.steps: 100 -> 40");
}
