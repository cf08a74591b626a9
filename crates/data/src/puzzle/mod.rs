//! Parts cut out of the images of another data set, without their positions.
//!
//! The rule (`windows`): the window with the largest variance is cut out first, then the window with the largest variance
//! among those that do not overlap it, and so on. The paper uses the most prominent object proposals instead, which these
//! images do not have.
//!
//! Lee, Lim, Ahn, Yoo and Lee, 2018, Key Patch GAN (Unsupervised Holistic Image Generation from Key
//! Local Patches), section 3.1.

mod windows;

use std::path::PathBuf;

use protocol::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::whole;
use crate::nested::Nested;
use crate::{DataConfig, DataError, DataSets, DataShape, Dataset, Digits, PartShape, Parts, Split};

/// Settings of `puzzle`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Puzzle {
    /// Images: the name of a data set, or a block with `name` and settings.
    pub data: Nested,
    /// Number of parts per image.
    #[schemars(range(min = 1))]
    pub parts: usize,
    /// Side of a part in pixels.
    #[schemars(range(min = 1))]
    pub side: usize,
}

impl Default for Puzzle {
    fn default() -> Self {
        Self { data: Nested::of::<Digits>(), parts: 3, side: 3 }
    }
}

impl DataConfig for Puzzle {
    const NAME: &'static str = "puzzle";
    const ABOUT: &'static str = "images of any data set with parts cut out; a model infers the positions";

    fn resolve_nested(&mut self, sets: &DataSets) -> Result<(), Vec<Problem>> {
        let under = |problem: Problem| problem.under("data");
        self.data.resolve(sets).map_err(|problems| problems.into_iter().map(under).collect())
    }

    fn describe(&self) -> Result<DataShape, DataError> {
        let shape = self.data.describe()?;
        if shape.parts.is_some() {
            return Err(Problem::new("data", "the images of this data set already have parts").into());
        }
        self.data.refuse_dynamic("those of the parts")?;
        let smaller = shape.height.min(shape.width);
        whole("side", self.side, 1..smaller, &format!("1 to {} for these images", smaller - 1))?;
        let most = windows::max_count(shape.height, shape.width, self.side);
        whole("parts", self.parts, 1..=most, &format!("1 to {most}, so that parts do not overlap"))?;
        Ok(DataShape { parts: Some(PartShape { count: self.parts, side: self.side }), ..shape })
    }

    fn load(&self) -> Result<Dataset, DataError> {
        let shape = self.describe()?;
        let data = self.data.load()?;
        let cut = |split: Split| self.cut(split, &shape);
        Ok(Dataset {
            shape,
            train: cut(data.train),
            validation: cut(data.validation),
            test: cut(data.test),
            held_out: data.held_out.map(cut),
            ..data
        })
    }

    fn hash(&self) -> Result<String, DataError> {
        self.data.hash()
    }

    fn files(&self) -> Result<Vec<PathBuf>, DataError> {
        self.data.files()
    }

    fn reading(&self) -> Result<String, DataError> {
        self.data.reading()
    }

    fn path_settings(&self) -> Vec<String> {
        self.data.path_settings("data")
    }
}

impl Puzzle {
    fn cut(&self, split: Split, shape: &DataShape) -> Split {
        let plane = shape.height * shape.width;
        let mut parts = Parts {
            count: self.parts,
            part_len: shape.channels * self.side * self.side,
            mask_len: plane,
            masks: vec![0.0; plane * split.len()],
            ..Parts::default()
        };
        for (image, mask) in split.images().zip(parts.masks.chunks_exact_mut(plane)) {
            for [top, left] in windows::choose(image, shape, self.side, self.parts) {
                parts.places.push([top as u16, left as u16]);
                let rows = |channel: usize| (top..top + self.side).map(move |row| channel * plane + row * shape.width);
                for first in (0..shape.channels).flat_map(rows) {
                    parts.pixels.extend(&image[first + left..][..self.side]);
                }
                for first in rows(0) {
                    mask[first + left..][..self.side].fill(1.0);
                }
            }
        }
        Split { parts: Some(parts), ..split }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn resolve(written: &serde_json::Value) -> Result<serde_json::Value, Vec<Problem>> {
        let sets = crate::built_in();
        (sets.find("puzzle").unwrap().resolve)(written, &sets)
    }

    fn nested(written: serde_json::Value) -> Nested {
        let mut nested: Nested = serde_json::from_value(written).unwrap();
        nested.resolve(&crate::built_in()).unwrap();
        nested
    }

    #[test]
    fn parts_equal_the_image_at_their_positions_and_masks_are_their_union() {
        for data in ["digits", "colour_digits"] {
            let config = Puzzle { data: nested(json!(data)), ..Puzzle::default() };
            let set = config.load().unwrap();
            let (shape, parts) = (set.shape, set.test.parts.as_ref().unwrap());
            for (index, image) in set.test.images().enumerate() {
                let mask = parts.masks().nth(index).unwrap();
                assert_eq!(mask.iter().sum::<f32>(), 27.0, "three parts of nine pixels, none shared");
                for part in 0..3 {
                    let [top, left] = parts.places[3 * index + part].map(usize::from);
                    let pixels = &parts.pixels[(3 * index + part) * parts.part_len..][..parts.part_len];
                    for (at, pixel) in pixels.iter().enumerate() {
                        let (channel, row, column) = (at / 9, top + at % 9 / 3, left + at % 3);
                        assert_eq!(*pixel, image[channel * shape.height * shape.width + row * shape.width + column]);
                        assert_eq!(mask[row * shape.width + column], 1.0);
                    }
                }
            }
            let some = set.test.select(&[5, 2]).parts.unwrap();
            assert_eq!(some.places[..3], parts.places[15..18]);
            assert_eq!(some.rows().nth(1), parts.rows().nth(2));
        }
    }

    #[test]
    fn settings_of_the_images_are_resolved_in_place() {
        let resolved = resolve(&json!({"data": "digits"})).unwrap();
        assert_eq!(resolved["data"]["binarize"], "none");
        assert_eq!(resolve(&resolved), Ok(resolved.clone()));
        let named = resolve(&json!({"data": {"name": "idx", "path": "here"}})).unwrap();
        assert_eq!((&named["data"]["name"], &named["data"]["path"]), (&json!("idx"), &json!("here")));
        let message = |written| resolve(&written).unwrap_err().swap_remove(0).to_string();
        assert!(message(json!({"data": "digts"})).starts_with("data.name: `digts` is not known here"));
        let unknown = message(json!({"data": {"name": "digits", "hold": 3}}));
        assert!(unknown.starts_with("data.hold: `hold` is not known here"), "{unknown}");
        assert!(message(json!({"data": {"hold_out": 3}})).starts_with("data: the data set has no `name`"));
        let both = resolve(&json!({"data": "digts", "parts": "two"})).unwrap_err();
        assert_eq!(both.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["parts", "data.name"]);
        assert_eq!(
            message(json!({"data": 3})),
            "data: expected the name of a data set or a block with a `name`, found 3"
        );
    }

    #[test]
    fn impossible_parts_are_refused() {
        let message = |config: &Puzzle| config.describe().unwrap_err().to_string();
        assert_eq!(message(&Puzzle { parts: 5, ..Puzzle::default() }), "parts: 5 is out of range");
        assert_eq!(message(&Puzzle { side: 8, ..Puzzle::default() }), "side: 8 is out of range");
        let twice = Puzzle { data: nested(json!("puzzle")), ..Puzzle::default() };
        assert_eq!(message(&twice), "data: the images of this data set already have parts");
        let dynamic = Puzzle { data: nested(json!({"name": "digits", "binarize": "dynamic"})), ..Puzzle::default() };
        assert_eq!(
            message(&dynamic),
            "data: with dynamic binarization the pixels of a batch would differ from those of the parts"
        );
        let inside = Puzzle { data: nested(json!({"name": "colour_digits", "levels": 1})), ..Puzzle::default() };
        assert_eq!(message(&inside), "data.levels: 1 is out of range");
    }
}
