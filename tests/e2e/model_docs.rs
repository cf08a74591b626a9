//! docs/models.md has the settings and capabilities of each model. GENBENCH_UPDATE_DOCS=1 writes its tables.

pub(crate) mod allowed;
mod boundaries;

use burn::prelude::Device;
use data::DataShape;
use engine::{GenerativeModel, ModelEntry};
use genbench::Registry;
use protocol::Support;
use serde_json::{Value, json};

use crate::bench::read;

const START: &str = "<!-- tables of ";
const END: &str = "<!-- end -->\n";

/// Kinds of data, each with shapes of which a model takes one if it takes the kind.
pub(crate) fn kinds(registry: &Registry) -> Vec<(&'static str, Vec<DataShape>)> {
    let shape = |image: [usize; 3], support: Support| DataShape::new(image, support, [1_000, 100, 100]);
    let known = |name: &str, settings: Value| {
        let entry = registry.data.find(name).expect("registered");
        (entry.open)(&settings, &registry.data).expect("settings of the set").describe().expect("they fit")
    };
    vec![
        ("binary", [[1, 2, 4], [1, 8, 8]].map(|image| shape(image, Support::Binary)).to_vec()),
        ("grey levels", [[1, 2, 4], [1, 8, 8]].map(|image| shape(image, Support::Levels(4))).to_vec()),
        ("RGB levels", [[3, 2, 4], [3, 8, 8]].map(|image| shape(image, Support::Levels(4))).to_vec()),
        ("grey, 0 to 1", vec![shape([1, 8, 8], Support::Continuous)]),
        ("RGB, 0 to 1", vec![shape([3, 8, 8], Support::Continuous)]),
        ("real values", [[1, 2, 4], [1, 8, 8]].map(|image| shape(image, Support::Real)).to_vec()),
        ("captions", vec![known("captions", json!({}))]),
        ("parts", vec![known("puzzle", json!({}))]),
        ("two domains", vec![known("domains", json!({})), known("domains", json!({"pair": "digits"}))]),
    ]
}

/// The capabilities of a model, in words.
fn capabilities(model: &dyn GenerativeModel) -> Vec<&'static str> {
    let all = [
        ("samples", model.sampler().is_some()),
        ("exact density", model.density().is_some()),
        ("conditionals", model.autoregressive().is_some()),
        ("bound on the density", model.bound().is_some()),
        ("features", model.encoder().is_some()),
        ("images of captions", model.conditional().is_some()),
        ("whole images of parts", model.restorer().is_some()),
        ("translations", model.translator().is_some()),
        ("latents and their prior", model.latent_prior().is_some()),
        ("discriminator", model.critic().is_some()),
        ("codes of images", model.coded().is_some()),
        ("posterior of latents", model.latent_variable().is_some()),
        ("differentiable map from noise", model.pushforward().is_some()),
    ];
    all.into_iter().filter_map(|(name, has)| has.then_some(name)).collect()
}

/// A row for each kind of data that the model takes: what its networks can be asked after training on such data.
///
/// Bare images stand for those with captions, parts or a second domain, which a model may ignore.
fn questions(entry: &ModelEntry, kinds: &[(&'static str, Vec<DataShape>)]) -> String {
    let device = Device::flex().autodiff();
    let (mut rows, mut takes_bare) = (String::new(), false);
    for (kind, shapes) in kinds {
        let is_bare =
            shapes.iter().all(|shape| shape.captions.is_none() && shape.parts.is_none() && shape.other.is_none());
        if takes_bare && !is_bare {
            continue;
        }
        let mut each: Vec<Vec<&str>> = Vec::new();
        for settings in (entry.tiny)() {
            if let Some(shape) = shapes.iter().find(|shape| (entry.check)(&settings, shape).is_ok()) {
                let trainer = (entry.build)(&settings, shape, 0, &device).expect("checked settings");
                each.push(capabilities(&*trainer.snapshot()));
            }
        }
        if each.is_empty() {
            continue;
        }
        takes_bare |= is_bare;
        let mut all: Vec<&str> = Vec::new();
        for name in each.iter().flatten() {
            if !all.contains(name) {
                all.push(name);
            }
        }
        let word = |name: &&str| {
            let always = each.iter().all(|one| one.contains(name));
            if always { (*name).to_owned() } else { format!("{name} (some settings)") }
        };
        let words: Vec<String> = all.iter().map(word).collect();
        rows += &format!("| {kind} | {} |\n", if words.is_empty() { "–".to_owned() } else { words.join(", ") });
    }
    format!("| data | can be asked for |\n|---|---|\n{rows}")
}

/// A row for each setting, from the schema.
fn settings(entry: &ModelEntry) -> String {
    let schema = (entry.schema)();
    let defaults = (entry.defaults)();
    let properties = schema["properties"].as_object().cloned().unwrap_or_default();
    let mut rows = String::new();
    for (name, default) in defaults.as_object().expect("a block") {
        let property = &properties[name];
        let meaning =
            property["description"].as_str().unwrap_or_else(|| panic!("{}.{name} has no comment", entry.name));
        let allowed = allowed::allowed(property);
        let meaning = meaning.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
        rows += &format!("| `{name}` | `{default}` | {allowed} | {meaning} |\n");
    }
    if rows.is_empty() {
        return "The model has no settings.\n".to_owned();
    }
    format!("| setting | default | allowed | meaning |\n|---|---|---|---|\n{rows}")
}

#[test]
fn the_tables_of_every_model_are_current() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/models.md");
    let page = read(&path);
    let registry = Registry::built_in();
    let kinds = kinds(&registry);
    let (mut anew, mut rest, mut described) = (String::new(), page.as_str(), Vec::new());
    while let Some(start) = rest.find(START) {
        let start = start + START.len();
        let name = rest[start..].split_once(" -->\n").expect("a name").0;
        let after = rest.split_at(start + name.len() + " -->\n".len()).1;
        let (_, after) = after.split_once(END).expect("a closed block");
        let entry = registry.models.find(name).unwrap_or_else(|_| panic!("`{name}` is no model"));
        anew += &format!("{}{name} -->\n", &rest[..start]);
        anew += &format!("{}\n{}{END}", questions(entry, &kinds), settings(entry));
        (rest, described) = (after, [described, vec![name.to_owned()]].concat());
    }
    anew += rest;
    assert_eq!(
        described,
        registry.models.names().collect::<Vec<_>>(),
        "docs/models.md lacks a section with the lines `<!-- tables of NAME -->` and `<!-- end -->`, or has another order"
    );
    if std::env::var_os("GENBENCH_UPDATE_DOCS").is_some() {
        std::fs::write(&path, anew).expect("written");
        return;
    }
    assert!(anew == page, "docs/models.md is not current; GENBENCH_UPDATE_DOCS=1 writes its tables anew:\n{anew}");
}
