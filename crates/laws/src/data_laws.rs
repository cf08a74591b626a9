//! Laws of data sets.

use data::{DataConfig, DataEntry, DataShape, Dataset, Split};
use serde_json::{Value, json};

use crate::cells::is_on;

/// Tests a data set with its default settings against the laws of data. Call it in your own test.
///
/// - Empty settings resolve to the defaults, and an unknown key is refused by name.
/// - The shape for planning equals the shape of the loaded data.
/// - Splits have the declared size, and the declared labels, captions, parts and second domain.
/// - The pixels that a model receives are in the support: exactly 0 or 1, within 1e-4 of a level, finite.
/// - Loading twice gives identical data, and hashing twice gives the same hash, also while loading.
/// - An exact density exists exactly if it is declared, and a reader of captions exactly if captions are declared.
///
/// # Panics
/// If a law is broken; the message lists data set, settings and law.
///
/// ```
/// laws::check_data::<data::Chain>();
/// ```
pub fn check_data<D: DataConfig>() {
    let entry = DataEntry::of::<D>();
    check_data_with(&entry, &json!({}));
}

/// Tests a data set with your own settings, such as a path, as [`check_data`].
///
/// # Panics
/// If a law is broken; the message lists data set, settings and law.
pub fn check_data_with(entry: &DataEntry, settings: &Value) {
    if let Err(how) = obeys(entry, settings) {
        panic!("{} {settings}: {how}", entry.name);
    }
}

fn obeys(entry: &DataEntry, settings: &Value) -> Result<(), String> {
    let defaults = (entry.defaults)();
    // A data set that nests others can use the built-in ones and itself.
    let mut sets = data::built_in();
    let _ = sets.insert(*entry);
    if (entry.resolve)(&json!({}), &sets).as_ref() != Ok(&defaults) {
        return Err(format!("empty settings do not resolve to the defaults, {defaults}"));
    }
    match (entry.resolve)(&json!({"no_such_setting": 1}), &sets) {
        Err(problems) if problems.iter().any(|problem| problem.path == "no_such_setting") => {}
        other => return Err(format!("the unknown key `no_such_setting` is not refused by name: {other:?}")),
    }
    let source = (entry.open)(settings, &sets).map_err(|problems| format!("settings are refused: {problems:?}"))?;
    let load = || source.load().map_err(|error| format!("not loaded: {error}"));
    let hash = || source.hash().map_err(|error| format!("not hashed: {error}"));
    let shape = source.describe().map_err(|error| format!("not described: {error}"))?;
    let (first, second) = (load()?, load()?);
    if shape != first.shape {
        return Err(format!("described as {shape:?}, loaded as {:?}", first.shape));
    }
    if first.sha256() != second.sha256() {
        return Err("loading twice gives different images".to_owned());
    }
    if hash()? != hash()? {
        return Err("hashing twice gives different hashes".to_owned());
    }
    if first.files_hash.as_ref().is_some_and(|read| Ok(read) != hash().as_ref()) {
        return Err("the hash of the bytes that were loaded is not that of the files".to_owned());
    }
    is_as_declared(&first)
}

/// Compares a loaded data set with its shape.
fn is_as_declared(data: &Dataset) -> Result<(), String> {
    let shape = &data.shape;
    let all: Vec<_> = (0..shape.train).collect();
    // The batch that a model receives. Under dynamic binarization the stored training images are grey.
    let batch = data.batch(&all, 3);
    for (name, split, count, is_in_support) in [
        ("training batch", &batch, shape.train, true),
        ("training", &data.train, shape.train, false),
        ("validation", &data.validation, shape.validation, true),
        ("test", &data.test, shape.test, true),
    ] {
        split_is_as_declared(split, shape, count).map_err(|how| format!("the {name} split {how}"))?;
        if let Some(pixel) = split.pixels.iter().find(|pixel| is_in_support && !is_on(shape.support, **pixel)) {
            return Err(format!("a pixel of the {name} split is {pixel}, outside {} images", shape.support));
        }
    }
    if data.truth.is_some() != shape.exact {
        return Err(format!("an exact density is {}", declared(shape.exact)));
    }
    if data.reader.is_some() != shape.captions.is_some() {
        return Err(format!("a reader of captions is {}", declared(shape.captions.is_some())));
    }
    Ok(())
}

fn declared(is: bool) -> &'static str {
    if is { "declared but missing" } else { "present but not declared" }
}

fn split_is_as_declared(split: &Split, shape: &DataShape, count: usize) -> Result<(), String> {
    let pixels = shape.pixels();
    if count == 0 || split.len() != count || split.image_len != pixels || split.pixels.len() != count * pixels {
        return Err(format!("has {} images of {} pixels, not {count} of {pixels}", split.len(), split.image_len));
    }
    for (what, is, should) in [
        ("labels", split.labels.is_some(), shape.classes.is_some()),
        ("captions", split.captions.is_some(), shape.captions.is_some()),
        ("parts", split.parts.is_some(), shape.parts.is_some()),
        ("a second domain", split.other.is_some(), shape.other.is_some()),
    ] {
        if is != should {
            return Err(format!("has {what}: {}", declared(should)));
        }
    }
    if let (Some(labels), Some(classes)) = (&split.labels, shape.classes) {
        let fits = labels.len() == count && labels.iter().all(|label| usize::from(*label) < classes);
        fits.then_some(()).ok_or(format!("has labels that are not {count} of {classes} classes"))?;
    }
    if let (Some(captions), Some(expected)) = (&split.captions, shape.captions) {
        let fits = (captions.rows().len(), captions.caption_len) == (count, expected.words)
            && captions.words.iter().all(|word| usize::from(*word) < expected.vocabulary);
        fits.then_some(()).ok_or(format!("has captions that are not {count} of {expected:?}"))?;
    }
    if let (Some(parts), Some(cut)) = (&split.parts, shape.parts) {
        let fits = (parts.count, parts.part_len) == (cut.count, shape.channels * cut.side * cut.side)
            && (parts.rows().len(), parts.masks().len()) == (count, count)
            && (parts.mask_len, parts.places.len()) == (shape.height * shape.width, count * cut.count);
        fits.then_some(()).ok_or(format!("has parts that are not {count} of {cut:?}"))?;
    }
    if let (Some(other), Some(sides)) = (&split.other, shape.other) {
        let fits = (other.len(), other.image_len) == (count, sides.iter().product())
            && other.pixels.iter().all(|pixel| is_on(shape.support, *pixel));
        fits.then_some(()).ok_or(format!("has a second domain that is not {count} of {sides:?}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
