//! Figures that `compare` names are known before anything is trained, for every measure.

use protocol::exit;

use crate::bench::{Bench, SMALL};

#[test]
fn every_measure_has_named_figures() {
    let bench = Bench::with(SMALL);
    let listed = bench.genbench(&["list", "measures"]).out;
    let names: Vec<&str> =
        listed.lines().filter(|line| !line.starts_with(' ')).filter_map(|line| line.split(' ').next()).collect();
    assert!(names.len() > 20, "{listed}");
    let mut found = Vec::new();
    for name in names {
        let settings = if name == "target" { ", value: 1" } else { "" };
        let measure = format!("measure: [{{name: {name}{settings}}}]");
        let text = SMALL.replace("measure: [nll, elbo, parameters]", &measure)
            + "compare: {margin: {no_such_figure_at_all: 1}}\n";
        std::fs::write(bench.path("one.yaml"), text).expect("written");
        let plan = bench.genbench(&["plan", "one.yaml"]);
        if plan.code != i32::from(exit::DONE) {
            assert!(plan.err.contains("measure.0"), "the measure does not fit these data: {plan:?}");
            continue;
        }
        let figures = plan.err.split("= help: figures: ").nth(1).unwrap_or_default();
        assert!(!figures.trim().is_empty(), "{name}: {plan:?}");
        found.push(figures.lines().next().unwrap_or_default().to_owned());
    }
    let all = found.join(", ");
    for figure in ["nll", "bits_per_dim", "fid_proxy", "train_images_per_s", "peak_memory", "parameters", "iwae"] {
        assert!(all.contains(figure), "{figure} is missing in {all}");
    }
    let misspelt = SMALL.to_owned() + "compare: {margin: {nl: 1}}\n";
    std::fs::write(bench.path("one.yaml"), misspelt).expect("written");
    let plan = bench.genbench(&["plan", "one.yaml"]);
    assert_eq!(plan.code, i32::from(exit::USAGE));
    assert!(plan.err.contains("did you mean `nll`?"), "{plan:?}");
}
