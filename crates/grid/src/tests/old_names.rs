//! Settings under an old name: one warning per place.

use insta::assert_snapshot;
use protocol::{Fact, Problem};
use serde_json::{Value, json};

use super::FakeCatalog;
use crate::catalog::{Catalog, Device, Draft, Resolved, Vocabulary};
use crate::plan::{Overrides, parse_and_plan};

/// The catalog in which `hidden` of `nade` was called `width`.
#[derive(Default)]
struct Renamed(FakeCatalog);

impl Catalog for Renamed {
    fn vocabulary(&self) -> Vocabulary {
        let mut vocabulary = self.0.vocabulary();
        vocabulary.models[0].settings["properties"]["width"] = json!({"deprecated": true, "renamedTo": "hidden"});
        vocabulary
    }

    fn resolve(&self, draft: &Draft) -> Result<Resolved, Vec<Problem>> {
        let mut draft = draft.clone();
        if let Some(width) = draft.model.as_object_mut().and_then(|model| model.remove("width")) {
            draft.model["hidden"] = width;
        }
        self.0.resolve(&draft)
    }

    fn fact(&self, name: &str, config: &Value) -> Result<Vec<Fact>, Vec<Problem>> {
        self.0.fact(name, config)
    }

    fn device(&self, request: &str) -> Result<Device, Problem> {
        self.0.device(request)
    }
}

fn warnings(variants: &str) -> String {
    let text = format!("name: g\ndata: digits\ntrain: {{steps: 1}}\nvariants:\n{variants}");
    let planned = parse_and_plan("g.yaml", &text, &Renamed::default(), &Overrides::default());
    let (grid, _) = planned.unwrap_or_else(|mistakes| panic!("{mistakes}"));
    grid.warnings().to_string()
}

#[test]
fn each_place_with_an_old_name_is_reported_once() {
    assert_eq!(warnings("  - model: {name: nade, hidden: 7}\n"), "");
    assert_snapshot!(warnings("  - {model: nade, matrix: {model.width: [7, 8]}}\n  - model: {name: nade, width: 9}\n"), @r"
    warning: `width` was renamed to `hidden`
     --> g.yaml:5:28
      |
    5 |   - {model: nade, matrix: {model.width: [7, 8]}}
      |                            ^^^^^^^^^^^
      |
      = help: write `hidden`; a later version will refuse `width`

    warning: `width` was renamed to `hidden`
     --> g.yaml:6:25
      |
    6 |   - model: {name: nade, width: 9}
      |                         ^^^^^
      |
      = help: write `hidden`; a later version will refuse `width`
    ");
}
