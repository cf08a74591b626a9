//! Every kind of mistake, as it is told.

use insta::assert_snapshot;

use super::{planned, told};
use crate::grid::{Overrides, parse, plan};

/// A grid with everything but its variants.
fn grid(variants: &str) -> String {
    format!("name: g\ndata: digits\ntrain: {{epochs: 1}}\n{variants}")
}

#[test]
fn unknown_keys_at_every_depth() {
    let text = "nme: g\nname: g\ntrain: {epochs: 1}\nvariants:\n  - model: {name: nade, hiden: 3, optim: {lrr: 1}}\n    data: digitz\n    lable: x\n";
    assert_snapshot!(told(text), @"");
}

#[test]
fn wrong_shapes_all_at_once() {
    let text = "name: [g]\nseeds: many\ndevice: gpu\ndata: 3\ntrain: [1]\nmeasure: nll\nmatrix: 2\nvariants: nade\nfacts:\n  - x\n";
    assert_snapshot!(told(text), @"");
}

#[test]
fn a_value_of_a_matrix_is_told_at_its_item() {
    assert_snapshot!(told(&grid("matrix: {model.hidden: [8, 0, x]}\nvariants:\n  - model: nade\n")), @"");
}

#[test]
fn a_missing_setting_is_told_at_the_nearest_thing_written() {
    assert_snapshot!(told("name: g\ndata: digits\nvariants:\n  - model: nade\n    train:\n      batch_size: 3\n  - model: {hidden: 2}\n"), @"");
}

#[test]
fn measures_by_their_index() {
    assert_snapshot!(told(&grid("measure: [nll, {name: iwae, kk: 3}, nl]\nvariants:\n  - model: nade\n")), @"");
}

#[test]
fn syntax() {
    assert_snapshot!(told("name: g\nvariants: [1, 2\nseeds: 3\n"), @"");
    assert_snapshot!(told("name: g\n---\nname: h\n"), @"");
    assert_snapshot!(told("a: {<<: {b: 1}}\n"), @"");
}

#[test]
fn duplicate_keys() {
    assert_snapshot!(told("name: g\nname: h\nvariants: [{model: nade, model: vae}]\n"), @"");
}

#[test]
fn names_that_would_leave_the_results() {
    assert_snapshot!(told("name: ../up\nvariants: [{model: nade, data: digits, train: {steps: 1}}]\n"), @"");
    for bad in ["..", ".", "a/b", "a\\b", "a b", "é", "''"] {
        assert!(parse("g.yaml", &format!("name: {bad}\nvariants: [{{model: nade}}]\n")).is_err(), "{bad}");
    }
    for good in ["a", "a.b", "A-1_b.c", "'0'"] {
        assert!(parse("g.yaml", &format!("name: {good}\nvariants: [{{model: nade}}]\n")).is_ok(), "{good}");
    }
}

#[test]
fn keys_of_a_matrix() {
    let text = grid(
        "matrix:\n  hidden: [1]\n  model.hidden: []\n  model..x: [1]\n  model.orders: [1, 2, 1]\n  seeds: [1]\nvariants:\n  - model: nade\n",
    );
    assert_snapshot!(told(&text), @"");
}

#[test]
fn a_key_both_written_and_varied() {
    let text = grid(
        "matrix: {train.epochs: [1, 2]}\nvariants:\n  - model: {name: nade, hidden: 3}\n    matrix: {model.hidden: [1, 2], measure.3: [nll]}\n",
    );
    assert_snapshot!(told(&text), @"");
}

#[test]
fn an_axis_into_a_scalar() {
    let text =
        grid("measure: [nll]\nvariants:\n  - model: nade\n    matrix: {measure.3: [nll], train.epochs.x: [1]}\n");
    assert_snapshot!(told(&text), @"");
}

#[test]
fn grids_without_a_trial() {
    assert_snapshot!(told(""), @"");
    assert_snapshot!(told("name: g\n"), @"");
    assert_snapshot!(told("name: g\nvariants:\nblocks: []\n"), @"");
    assert_snapshot!(told("name: g\nblocks:\n  - section: s\n    variants:\n      - {}\n      - nade\n  - data: digits\n"), @"");
}

#[test]
fn labels_that_clash() {
    assert_snapshot!(told(&grid("variants:\n  - {label: a, model: nade}\n  - {label: a, model: vae}\n")), @"");
    let text = grid(
        "variants:\n  - model: nade\n    matrix: {model.hidden: [1, 2], model.orders: [1, 2]}\n    label: x{model.hidden}\n",
    );
    assert_snapshot!(told(&text), @"");
}

#[test]
fn labels_that_are_no_labels() {
    let text = grid(
        "variants:\n  - {model: nade, label: 'x{mdl}'}\n  - {model: vae, label: 'x{model'}\n  - {model: vae, label: \"a\\nb\"}\n",
    );
    assert_snapshot!(told(&text), @"");
    assert_snapshot!(told(&grid("variants:\n  - {model: nade, label: 'x{model.hiden}'}\n")), @"");
}

#[test]
fn the_same_trial_twice() {
    let text = grid("variants:\n  - {label: a, model: nade}\n  - {label: b, model: {name: nade, hidden: 100}}\n");
    assert_snapshot!(told(&text), @"");
    let text = grid(
        "blocks:\n  - variants: &v\n      - model: nade\n        matrix: {model.hidden: [1, 2]}\n  - section: s\n    variants: *v\n",
    );
    assert_snapshot!(told(&text), @"");
}

#[test]
fn seeds() {
    assert_snapshot!(told(&format!("seeds: [1, 2, 1, -1, 1.5, x]\n{}", grid("variants:\n  - model: nade\n"))), @"");
    assert_snapshot!(told(&format!("seeds: 0\n{}", grid("variants:\n  - {model: nade, seeds: []}\n"))), @"");
}

#[test]
fn a_device_that_is_not_there() {
    assert_snapshot!(told(&grid("device: wgpu:9\nvariants:\n  - model: nade\n")), @"");
}

#[test]
fn facts() {
    assert_snapshot!(told("name: g\nfacts:\n  - fact: joint_sise\n  - fact: joint_size\n    pixel: 3\n  - section: x\n  - {fact: joint_size, pixels: no}\n"), @"");
}

#[test]
fn too_much_of_it() {
    assert_snapshot!(told(&grid("seeds: 1000000\nvariants:\n  - model: nade\n  - model: vae\n")), @"");
    let axis =
        |name| format!("  model.{name}: [{}]\n", (0..1000).map(|i| i.to_string()).collect::<Vec<_>>().join(", "));
    let axes: String = ["a", "b", "c", "d", "e", "f", "g"].into_iter().map(axis).collect();
    assert!(
        told(&grid(&format!("matrix:\n{axes}variants:\n  - model: nade\n")))
            .starts_with("error: more than 1000000 trials")
    );
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (from, to) in ["ab", "bc", "cd", "de", "ef"].iter().map(|pair| pair.split_at(1)) {
        bomb.push_str(&format!("{to}: &{to} [{}]\n", vec![format!("*{from}"); 10].join(", ")));
    }
    assert_snapshot!(told(&bomb), @"");
    let deep = format!("a: {}1{}\n", "[".repeat(90), "]".repeat(90));
    assert!(told(&deep).starts_with("error: a file too large or too complex"), "{}", told(&deep));
}

#[test]
fn words_of_yaml_1_1_are_text_and_warned_of() {
    let text = grid("variants:\n  - model: nade\n    data: {name: digits, binarize: no}\n");
    let grid = parse("g.yaml", &text).unwrap();
    assert_snapshot!(grid.warnings(), @"");
    assert_eq!(planned(&text).unwrap().trials[0].data.config["binarize"], "no");
    let quoted = text.replace("no}", "'no'}");
    assert!(parse("g.yaml", &quoted).unwrap().warnings().is_empty());
}

#[test]
fn overrides_that_fit_nothing() {
    let grid = parse("g.yaml", &grid("variants:\n  - model: nade\n  - model: vae\n")).unwrap();
    let overrides = Overrides { only: vec!["nadde".into()], seeds: Some(vec![2, 1, 2]), device: Some("wgpu:9".into()) };
    let told = plan(&grid, &super::FakeCatalog::default(), &overrides).unwrap_err();
    assert_snapshot!(told, @"");
    let overrides = Overrides { device: Some("wgpu:9".into()), ..Overrides::default() };
    let told = plan(&grid, &super::FakeCatalog::default(), &overrides).unwrap_err();
    assert_snapshot!(told, @"");
}

#[test]
fn for_machines() {
    let told = planned("name: g\nvarants: 3\n").unwrap_err();
    let json = serde_json::to_string_pretty(&told).unwrap();
    assert_snapshot!(json, @"");
}

#[test]
fn colour_only_when_asked() {
    let told = planned("name: g\nvarants: 3\n").unwrap_err();
    assert!(!told.render(false).contains('\u{1b}') && told.render(true).contains('\u{1b}'));
    // A name that tries to speak to the terminal.
    let told = planned("name: \"\\e[31mx\"\nvariants: [{model: nade}]\n").unwrap_err();
    assert!(!told.to_string().contains('\u{1b}'), "{told}");
}

#[test]
fn files_that_cannot_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("g.yaml");
    assert!(crate::grid::load(&path).unwrap_err().to_string().contains("failed to read"));
    std::fs::write(&path, b"name: \xff\n").unwrap();
    assert!(crate::grid::load(&path).unwrap_err().to_string().contains("not UTF-8 text at byte 6"));
    std::fs::write(&path, "#".repeat((4 << 20) + 1)).unwrap();
    assert!(crate::grid::load(&path).unwrap_err().to_string().contains("larger than 4194304 bytes"));
}
