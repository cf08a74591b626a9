//! Rows and columns of figures that share a name: controls, settings, machines.

use protocol::{Control, Direction, Kind, Measurement, Unit, atomic};
use serde_json::json;

use super::super::fixture::{Fixture, read};
use super::super::tables;
use super::rows;

/// A control and its figure, in the tables that name it.
#[test]
fn controls_are_named_in_the_tables() {
    let fixture = Fixture::new();
    for trial in fixture.plan.trials.iter().filter(|trial| trial.variant == "vae") {
        let one = |name: &str, direction, value| Measurement::new(name, Kind::Estimate, Unit::One, direction, value);
        let (score, control) = (0.9 + 0.01 * trial.seed as f64, Control::untrained("probe"));
        let untrained = Measurement { control: Some(control), ..one("probe_untrained", Direction::Neither, 0.5) };
        // A record of an earlier version does not state its control.
        let figures = [one("probe", Direction::Higher, score), untrained, one("probe_real", Direction::Neither, 0.99)];
        atomic::write_json(&fixture.grid.trial(&trial.id()).measurements(), &figures).unwrap();
    }
    tables(&fixture.results()).unwrap();
    for table in ["measurements.csv", "summary.csv"] {
        let text = read(&fixture.grid, table);
        let of = |name: &str| text.lines().find(|row| row.contains(&format!(",{name},"))).unwrap().to_owned();
        assert!(of("probe_untrained").ends_with(",probe,untrained,vae"), "{table}: {}", of("probe_untrained"));
        assert!(of("probe_real").ends_with(",probe,real,vae"), "{table}: {}", of("probe_real"));
        assert!(of("probe").ends_with(",,,vae"), "{table}: {}", of("probe"));
    }
    let text = read(&fixture.grid, "comparisons.csv");
    let with_controls: Vec<_> = text.lines().skip(1).filter(|row| !row.ends_with(',')).collect();
    assert_eq!(with_controls.len(), 1, "real images need not be beaten: {text}");
    assert!(with_controls[0].starts_with("vae,vae,Families,digits,probe,1,") && with_controls[0].contains(",0.41"));
    assert!(with_controls[0].ends_with(",probe_untrained"), "{}", with_controls[0]);
    let markdown = crate::report(&fixture.results(), &crate::ReportContext::default()).unwrap().markdown;
    let markdown = std::fs::read_to_string(markdown).unwrap();
    assert!(markdown.contains("(untrained 0.500, real 0.990) |"), "{markdown}");
}

/// One measure with two settings. One has a figure, the other a reason, and the reason belongs to its settings only.
#[test]
fn a_reason_belongs_to_its_settings() {
    let fixture = Fixture::new();
    let figure = Measurement::new("score", Kind::Estimate, Unit::One, Direction::Higher, 2.0).remark("of a classifier");
    let none = Measurement::absent("score", Kind::Estimate, Unit::One, Direction::Higher, "needs a classifier");
    let all = [(figure, "classifier"), (none, "random")]
        .map(|(figure, features)| Measurement { settings: json!({ "features": features }), ..figure });
    for trial in fixture.plan.trials.iter().filter(|trial| trial.variant == "independent") {
        atomic::write_json(&fixture.grid.trial(&trial.id()).measurements(), &all).unwrap();
    }
    tables(&fixture.results()).unwrap();
    let rows = rows(&read(&fixture.grid, "summary.csv"), &["independent,Families,independent,digits,score"]);
    let lines: Vec<&str> = rows.lines().collect();
    assert!(lines.len() == 3, "{rows}");
    assert!(lines[1].contains(",of a classifier,") && lines[2].contains(",needs a classifier,"), "{rows}");
}

#[test]
fn speeds_of_several_machines_are_never_pooled() {
    let fixture = Fixture::new();
    let seeds: Vec<_> = fixture.plan.trials.iter().filter(|trial| trial.variant == "vae").collect();
    let on = |cpu: &str, value: f64| {
        let machine = protocol::Machine { cpu: cpu.into(), adapter: String::new(), host: format!("host of {cpu}") };
        let speed = Measurement::new("speed", Kind::Estimate, Unit::StepsPerSecond, Direction::Higher, value);
        speed.volatile().on_machine(machine)
    };
    // Two seeds were timed on one machine, and one of them on another.
    for (trial, figures) in seeds.iter().zip([vec![on("A", 100.0), on("B", 10.0)], vec![on("A", 102.0)]]) {
        atomic::write_json(&fixture.grid.trial(&trial.id()).throughput(), &figures).unwrap();
    }
    let results = fixture.results();
    let vae = results.summary().variants.iter().find(|variant| variant.variant == "vae").unwrap();
    let speeds = vae.figures.iter().filter(|summed| summed.figure.name == "speed");
    let speeds: Vec<_> = speeds.map(|one| (one.figure.machine.as_deref(), one.spread.unwrap().mean)).collect();
    assert_eq!(speeds, [(Some("A"), 101.0), (Some("B"), 10.0)]);
    tables(&results).unwrap();
    let header = read(&fixture.grid, "trials.csv").lines().next().unwrap().to_owned();
    assert!(header.contains("speed_A_steps") && header.contains("speed_B_steps"), "{header}");
    let long = read(&fixture.grid, "measurements.csv");
    assert!(long.lines().any(|row| row.contains(",speed,10,") && row.contains(",B,host of B,B,fused,")), "{long}");
    let text = crate::summary_text(results.summary(), results.comparisons(), 400, false);
    assert!(text.contains("speed (A)") && text.contains("speed (B)"), "{text}");
}
