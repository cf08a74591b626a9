//! A class that is left out of all splits and kept aside: what a model has never seen.

use protocol::Problem;

use crate::{DataError, Split};

/// The setting's name.
const SETTING: &str = "hold_out";

/// Refuses to hold out `class` where the labels of the test images are not known or none is of it,
/// or all are.
pub(crate) fn check(class: u16, labels: Option<impl IntoIterator<Item = u16>>) -> Result<(), DataError> {
    let Some(labels) = labels else {
        return Err(Problem::new(SETTING, "the images have no labels to tell a class by")
            .help("put the label files beside the images, or leave the setting out")
            .into());
    };
    let mut classes: Vec<u16> = labels.into_iter().collect();
    classes.sort_unstable();
    classes.dedup();
    if !classes.contains(&class) {
        let classes: Vec<_> = classes.iter().map(u16::to_string).collect();
        return Err(Problem::new(SETTING, format!("there is no test image of class {class}"))
            .help(format!("one of {}", classes.join(", ")))
            .into());
    }
    if classes.len() == 1 {
        return Err(Problem::new(SETTING, format!("all test images are of class {class}")).into());
    }
    Ok(())
}

/// The images that are not of `class`, and those that are. Where there are no labels, none is.
pub(crate) fn part(split: &Split, class: u16) -> (Split, Split) {
    let is_held = |index: &usize| split.labels.as_ref().is_some_and(|labels| labels[*index] == class);
    let (held, kept): (Vec<usize>, Vec<usize>) = (0..split.len()).partition(is_held);
    (split.select(&kept), split.select(&held))
}

/// One part after the other, all of images of one size and with labels.
pub(crate) fn join(parts: &[Split]) -> Split {
    let pixels = parts.iter().flat_map(|part| &part.pixels).copied().collect();
    let image_len = parts.iter().map(|part| part.image_len).max().unwrap_or_default();
    let labels = parts.iter().flat_map(|part| part.labels.iter().flatten()).copied().collect();
    Split { labels: Some(labels), ..Split::new(pixels, image_len) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parting_loses_and_moves_nothing(labels in proptest::collection::vec(0u16..4, 0..40), class in 0u16..4) {
            let numbers: Vec<f32> = (0..labels.len()).map(|index| index as f32).collect();
            let split = Split { labels: Some(labels.clone()), ..Split::new(numbers.clone(), 1) };
            let (kept, held) = part(&split, class);
            prop_assert!(kept.pixels.is_sorted() && held.pixels.is_sorted());
            prop_assert!(held.labels.iter().flatten().all(|label| *label == class));
            prop_assert!(kept.labels.iter().flatten().all(|label| *label != class));
            let mut all = join(&[kept, held]).pixels;
            all.sort_by(f32::total_cmp);
            prop_assert_eq!(all, numbers);
        }
    }
}
