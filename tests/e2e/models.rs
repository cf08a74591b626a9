//! Every model from a grid, and figures that theory predicts.

use genbench::Registry;
use protocol::{Status, exit};

use crate::bench::{Bench, measurements, outcome};

const EVERY: &str = "\
name: every
device: flex
seeds: [0]
train: {steps: 40, batch_size: 50}
measure: [nll, elbo, {name: iwae, k: 5}, excess_nats, {name: fid_proxy, samples: 200}, parameters, peak_memory]
variants:
";

const CHAIN: &str = "{name: chain, height: 4, width: 4, q: 0.1, train: 4000, validation: 500, test: 2000}";
const REAL: &str = "{name: gaussian_mixture, height: 1, width: 4, train: 500, validation: 200, test: 500}";
const DOMAINS: &str = "{name: domains, pair: digits}";

#[test]
fn every_model_trains_from_a_grid() {
    let Registry { models, data, .. } = Registry::built_in();
    let names: Vec<_> = models.names().collect();
    // Each model runs on the first data set that it accepts.
    let shape = |name: &str, settings: serde_json::Value| {
        let entry = data.find(name).expect("registered");
        (entry.open)(&settings, &data).expect("settings of the set").describe().expect("they fit")
    };
    let small = |height| serde_json::json!({"height": height, "width": 4});
    let none = || serde_json::json!({});
    let known = [
        (CHAIN, shape("chain", small(4))),
        (REAL, shape("gaussian_mixture", small(1))),
        ("captions", shape("captions", none())),
        ("puzzle", shape("puzzle", none())),
        (DOMAINS, shape("domains", serde_json::json!({"pair": "digits"}))),
    ];
    let suits = |name: &&str| {
        let entry = models.find(name).expect("registered");
        let fits = |(_, shape): &&(&'static str, data::DataShape)| (entry.check)(&(entry.defaults)(), shape).is_ok();
        known
            .iter()
            .find(fits)
            .map(|(written, _)| *written)
            .unwrap_or_else(|| panic!("{name} accepts none of the data sets"))
    };
    let variants: String = names.iter().map(|name| format!("  - model: {name}\n    data: {}\n", suits(name))).collect();
    let bench = Bench::with(&format!("{EVERY}{variants}"));
    let output = bench.genbench(&["run", "grid.yaml", "--quiet"]);
    assert_eq!(output.code, i32::from(exit::DONE), "{output:?}");
    for name in names {
        let dir = bench.trial_of("every", name);
        assert_eq!(outcome(&dir).status, Status::Done, "{name}");
        for figure in measurements(&dir) {
            assert!(figure.value.is_some() || figure.reason.is_some(), "{name}: {figure:?}");
        }
    }
}

#[test]
fn the_excess_of_a_table_on_its_own_data_is_as_theory_predicts() {
    // The model contains the true distribution and is fitted by counting, so the expected KL divergence is
    // parameters / (2 n_train) to first order (Wilks). Smoothing can only reduce it.
    let bench =
        Bench::with(&format!("{EVERY}  - model: markov\n    data: {CHAIN}\n").replace("test: 2000", "test: 20000"));
    assert_eq!(bench.genbench(&["run", "grid.yaml", "--quiet"]).code, i32::from(exit::DONE));
    let dir = bench.trial_of("every", "markov");
    let excess = measurements(&dir).into_iter().find(|figure| figure.name == "excess_nats").expect("measured");
    let (value, se) = (excess.value.expect("exact data"), excess.se.expect("many images"));
    let parameters = 2.0 * 16.0 - 1.0;
    let expected = parameters / (2.0 * 4000.0);
    // The KL divergence is distributed like chi-square / (2 n): its standard deviation is sqrt(2 p) / (2 n).
    let scatter = (2.0f64 * parameters).sqrt() / (2.0 * 4000.0);
    let spread = (se * se + scatter * scatter).sqrt();
    assert!((value - expected).abs() < 3.0 * spread, "{value} ± {spread}, expected {expected}");
}
