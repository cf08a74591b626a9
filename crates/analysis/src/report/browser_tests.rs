//! Pages of reports and comparisons in Chromium: layout at three widths, light and dark, accessibility, print, scripts on and off.
//!
//! `tests/browser/check_report.mjs` has the checks and lists the tools. If a tool is missing, the test prints a note and passes,
//! unless GENBENCH_REQUIRE_BROWSER is set.

use std::path::{Path, PathBuf};
use std::process::Command;

use protocol::{Claim, FigureName, Quantity, Relation, Statement};

use super::context::ReportContext;
use super::large_grid_tests::large_grid;
use super::write::report;
use crate::pack::{UnpackOptions, unpack};
use crate::results::Results;
use crate::runs::tests::much_changed;
use crate::runs::{NamedResults, RunsComparison};
use crate::tables::fixture::Fixture;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The tool that is missing.
fn missing() -> Option<&'static str> {
    let runs = |tool: &str, argument: &str| Command::new(tool).arg(argument).output().is_ok();
    let modules = std::env::var_os("GENBENCH_NODE_MODULES").map(PathBuf::from);
    let has = |name: &str| modules.as_ref().is_some_and(|modules| modules.join(name).exists());
    match () {
        () if !runs("node", "--version") => Some("node"),
        () if !runs("chromium", "--version") => Some("chromium"),
        () if !runs("pdftotext", "-v") => Some("pdftotext"),
        () if !has("playwright-core") => Some("playwright-core in GENBENCH_NODE_MODULES"),
        () if !has("axe-core") => Some("axe-core in GENBENCH_NODE_MODULES"),
        () => None,
    }
}

/// A claim of each outcome.
fn with_claims(fixture: &Fixture) -> Results {
    let nll = || FigureName { variant: "nade".into(), figure: "nll".into(), settings: Default::default() };
    let claim = |limit: f64| {
        let (left, right) = (Quantity::Figure(nll()), Quantity::Number(limit));
        let statement = Statement::Compare { left, relation: Relation::Less, right };
        Claim { name: format!("nade is below {limit}"), section: None, statement }
    };
    let plan = protocol::Plan { claims: [30.0, 10.0, 19.6].map(claim).into(), ..fixture.plan.clone() };
    Results::read(fixture.grid.clone(), plan)
}

/// Every variant in a section of its own, so that the page begins with a table of answers; two sections side by side.
fn with_many_sections(fixture: &Fixture) -> Results {
    let mut plan = fixture.plan.clone();
    for trial in &mut plan.trials {
        trial.section = Some(format!("Section of {}", trial.variant));
    }
    plan.side_by_side = vec!["Section of nade".into(), "Section of vae".into()];
    Results::read(fixture.grid.clone(), plan)
}

/// Checks pages by name in Chromium. Does nothing without the tools.
pub(crate) fn check_in_chromium(pages: &[(&str, String)]) {
    if let Some(tool) = missing() {
        assert!(std::env::var_os("GENBENCH_REQUIRE_BROWSER").is_none(), "{tool} is missing");
        eprintln!("skipped: {tool} is missing");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut check = Command::new("node");
    check.arg(repository().join("tests/browser/check_report.mjs"));
    for (name, text) in pages {
        let page = folder.path().join(format!("{name}.html"));
        std::fs::write(&page, text).unwrap();
        if let Some(kept) = std::env::var_os("GENBENCH_KEEP_PAGE") {
            std::fs::copy(&page, Path::new(&kept).join(format!("{name}.html"))).unwrap();
        }
        check.arg(page);
    }
    let output = check.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
}

#[test]
fn pages_pass_the_checks_in_chromium() {
    if missing().is_some() {
        return check_in_chromium(&[]);
    }
    let folder = tempfile::tempdir().unwrap();
    let fixture = Fixture::new();
    fixture.spend(0);
    let packed = |name: &str| {
        let pack = repository().join(format!("results/reference/{name}/{name}.genbench"));
        let unpacked = unpack(&pack, &folder.path().join("packs"), &UnpackOptions::default()).unwrap().grid;
        Results::read(unpacked.clone(), protocol::Plan::read(&unpacked).unwrap())
    };
    let quickstart = packed("quickstart");
    let page =
        |results: &Results| std::fs::read_to_string(report(results, &ReportContext::default()).unwrap().html).unwrap();
    let mut pages = vec![
        ("small", page(&with_claims(&fixture))),
        ("sections", page(&with_many_sections(&fixture))),
        ("large", page(&large_grid(folder.path()))),
        ("quickstart", page(&quickstart)),
        // Sixteen variants and sixteen compared figures.
        ("models_digits", page(&packed("models_digits"))),
        ("compare", much_changed().page("0.1.0").unwrap()),
    ];
    let named = |name: &str, results: Results| NamedResults { name: name.to_owned(), results };
    let runs = [
        named("small", fixture.results()),
        named("large", large_grid(folder.path())),
        named("results/reference/quickstart/quickstart.genbench", quickstart),
    ];
    pages.push(("compare_three", RunsComparison::of(&runs).page("0.1.0").unwrap()));
    check_in_chromium(&pages);
}
