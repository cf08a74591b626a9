//! Captions of the pictures that trials write.

/// Caption of a picture by the name of its file without extension.
pub(super) fn caption(name: &str) -> String {
    let known = match name {
        "data" => "test images",
        "means" => "means of the pixels of samples",
        "nearest" => "samples, and below each the nearest training image",
        "of_captions" => "samples for the captions of the test images",
        "restored" => "restored test images",
        "forth" => "test images in the other domain",
        "back" => "images of the other domain in this one",
        "receptive_field" => {
            "receptive field: the middle pixel (white), pixels on which it depends (light), other earlier pixels (dark)"
        }
        "traversal_category" => "a row per category of the code",
        _ => "",
    };
    match name.strip_prefix("traversal_number_") {
        Some(number) => format!("number {number} of the code from -1 (top) to 1, other codes equal in a column"),
        None if known.is_empty() => name.replace(['_', '-'], " "),
        None => known.to_owned(),
    }
}

/// Returns whether rows of a picture are values of a code. Such a picture loses columns first if it is too large.
pub(super) fn has_rows_of_values(name: &str) -> bool {
    name.starts_with("traversal_")
}

/// Order of pictures: test images and samples first, then by name.
pub(super) fn order(name: &str) -> (usize, String) {
    let first = ["data", "samples", "means"].iter().position(|known| *known == name);
    (first.unwrap_or(usize::MAX), name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_have_captions_in_words() {
        assert_eq!(caption("samples"), "samples");
        assert_eq!(caption("my-own_picture"), "my own picture");
        assert!(caption("traversal_number_2").starts_with("number 2 of the code"));
    }

    #[test]
    fn samples_come_first() {
        let mut names = ["traversal_category", "samples", "back", "data"];
        names.sort_by_key(|name| order(name));
        assert_eq!(names, ["data", "samples", "back", "traversal_category"]);
    }
}
