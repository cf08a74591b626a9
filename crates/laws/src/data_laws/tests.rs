use std::sync::atomic::{AtomicU64, Ordering};

use data::{Captions, DataError};
use protocol::Support;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::*;
use crate::data as sets;

#[test]
fn built_in_data_sets_obey() {
    check_data::<data::Chain>();
    check_data::<data::Digits>();
    check_data::<data::CaptionedScenes>();
    check_data_with(&DataEntry::of::<data::Ising>(), &json!({"height": 4, "width": 3, "train": 20}));
}

#[test]
fn the_data_sets_of_the_laws_are_as_declared() {
    let all = [sets::binary(), sets::levels(), sets::real(), sets::cut(), sets::two_domains(), sets::even_binary()];
    for data in all.into_iter().chain([sets::even_levels(), sets::grey_pictures(), sets::rgb_pictures()]) {
        assert_eq!(is_as_declared(&data), Ok(()), "{:?}", data.shape);
    }
}

/// Mistake of a broken data set, as a setting.
#[derive(Clone, Copy, Default, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Wrong {
    #[default]
    Nothing,
    OtherShape,
    OtherImages,
    OtherHash,
    GreyPixel,
    FewerImages,
    UndeclaredLabels,
    LargeLabel,
    MissingTruth,
    LongCaption,
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Broken {
    wrong: Wrong,
}

static CALLS: AtomicU64 = AtomicU64::new(0);

impl DataConfig for Broken {
    const NAME: &'static str = "broken";
    const ABOUT: &'static str = "a data set with a mistake";

    fn describe(&self) -> Result<DataShape, DataError> {
        let shape = self.load()?.shape;
        Ok(if self.wrong == Wrong::OtherShape { DataShape { train: 1, ..shape } } else { shape })
    }

    fn load(&self) -> Result<Dataset, DataError> {
        let mut data = sets::binary();
        let first = &mut data.test.pixels[0];
        match self.wrong {
            Wrong::Nothing | Wrong::OtherShape | Wrong::OtherHash => {}
            Wrong::OtherImages => *first = (CALLS.fetch_add(1, Ordering::Relaxed) % 2) as f32,
            Wrong::GreyPixel => *first = 0.5,
            Wrong::FewerImages => data.validation = data.validation.take(3),
            Wrong::UndeclaredLabels => data.test.labels = Some(vec![0; sets::IMAGES]),
            Wrong::LargeLabel => {
                data.shape.classes = Some(2);
                for split in [&mut data.train, &mut data.validation, &mut data.test] {
                    split.labels = Some(vec![2; sets::IMAGES]);
                }
            }
            Wrong::MissingTruth => data.truth = None,
            Wrong::LongCaption => {
                data = sets::described();
                data.validation.captions = Some(Captions { words: vec![1; 3 * sets::IMAGES], caption_len: 3 });
            }
        }
        Ok(data)
    }

    fn hash(&self) -> Result<String, DataError> {
        let call = if self.wrong == Wrong::OtherHash { CALLS.fetch_add(1, Ordering::Relaxed) } else { 0 };
        Ok(call.to_string())
    }
}

#[test]
fn every_mistake_is_caught() {
    let entry = DataEntry::of::<Broken>();
    assert_eq!(obeys(&entry, &json!({})), Ok(()));
    for (wrong, message) in [
        (Wrong::OtherShape, "described as"),
        (Wrong::OtherImages, "loading twice"),
        (Wrong::OtherHash, "hashing twice"),
        (Wrong::GreyPixel, "a pixel of the test split is 0.5"),
        (Wrong::FewerImages, "the validation split has 3 images"),
        (Wrong::UndeclaredLabels, "the test split has labels: present but not declared"),
        (Wrong::LargeLabel, "labels that are not"),
        (Wrong::MissingTruth, "an exact density is declared but missing"),
        (Wrong::LongCaption, "the validation split has captions that are not"),
    ] {
        let settings = json!({"wrong": wrong});
        let how = obeys(&entry, &settings).expect_err(&settings.to_string());
        assert!(how.contains(message), "{settings}: {how}");
    }
}

#[test]
fn a_pixel_outside_the_support_is_reported_with_the_support() {
    let mut data = sets::levels();
    data.test.pixels[0] = 0.3;
    let how = is_as_declared(&data).expect_err("no level");
    assert_eq!(how, format!("a pixel of the test split is 0.3, outside {} images", Support::Levels(3)));
}

#[test]
#[should_panic(expected = "idx {}: ")]
fn a_data_set_that_cannot_be_described_fails() {
    check_data::<data::Idx>();
}
