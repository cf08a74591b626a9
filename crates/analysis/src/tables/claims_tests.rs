//! Claims in `claims.csv`, in a terminal, in `summary.md` and in `report.html`.

use std::collections::BTreeMap;

use protocol::{Claim, FactName, FigureName, Plan, Quantity, Relation, Statement};

use super::fixture::{Fixture, read};
use super::{claims_text, tables};
use crate::results::Results;

fn figure(variant: &str, figure: &str) -> FigureName {
    FigureName { variant: variant.into(), figure: figure.into(), settings: BTreeMap::new() }
}

fn less(left: Quantity, right: f64) -> Statement {
    Statement::Compare { left, relation: Relation::Less, right: Quantity::Number(right) }
}

fn with_claims(fixture: &Fixture) -> Results {
    let fact = FactName {
        fact: "joint_table".into(),
        settings: BTreeMap::new(),
        quantity: None,
        value: Some(fixture.plan.facts[0].value.clone()),
    };
    let both = Statement::And(vec![
        less(Quantity::Figure(figure("nade", "nll")), 30.0),
        less(Quantity::Rate(figure("gan", "collapsed")), 0.9),
    ]);
    let claims = [
        ("nade <is> good", None, less(Quantity::Figure(figure("nade", "nll")), 30.0)),
        ("few states | cells", Some("Counting"), less(Quantity::Fact(fact), 1e6)),
        ("both", None, both),
        ("vae has a density", None, less(Quantity::Figure(figure("vae", "nll")), 30.0)),
    ];
    let claims = claims.map(|(name, section, statement)| Claim {
        name: name.into(),
        section: section.map(str::to_owned),
        statement,
    });
    Results::read(fixture.grid.clone(), Plan { claims: claims.into(), ..fixture.plan.clone() })
}

#[test]
fn the_claims_table() {
    let fixture = Fixture::new();
    tables(&with_claims(&fixture)).unwrap();
    insta::assert_snapshot!(read(&fixture.grid, "claims.csv"), @r#"
        claim,section,statement,outcome,part,comparison,comparison_outcome,left,right,difference,se,degrees,bound_low,bound_high,remarks,needs
        nade <is> good,,nade.nll < 30,supported,1,nade.nll < 30,supported,19.599999999999998,30,-10.400000000000002,0.5033222956847166,1352.0000000000189,-11.228459163323079,-9.571540836676926,,
        few states | cells,Counting,fact(joint_table) < 1000000,refuted,1,fact(joint_table) < 1000000,refuted,1.8446744073709552e19,1000000,1.8446744073708552e19,,,1.8446744073708552e19,1.8446744073708552e19,,
        both,,nade.nll < 30 and rate(gan.collapsed) < 0.9,undecided,1,nade.nll < 30,supported,19.599999999999998,30,-10.400000000000002,0.5033222956847166,1352.0000000000189,-11.387377498537457,-9.571540836676926,,
        both,,nade.nll < 30 and rate(gan.collapsed) < 0.9,undecided,2,rate(gan.collapsed) < 0.9,undecided,0.5,0.9,-0.4,,,-0.8874208829065751,0.07467943448089642,1 of 2 seeds,about 6 seeds of each variant at these rates (now at most 2)
        vae has a density,,vae.nll < 30,undecided,1,vae.nll < 30,undecided,,,,,,,,,vae.nll has no value: has no exact density
        "#);
}

#[test]
fn a_grid_without_claims_has_an_empty_table() {
    let fixture = Fixture::new();
    tables(&fixture.results()).unwrap();
    assert_eq!(read(&fixture.grid, "claims.csv").lines().count(), 1);
    let report = crate::report(&fixture.results(), &crate::ReportContext::default()).unwrap();
    for file in [report.html, report.markdown] {
        assert!(!std::fs::read_to_string(file).unwrap().contains("Claims"));
    }
}

#[test]
fn claims_in_a_terminal() {
    let fixture = Fixture::new();
    let results = with_claims(&fixture);
    insta::assert_snapshot!(claims_text(results.claims(), 80), @r#"
        supported  nade <is> good
                   nade.nll < 30
                   19.60 against 30.00: difference -10.40, bounds -11.23 and -9.572

        refuted    few states | cells
                   fact(joint_table) < 1000000
                   1.845e19 against 1000000

        undecided  both
                   nade.nll < 30 and rate(gan.collapsed) < 0.9
                   19.60 against 30.00: difference -10.40, bounds -11.39 and -9.572;
                   0.5000 against 0.9000: difference -0.4000, bounds -0.8874 and
                   0.07468, 1 of 2 seeds
                   to decide it: about 6 seeds of each variant at these rates (now at
                   most 2)

        undecided  vae has a density
                   vae.nll < 30
                   to decide it: vae.nll has no value: has no exact density

        4 claims: 1 supported, 1 refuted, 2 undecided
        "#);
    for width in [40, 60, 100] {
        let text = claims_text(results.claims(), width);
        assert!(text.lines().all(|line| protocol::text::columns(line) <= width), "{text}");
    }
}

#[test]
fn claims_in_the_report() {
    let fixture = Fixture::new();
    let report = crate::report(&with_claims(&fixture), &crate::ReportContext::default()).unwrap();
    let page = std::fs::read_to_string(report.html).unwrap();
    let section = &page[page.find("<section id=\"claims\">").unwrap()..page.find("<nav").unwrap()];
    assert_eq!(section.matches("<li>").count(), 4, "{section}");
    assert!(section.contains("Claims: 1 supported, 1 refuted, 2 undecided"), "{section}");
    let refuted = "<span class=\"outcome refuted\">refuted</span> <b>few states | cells</b>";
    assert!(section.contains("nade &lt;is&gt; good") && section.contains(refuted), "{section}");
    let markdown = std::fs::read_to_string(report.markdown).unwrap();
    let lines: Vec<&str> = markdown.lines().skip_while(|line| *line != "### Claims").take(8).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
        ### Claims

        | claim | statement | outcome | numbers | what would decide it |
        |---|---|---|---|---|
        | nade &lt;is&gt; good | nade.nll &lt; 30 | supported | 19\.60 against 30.00: difference -10.40, bounds -11.23 and -9.572 |  |
        | few states \| cells | fact(joint\_table) &lt; 1000000 | refuted | 1\.845e19 against 1000000 |  |
        | both | nade.nll &lt; 30 and rate(gan.collapsed) &lt; 0.9 | undecided | 19\.60 against 30.00: difference -10.40, bounds -11.39 and -9.572; 0.5000 against 0.9000: difference -0.4000, bounds -0.8874 and 0.07468, 1 of 2 seeds | about 6 seeds of each variant at these rates (now at most 2) |
        | vae has a density | vae.nll &lt; 30 | undecided |  | vae.nll has no value: has no exact density |
        "#);
}
