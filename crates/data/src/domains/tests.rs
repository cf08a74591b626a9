//! Tests of pairs, halves, and images of other data sets.

use serde_json::{Value, json};

use super::*;

fn load(pair: Pair) -> Dataset {
    Domains { pair, ..Domains::default() }.load().unwrap()
}

fn other(split: &Split) -> &Split {
    split.other.as_deref().unwrap()
}

#[test]
fn validation_and_test_are_pairs_and_training_is_not() {
    for pair in [Pair::Shapes, Pair::Digits] {
        let (config, data) = (Domains { pair, ..Domains::default() }, load(pair));
        let is_pair =
            |split: &Split, i: usize, j: usize| config.translate(split.image(i), &data.shape) == other(split).image(j);
        for split in [&data.validation, &data.test] {
            assert!((0..split.len()).all(|i| is_pair(split, i, i)), "{pair:?}");
        }
        // No training image of A has its partner in B.
        let train = data.train.take(300);
        let all = &data.train;
        assert!((0..train.len()).all(|i| (0..all.len()).all(|j| !is_pair(all, i, j))), "{pair:?}");
    }
}

#[test]
fn an_inverted_digit_has_the_opposite_levels() {
    let config = Domains { pair: Pair::Digits, translation: Some(Translation::Invert), ..Domains::default() };
    let test = config.load().unwrap().test;
    assert!(test.pixels.iter().zip(&other(&test).pixels).all(|(a, b)| a + b == 1.0));
}

#[test]
fn a_selection_includes_the_partners() {
    let test = load(Pair::Shapes).test;
    let some = test.select(&[7, 3]);
    assert_eq!(other(&some).image(1), other(&test).image(3));
    assert_eq!(test.take(5).other.unwrap().len(), 5);
}

#[test]
fn the_domains_differ_and_depend_on_the_seed() {
    let [a, b] = [0, 1].map(|seed| Domains { pair: Pair::Digits, seed, ..Domains::default() }.load().unwrap());
    assert_ne!(a.sha256(), b.sha256());
    let mut same = a.clone();
    same.train.other = b.train.other.clone();
    assert_ne!(same.sha256(), a.sha256(), "the other domain is part of the set");
    let mean = |split: &Split| split.pixels.iter().sum::<f32>() / split.pixels.len() as f32;
    assert!((mean(&a.test) + mean(other(&a.test)) - 1.0).abs() < 1e-5, "inverted");
    let shapes = load(Pair::Shapes);
    assert!(mean(other(&shapes.test)) < 0.7 * mean(&shapes.test), "striped");
}

fn open(written: &Value) -> Result<std::sync::Arc<dyn crate::DataSource>, String> {
    let sets = crate::built_in();
    let set = (sets.find("domains").unwrap().open)(written, &sets).map_err(|problems| problems[0].to_string())?;
    set.describe().map_err(|error| error.to_string())?;
    Ok(set)
}

#[test]
fn the_images_of_a_pair_never_change() {
    let hashes = [
        (Pair::Shapes, 0, "a93429f21e8aab913df6a05a93198ccde70c124aa3468eae29a8a8120aba860c"),
        (Pair::Shapes, 7, "b98ce5cf1f1bdb2eea55fd002e5912a4481fc7bcb49f1c8a1f2785025100dfff"),
        (Pair::Digits, 0, "0b43c77c13f57feb47d3e53e96e0b9a94b063f5979d7a0dc52cd2050040ec642"),
        (Pair::Digits, 7, "b75b6b64d6c32b92d62e064c56dbea5a077f42b4aa04b88974dcfbd87e5f2eaf"),
    ];
    for (pair, seed, hash) in hashes {
        assert_eq!(Domains { pair, seed, ..Domains::default() }.load().unwrap().sha256(), hash, "{pair:?} {seed}");
    }
}

#[test]
fn images_of_another_set_are_divided_and_translated() {
    let cases = [
        (json!("colour_digits"), None),
        (json!({"name": "digits", "binarize": "threshold", "hold_out": 3}), Some(Translation::Slant)),
        (json!({"name": "ising", "height": 5, "width": 3, "train": 11, "validation": 4, "test": 3}), None),
        (json!({"name": "captions", "train": 1, "validation": 1, "test": 1}), Some(Translation::Stripes)),
    ];
    for (data, translation) in cases {
        let mut inner: Nested = serde_json::from_value(data.clone()).unwrap();
        inner.resolve(&crate::built_in()).unwrap();
        let config = Domains { data: Some(inner.clone()), translation, ..Domains::default() };
        let (source, set) = (inner.load().unwrap(), config.load().unwrap());
        assert_eq!(config.describe().unwrap(), set.shape, "{data}");
        assert_eq!((set.shape.train, set.shape.test), (source.shape.train / 2, source.shape.test), "{data}");
        assert_eq!(set.test.pixels, source.test.pixels, "{data}");
        assert_eq!((&set.train.labels, &set.train.captions, set.shape.classes), (&None, &None, None), "{data}");
        for (a, b) in set.test.images().zip(other(&set.test).images()) {
            assert_eq!(config.translate(a, &set.shape), b, "{data}");
        }
        // Every training image goes to one domain, except the last of an odd number.
        let bits = |image: &[f32]| image.iter().map(|pixel| pixel.to_bits()).collect::<Vec<_>>();
        let translated = |image: &[f32]| bits(&config.translate(image, &set.shape));
        let mut of_b: Vec<_> = other(&set.train).images().map(bits).collect();
        let mut left: Vec<_> = source.train.images().map(|image| (bits(image), translated(image))).collect();
        for image in set.train.images().map(bits) {
            left.swap_remove(left.iter().position(|(a, _)| *a == image).expect("an image of the set"));
        }
        for (_, b) in left {
            if let Some(at) = of_b.iter().position(|one| *one == b) {
                of_b.swap_remove(at);
            }
        }
        assert!(of_b.is_empty(), "{data}");
    }
}

#[test]
fn impossible_images_and_translations_are_refused() {
    let refusal = |written: Value| open(&written).err().unwrap();
    assert_eq!(refusal(json!({"data": "domains"})), "data: the images of this data set already have a second domain");
    assert_eq!(
        refusal(json!({"data": "linear_gaussian"})),
        "data: pixels that are any real numbers cannot be inverted"
    );
    assert_eq!(
        refusal(json!({"data": {"name": "chain", "train": 1}})),
        "data: 1 training image cannot be divided between two domains"
    );
    assert_eq!(
        refusal(json!({"data": {"name": "digits", "binarize": "dynamic"}})),
        "data: with dynamic binarization the pixels of a batch would differ from those that were translated"
    );
    assert_eq!(refusal(json!({"data": "digits", "pair": "digits"})), "pair: the images are those of `data`");
    let stripes = "translation: a quarter of a pixel is not in the support of these images, 17_levels";
    assert_eq!(refusal(json!({"pair": "digits", "translation": "stripes"})), stripes);
    assert_eq!(refusal(json!({"data": "digits", "translation": "stripes"})), stripes);
    assert!(refusal(json!({"data": "digts"})).starts_with("data.name: `digts` is not known here"));
    assert!(refusal(json!({"dta": "digits"})).starts_with("dta: `dta` is not known here"));
}

#[test]
fn settings_that_were_added_leave_earlier_ids_unchanged() {
    let settings = |written: Value| open(&written).unwrap().settings();
    let earlier = json!({"pair": "shapes", "seed": 0});
    assert_eq!(settings(json!({})), earlier);
    assert_eq!(settings(json!({"data": null, "translation": null})), earlier);
    assert_eq!(settings(earlier.clone()), earlier);
    let slanted = json!({"pair": "shapes", "seed": 0, "translation": "slant"});
    assert_eq!(settings(slanted.clone()), slanted);
    let nested = settings(json!({"data": "digits"}));
    assert_eq!(nested["data"]["name"], "digits");
    assert_eq!(settings(nested.clone()), nested);
    let cut = crate::built_in();
    let puzzle = (cut.find("puzzle").unwrap().resolve)(&json!({"data": "domains"}), &cut).unwrap();
    assert_eq!(puzzle["data"], json!({"name": "domains", "pair": "shapes", "seed": 0}));
}
