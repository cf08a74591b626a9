//! Plots of a small grid and of committed packs in both formats.

use std::path::Path;
use std::process::Command;

use super::layout_tests::fault;
use super::shape::Drawing;
use super::{pdf, svg};
use crate::export::typeset::tests::with_name;
use crate::pack::{UnpackOptions, unpack};
use crate::results::Results;
use crate::tables::fixture::Fixture;

/// Values that a plot of the fixture shows.
const SHOWN: [&str; 5] = ["independent", "nade", "26.25 ± 0", "19.60 ± 0.25", "Families, digits · binary"];

#[test]
fn svg_has_a_row_per_variant() {
    let text = svg(&Fixture::new().results(), Some("nll")).unwrap();
    insta::assert_snapshot!(text);
    let document = roxmltree::Document::parse(&text).unwrap();
    let texts: Vec<&str> =
        document.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text()).collect();
    assert!(texts.starts_with(&["nll ↓, nats, exact"]), "{texts:?}");
    assert!(SHOWN.iter().all(|shown| texts.contains(shown)), "{texts:?}");
    let polygons = document.descendants().filter(|node| node.has_tag_name("polygon")).count();
    assert_eq!(polygons, 3, "the square of nade in its name and its row, and its star");
}

#[test]
fn without_a_name_the_primary_figure_is_drawn() {
    let results = Fixture::new().results();
    assert_eq!(svg(&results, None).unwrap(), svg(&results, Some("nll")).unwrap());
    assert_eq!(pdf(&results, None).unwrap(), pdf(&results, Some("nll")).unwrap());
}

#[test]
fn figures_without_a_value_are_refused() {
    let fixture = Fixture::new();
    let problem = svg(&fixture.results(), Some("fid_proxi")).unwrap_err();
    assert!(problem.help.unwrap().starts_with("did you mean `fid_proxy`?"));
    let mut plan = fixture.plan.clone();
    plan.trials.retain(|trial| trial.variant.starts_with("vae"));
    let problem = svg(&Results::read(fixture.grid.clone(), plan), Some("nll")).unwrap_err();
    assert_eq!(problem.message, "no variant has a value of `nll`");
    let help = problem.help.unwrap();
    assert!(help.starts_with("name another figure, such as --figure "), "{help}");
}

#[test]
fn other_scripts_need_svg() {
    let results = with_name(&Fixture::new(), "(모델) \\ <é>");
    assert!(svg(&results, Some("nll")).unwrap().contains("(모델) \\ &lt;é&gt; nade"));
    let problem = pdf(&results, Some("nll")).unwrap_err();
    assert!(problem.message.contains("lacks `모`") && problem.help.unwrap().contains("--to svg"));
    let long = Drawing { height: 14_401.0, ..super::drawing(&Fixture::new().results(), None).unwrap() };
    assert!(super::pdf::pdf(&long).unwrap_err().message.contains("5 m"));
}

/// Set `GENBENCH_REQUIRE_BROWSER` to fail without Poppler.
#[test]
fn poppler_reads_every_label_and_value() {
    let run = |program: &str, arguments: &[&str]| Command::new(program).args(arguments).output();
    if run("pdftotext", &["-v"]).is_err() || run("pdfinfo", &["-v"]).is_err() {
        assert!(std::env::var_os("GENBENCH_REQUIRE_BROWSER").is_none(), "pdftotext or pdfinfo is missing");
        eprintln!("skipped: pdftotext or pdfinfo is missing");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let read = |results: &Results| {
        let file = folder.path().join("nll.pdf");
        std::fs::write(&file, pdf(results, Some("nll")).unwrap()).unwrap();
        let file = file.to_str().unwrap();
        [run("pdftotext", &["-layout", file, "-"]), run("pdfinfo", &[file])].map(|output| {
            let output = output.unwrap();
            // Poppler mends files that are not valid, and reports it here.
            assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
            String::from_utf8(output.stdout).unwrap()
        })
    };
    let [text, info] = read(&Fixture::new().results());
    assert!(SHOWN.iter().all(|shown| text.contains(shown)) && text.contains("nll (lower is better), nats"), "{text}");
    assert!(info.contains("Pages:           1\n") && info.contains("PDF version:     1.4"), "{info}");
    assert!(info.contains("453.6 x "), "{info}");
    let [text, _] = read(&with_name(&Fixture::new(), "é (a\\b) €"));
    assert!(text.contains("é (a\\b) €"), "{text}");
}

/// Offsets of the table point at the objects.
#[test]
fn offsets_are_those_of_the_objects() {
    let bytes = pdf(&Fixture::new().results(), None).unwrap();
    // One ASCII character per byte.
    let text: String = bytes.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { '?' }).collect();
    let table = text.split("\nxref\n").nth(1).unwrap();
    let offsets: Vec<usize> =
        table.lines().filter_map(|line| line.strip_suffix(" 00000 n ")).map(|at| at.parse().unwrap()).collect();
    assert_eq!(offsets.len(), 7);
    assert!(offsets.iter().enumerate().all(|(at, offset)| text[*offset..].starts_with(&format!("{} 0 obj\n", at + 1))));
    let start: usize = text.split("startxref\n").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
    assert!(text[start..].starts_with("xref\n"));
}

/// Writes the plots of committed packs into the folder `GENBENCH_KEEP_PLOTS`, if it is set.
#[test]
fn plots_of_a_committed_pack() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results/reference");
    let folder = tempfile::tempdir().unwrap();
    let kept = std::env::var_os("GENBENCH_KEEP_PLOTS");
    let names: &[&str] = if kept.is_some() { &["quickstart", "models_digits", "lecture_ch9"] } else { &["quickstart"] };
    for name in names {
        let pack = root.join(name).join(format!("{name}.genbench"));
        let grid = unpack(&pack, folder.path(), &UnpackOptions::default()).unwrap().grid;
        let results = Results::read(grid.clone(), protocol::Plan::read(&grid).unwrap());
        for figure in [None, Some("nll"), Some("fid_proxy")] {
            let drawing = super::drawing(&results, figure).unwrap();
            assert_eq!(fault(&drawing), None, "{name}");
            if (*name, figure) == ("quickstart", Some("nll")) {
                let committed = root.join("../../docs/gallery/quickstart_nll.svg");
                let is_current = std::fs::read_to_string(committed).unwrap() == svg(&results, figure).unwrap();
                assert!(
                    is_current || kept.is_some(),
                    "copy quickstart_nll.svg of GENBENCH_KEEP_PLOTS to docs/gallery/"
                );
            }
            if let Some(kept) = &kept {
                let file = Path::new(kept).join(format!("{name}_{}", figure.unwrap_or("primary")));
                std::fs::write(file.with_extension("svg"), svg(&results, figure).unwrap()).unwrap();
                std::fs::write(file.with_extension("pdf"), pdf(&results, figure).unwrap()).unwrap();
            }
        }
    }
}
