//! A data set of another crate nests in the built-in ones: `puzzle` and `domains`.

use data::{DataConfig, DataEntry, DataError, DataShape, Dataset, Split, built_in};
use protocol::{Problem, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Images whose pixels grow along the raster.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Ramps {
    /// Rows and columns.
    side: usize,
}

impl Default for Ramps {
    fn default() -> Self {
        Self { side: 6 }
    }
}

impl DataConfig for Ramps {
    const NAME: &'static str = "ramps";
    const ABOUT: &'static str = "pixels that grow along the raster";
    const VERSION: u32 = 7;

    fn describe(&self) -> Result<DataShape, DataError> {
        if self.side > 100 {
            return Err(Problem::new("side", "out of range").help("at most 100").into());
        }
        Ok(DataShape::new([1, self.side, self.side], Support::Continuous, [3, 2, 1]))
    }

    fn load(&self) -> Result<Dataset, DataError> {
        let shape = self.describe()?;
        let pixels = shape.pixels();
        let split = |count: usize| {
            Split::new((0..count * pixels).map(|at| (at % pixels) as f32 / pixels as f32).collect(), pixels)
        };
        Ok(Dataset::new(shape, [split(shape.train), split(shape.validation), split(shape.test)]))
    }
}

#[test]
fn a_foreign_set_is_resolved_loaded_and_identified_inside_a_puzzle() {
    let mut sets = built_in();
    sets.insert(DataEntry::of::<Ramps>()).unwrap();
    let puzzle = sets.find("puzzle").unwrap();
    let set = (puzzle.open)(&json!({"data": "ramps", "parts": 1}), &sets).unwrap();
    assert_eq!(set.settings()["data"], json!({"name": "ramps", "side": 6}));
    let loaded = set.load().unwrap();
    assert_eq!((loaded.shape, loaded.test.parts.unwrap().count), (set.describe().unwrap(), 1));
    assert_eq!(set.hash().unwrap(), "ramps/7/");
}

#[test]
fn a_foreign_set_is_resolved_loaded_and_identified_inside_domains() {
    let mut sets = built_in();
    sets.insert(DataEntry::of::<Ramps>()).unwrap();
    let domains = sets.find("domains").unwrap();
    for (translation, last) in [("slant", 0.5), ("stripes", 0.125)] {
        let written = json!({"data": {"name": "ramps", "side": 2}, "translation": translation});
        let set = (domains.open)(&written, &sets).unwrap();
        assert_eq!(set.settings()["data"], json!({"name": "ramps", "side": 2}));
        let loaded = set.load().unwrap();
        assert_eq!((loaded.shape, loaded.shape.other), (set.describe().unwrap(), Some([1, 2, 2])));
        assert_eq!((loaded.train.len(), loaded.validation.len(), loaded.test.len()), (1, 2, 1));
        let others = loaded.test.other.unwrap();
        assert_eq!((loaded.test.pixels[2], others.pixels[2]), (0.5, last));
        assert_eq!(set.hash().unwrap(), "ramps/7/");
        assert_eq!(loaded.train.other.unwrap().pixels, others.pixels);
    }
    let one = (domains.open)(&json!({"data": "rampz"}), &sets).err().unwrap();
    assert_eq!(one[0].path, "data.name");
    assert!(one[0].help.as_ref().unwrap().starts_with("did you mean `ramps`?"), "{one:?}");
}

#[test]
fn mistakes_inside_keep_their_paths_and_the_foreign_name_is_suggested() {
    let mut sets = built_in();
    let written = json!({"data": "rampz"});
    let open = |sets: &data::DataSets, written| (sets.find("puzzle").unwrap().open)(written, sets).err().unwrap();
    assert!(!open(&sets, &written)[0].help.as_ref().unwrap().contains("ramps"), "not built in");
    sets.insert(DataEntry::of::<Ramps>()).unwrap();
    let problem = &open(&sets, &written)[0];
    assert_eq!(problem.path, "data.name");
    assert!(problem.help.as_ref().unwrap().starts_with("did you mean `ramps`?"), "{problem:?}");
    assert_eq!(open(&sets, &json!({"data": {"name": "ramps", "sides": 3}}))[0].path, "data.sides");
    let wide = (sets.find("puzzle").unwrap().open)(&json!({"data": {"name": "ramps", "side": 101}}), &sets).unwrap();
    assert_eq!(wide.describe().unwrap_err().to_string(), "data.side: out of range");
}

#[test]
fn a_nested_set_that_was_not_looked_up_is_an_error() {
    let puzzle: data::Puzzle = serde_json::from_value(json!({"data": "digits"})).unwrap();
    assert!(puzzle.describe().unwrap_err().to_string().contains("resolve_nested"));
    assert!(data::Puzzle::default().describe().is_ok());
}
