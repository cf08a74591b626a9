//! Order, inheritance, labels and overrides.

use protocol::Plan;

use crate::parse::parse;
use crate::plan::{Overrides, plan};
use crate::tests::{FakeCatalog, messages, planned};

fn labels(plan: &Plan) -> Vec<&str> {
    let mut labels: Vec<_> = plan.trials.iter().map(|trial| trial.variant.as_str()).collect();
    labels.dedup();
    labels
}

fn label_list(text: &str) -> String {
    planned(text).map_or_else(|messages| messages.to_string(), |plan| labels(&plan).join(", "))
}

#[test]
fn the_first_axis_is_the_slowest_and_outer_axes_are_slower() {
    let text =
        "name: g\ndata: digits\ntrain: {epochs: 1}\nseeds: 2\nmatrix: {model.hidden: [2, 1], model.orders: [1, 2]}
variants:
  - model: nade
    matrix: {train.batch_size: [8, 4]}
";
    let plan = planned(text).unwrap();
    let order: Vec<_> = plan
        .trials
        .iter()
        .map(|t| format!("{}{}{}{}", t.model.config["hidden"], t.model.config["orders"], t.train.batch_size, t.seed))
        .collect();
    let expected: Vec<_> = ["21", "22", "11", "12"]
        .iter()
        .flat_map(|model| ["8", "4"].map(|batch| format!("{model}{batch}")))
        .flat_map(|variant| ["0", "1"].map(|seed| format!("{variant}{seed}")))
        .collect();
    assert_eq!(order, expected);
    assert_eq!(plan.trials[0].variant, "nade hidden=2 orders=1 batch_size=8");
}

#[test]
fn blocks_are_a_union_after_the_variants_of_the_top() {
    let text = "name: g
about: what for
data: {name: digits, binarize: static}
train: {epochs: 2, batch_size: 32}
measure: [nll]
seeds: [5]
variants:
  - model: nade
blocks:
  - section: chain
    data: {name: chain, q: 0.1}
    seeds: [7, 6]
    device: wgpu:1
    variants:
      - model: nade
      - model: vae
        train: {steps: 3}
        seeds: 1
  - section: digits
    data: {binarize: dynamic}
    train: {batch_size: 16}
    measure: [{name: iwae, k: 5}]
    variants:
      - model: vae
";
    let plan = planned(text).unwrap();
    assert_eq!((plan.grid.as_str(), plan.about.as_str()), ("g", "what for"));
    let rows: Vec<_> = plan
        .trials
        .iter()
        .map(|t| {
            let data = format!("{}{}", t.data.name, t.data.config);
            let section = t.section.as_deref().unwrap_or("-");
            format!(
                "{section} {} {data} {}x{} {} {}",
                t.model.name, t.train.steps, t.train.batch_size, t.seed, t.device
            )
        })
        .collect();
    insta::assert_snapshot!(rows.join("\n"), @r#"
        - nade digits{"binarize":"static"} 200x32 5 flex
        chain nade chain{"q":0.1} 200x32 7 wgpu:1
        chain nade chain{"q":0.1} 200x32 6 wgpu:1
        chain vae chain{"q":0.1} 3x32 0 wgpu:1
        digits vae digits{"binarize":"dynamic"} 200x16 5 flex
        "#);
    assert_eq!(plan.trials[0].measure[0].name, "nll");
    assert_eq!(plan.trials[4].measure[0].config["k"], 5);
    assert_eq!(plan.device_note.as_deref(), Some("no adapter"));
}

#[test]
fn a_model_can_be_an_axis() {
    let text = "name: g\ndata: digits\ntrain: {epochs: 1}\nvariants:
  - matrix:
      model.hidden: [[8], [16, 8]]
      model: [vae, {name: vae, latent: 2}]
";
    assert_eq!(
        label_list(text),
        "vae hidden=[8], vae hidden=[8] latent=2, vae hidden=[16,8], vae hidden=[16,8] latent=2"
    );
}

#[test]
fn an_inner_axis_replaces_an_outer_one() {
    let text = "name: g\ndata: digits\ntrain: {epochs: 1}\nmatrix: {model.hidden: [1, 2]}\nvariants:
  - model: nade
  - model: nade
    matrix: {model.hidden: [3, 4]}
";
    assert_eq!(label_list(text), "nade hidden=1, nade hidden=2, nade hidden=3, nade hidden=4");
}

#[test]
fn equal_default_labels_get_the_settings_that_differ() {
    let text = "name: g\ntrain: {epochs: 1}\nblocks:
  - data: digits
    variants: &models
      - model: nade
      - model: {name: nade, optim: {lr: 0.5}}
      - model: vae
        matrix: {model.latent: [1, 2]}
  - data: {name: chain, q: 0.1}
    variants: *models
  - data: digits
    device: wgpu
    variants:
      - model: vae
        matrix: {model.latent: [1, 3]}
";
    insta::assert_snapshot!(label_list(text).replace(", ", "\n"), @r"
        nade data=digits
        nade lr=0.5 data=digits
        vae latent=1 data=digits device=auto
        vae latent=2 data=digits
        nade data=chain
        nade lr=0.5 data=chain
        vae latent=1 data=chain device=auto
        vae latent=2 data=chain
        vae latent=1 data=digits device=wgpu
        vae latent=3
        ");
}

#[test]
fn written_labels() {
    let text = "name: g\ndata: digits\ntrain: {epochs: 1}\nvariants:
  - {label: big, model: {name: nade, hidden: 500}}
  - {label: small, model: nade, matrix: {model.hidden: [4, 8]}}
  - label: '{model} on {data} ({data.name}) with {model.hidden}, {train.steps} steps, {model.optim.lr}'
    model: {name: nade, optim: {lr: 0.25}}
";
    assert_eq!(
        label_list(text),
        "big, small hidden=4, small hidden=8, nade on digits (digits) with 100, 100 steps, 0.25"
    );
}

#[test]
fn a_template_may_leave_out_an_axis() {
    let text = "name: g\ntrain: {epochs: 1}\nvariants:
  - label: '{data.name}'
    model: nade
    matrix: {data: [digits, {name: chain, q: 0.5}]}
";
    assert_eq!(label_list(text), "digits, chain");
}

#[test]
fn each_variant_and_each_device_is_resolved_once() {
    let text = "name: g\ndata: digits\ntrain: {epochs: 1}\nseeds: 50\nblocks:
  - variants: [{model: nade, matrix: {model.hidden: [1, 2, 3]}}]
  - device: wgpu
    variants: [{model: vae}]
  - device: wgpu
    variants: [{model: nade}]
";
    let catalog = FakeCatalog::default();
    let grid = parse("g.yaml", text).unwrap();
    assert_eq!(plan(&grid, &catalog, &Overrides::default()).unwrap().trials.len(), 250);
    assert_eq!(catalog.resolved.get(), 5);
    assert_eq!(*catalog.device_requests.borrow(), ["auto", "wgpu"]);
    let catalog = FakeCatalog::default();
    let only = Overrides { only: vec!["hidden=*".into(), "nade hidden=?".into(), "1".into()], ..Overrides::default() };
    assert!(plan(&grid, &catalog, &only).is_err(), "`hidden=*` does not match a whole label");
    assert!(catalog.device_requests.borrow().is_empty(), "no device is resolved for a wrong plan");
    let only = Overrides { only: vec!["*hidden=2".into(), "vae".into()], ..Overrides::default() };
    assert_eq!(labels(&plan(&grid, &catalog, &only).unwrap()), ["nade hidden=2", "vae"]);
}

#[test]
fn the_command_line_overrides_the_grid() {
    let text =
        "name: g\ndata: digits\ntrain: {epochs: 1}\ndevice: wgpu\nseeds: 9\nvariants: [{model: nade, seeds: [4]}]\n";
    let grid = parse("g.yaml", text).unwrap();
    let overrides = Overrides { device: Some("flex".into()), seeds: Some(vec![3, 1]), ..Overrides::default() };
    let plan = plan(&grid, &FakeCatalog::default(), &overrides).unwrap();
    let rows: Vec<_> = plan.trials.iter().map(|trial| (trial.device.as_str(), trial.seed)).collect();
    assert_eq!(rows, [("flex", 3), ("flex", 1)]);
    assert_eq!(plan.device_note, None);
}

#[test]
fn a_device_override_can_make_two_trials_one() {
    let text = "name: g\ndata: digits\ntrain: {epochs: 1}\nblocks:
  - {device: wgpu, variants: [{model: nade}]}
  - {device: flex, variants: [{model: nade}]}
";
    assert_eq!(label_list(text), "nade device=wgpu, nade device=flex");
    let overrides = Overrides { device: Some("flex".into()), ..Overrides::default() };
    let messages = plan(&parse("g.yaml", text).unwrap(), &FakeCatalog::default(), &overrides).unwrap_err();
    assert!(messages.to_string().starts_with("error: the same trial is listed twice"), "{messages}");
}

#[test]
fn facts_have_their_section() {
    let text =
        "name: g\nfacts:\n  - {section: counts, fact: full_joint, pixels: 784}\n  - {fact: full_joint, pixels: 64}\n";
    let plan = planned(text).unwrap();
    let rows: Vec<_> = plan.facts.iter().map(|fact| (fact.section.as_deref(), fact.value.as_str())).collect();
    assert_eq!(rows, [(Some("counts"), "2^784 - 1"), (None, "2^64 - 1")]);
    assert!(plan.trials.is_empty());
}

#[test]
fn mistakes_of_parsing_and_planning_are_reported_together() {
    let text = "name: g\ntrain: 3\ndata: digits\nvariants:\n  - {model: {name: nade, hiden: 1}}\n  - {modle: nade}\n";
    insta::assert_snapshot!(messages(text), @r"
        error: `train` takes a block of settings, not a whole number
         --> g.yaml:2:8
          |
        2 | train: 3
          |        ^
          |
          = help: for example `train: {epochs: 10}`

        error: `hiden` is not known here
         --> g.yaml:5:26
          |
        5 |   - {model: {name: nade, hiden: 1}}
          |                          ^^^^^
          |
          = help: did you mean `hidden`? Allowed: hidden, optim, ordering, orders

        error: the variant has no `model`
         --> g.yaml:6:5
          |
        6 |   - {modle: nade}
          |     ^^^^^^^^^^^^^
          |
          = help: add `model: NAME` or `model: {name: NAME, ...}`

        error: `modle` is not known here
         --> g.yaml:6:6
          |
        6 |   - {modle: nade}
          |      ^^^^^
          |
          = help: did you mean `model`? Allowed: label, model, data, train, measure, seeds, matrix, zip, include, exclude, when
        ");
}

#[test]
fn line_endings_and_a_byte_order_mark_do_not_matter() {
    let text =
        "name: g\ndata: digits\ntrain: {epochs: 1}\nvariants:\n  - model: nade\n    matrix: {model.hidden: [1, 2]}\n";
    let plan = planned(text).unwrap();
    assert_eq!(planned(&text.replace('\n', "\r\n")).unwrap(), plan);
    assert_eq!(planned(&format!("\u{feff}{text}")).unwrap(), plan);
    let broken = format!("\u{feff}{}", text.replace('\n', "\r\n").replace("model: nade", "modle: nade"));
    assert!(messages(&broken).contains("g.yaml:5:5"), "{}", messages(&broken));
}

#[test]
fn a_hundred_thousand_trials() {
    let list = |range: std::ops::Range<u32>| format!("{:?}", range.collect::<Vec<_>>());
    let text = format!(
        "name: g\ndata: digits\ntrain: {{epochs: 1}}\nseeds: 1\nmatrix: {{model.hidden: {}, model.orders: {}}}\nvariants:\n  - model: nade\n    matrix: {{train.batch_size: {}}}\n",
        list(1..101),
        list(1..101),
        list(1..11),
    );
    let plan = planned(&text).unwrap();
    assert_eq!(plan.trials.len(), 100_000);
    assert_eq!(plan.trials[99_999].variant, "nade hidden=100 orders=100 batch_size=10");
}

#[test]
fn labels_show_no_folder_of_the_machine() {
    let grid = |label: &str, paths: &str| {
        label_list(&format!(
            "name: g\ntrain: {{steps: 1}}\ndata: files\nvariants:\n  - {{model: nade{label}, matrix: {{data.path: [{paths}]}}}}\n"
        ))
    };
    let one = "/home/me/pixels, data/pixels";
    assert_eq!(grid("", one), "nade path=…/pixels, nade path=data/pixels");
    assert_eq!(grid(", label: 'on {data.path}'", one), "on …/pixels, on data/pixels");
    assert_eq!(grid("", "data/pixels, ../pixels"), "nade path=data/pixels, nade path=../pixels");
    // As many folders as keep them apart.
    let alike = "/home/me/a/pixels, /home/you/b/pixels";
    assert_eq!(grid(", label: '{data.path}'", alike), "…/a/pixels, …/b/pixels");
    // The author's own words stay.
    assert_eq!(grid(", label: /home/me", one), "/home/me path=…/pixels, /home/me path=data/pixels");
}
