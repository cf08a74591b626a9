//! Holding out a class: its images are in no split, so that no model trains on them.

use protocol::Problem;

use crate::{DataError, Split};

/// Name of the setting.
const SETTING: &str = "hold_out";

/// Refuses a `class` if the test images have no labels, if none of them has this class, or if all have it.
pub(crate) fn check(class: u16, labels: Option<impl IntoIterator<Item = u16>>) -> Result<(), DataError> {
    let Some(labels) = labels else {
        return Err(Problem::new(SETTING, "the images have no labels")
            .help("add the label files to the folder of the images, or remove the setting")
            .into());
    };
    let mut classes: Vec<u16> = labels.into_iter().collect();
    classes.sort_unstable();
    classes.dedup();
    if !classes.contains(&class) {
        let classes: Vec<_> = classes.iter().map(u16::to_string).collect();
        return Err(Problem::new(SETTING, format!("no test image has class {class}"))
            .help(format!("allowed: {}", classes.join(", ")))
            .into());
    }
    if classes.len() == 1 {
        return Err(Problem::new(SETTING, format!("all test images have class {class}")).into());
    }
    Ok(())
}

/// Splits the images into those that are not of `class` and those that are. Images without labels are not of `class`.
pub(crate) fn part(split: &Split, class: u16) -> (Split, Split) {
    let is_held = |index: &usize| split.labels.as_ref().is_some_and(|labels| labels[*index] == class);
    let (held, kept): (Vec<usize>, Vec<usize>) = (0..split.len()).partition(is_held);
    (split.select(&kept), split.select(&held))
}

/// Joins parts in order. All must have labels and images of one size.
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
        fn parts_keep_all_images_in_order(labels in proptest::collection::vec(0u16..4, 0..40), class in 0u16..4) {
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
