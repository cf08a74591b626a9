//! Annealed importance sampling of a model, for tests.

use data::Dataset;
use engine::GenerativeModel;
use engine::measure::{Subject, built_in};
use protocol::Measurement;
use serde_json::json;

/// `ais` of 40 test images, and its gap on simulated images.
pub(crate) fn ais(model: &dyn GenerativeModel, data: &Dataset) -> [Measurement; 2] {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path();
    let subject = Subject { model, data, data_sha256: "", seed: 0, dir, cache: dir };
    let measures = built_in();
    let entry = measures.find("ais").expect("registered");
    let settings = json!({"images": 40, "chains": 4, "temperatures": 500, "pilot": 100});
    let spec = entry.spec((entry.resolve)(&settings).expect("settings"));
    let figures = entry.take(&spec, &subject).expect("files are written");
    ["ais", "ais_simulated_gap"].map(|name| figures.iter().find(|figure| figure.name == name).expect(name).clone())
}
