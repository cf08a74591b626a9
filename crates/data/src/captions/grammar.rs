//! Grammar of the captions, with the scenes that they describe.
//!
//! ```text
//! caption  = ("one" | "two") size colour shape "at" "the" position
//!          | "one" "small" colour shape relation "one" "small" colour shape
//! size     = "small" | "large"
//! colour   = "red" | "green" | "blue" | "yellow"
//! shape    = "square" | "cross" | "ring", with an ending after "two"
//! position = "left" | "right" | "top" | "bottom"
//! relation = "above" | "left" "of"
//! ```

/// All words. The first one pads captions.
pub(super) const WORDS: [&str; 23] = [
    "", "one", "two", "small", "large", "red", "green", "blue", "yellow", "square", "cross", "ring", "squares",
    "crosses", "rings", "at", "the", "left", "right", "top", "bottom", "above", "of",
];
/// Number of words of the longest caption.
pub(super) const CAPTION_LEN: usize = 10;

pub(super) const SIZES: u8 = 2;
pub(super) const COLOURS: u8 = 4;
pub(super) const SHAPES: u8 = 3;
const POSITIONS: u8 = 4;
const RELATIONS: u8 = 2;

const SIZE: [&str; 2] = ["small", "large"];
const COLOUR: [&str; 4] = ["red", "green", "blue", "yellow"];
const SHAPE: [&str; 3] = ["square", "cross", "ring"];
const SHAPE_OF_TWO: [&str; 3] = ["squares", "crosses", "rings"];
const POSITION: [&str; 4] = ["left", "right", "top", "bottom"];

/// Attributes of an image, in the order of [`Scene::attributes`].
pub(super) const ATTRIBUTES: [&str; 8] =
    ["count", "size", "colour", "shape", "position", "relation", "second_colour", "second_shape"];

/// A scene that a caption describes. Numbers are indices into the lists above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scene {
    /// One or two objects of one kind, at a side of the image.
    Alike { count: u8, size: u8, colour: u8, shape: u8, position: u8 },
    /// Two small objects in the centre, the first above (0) or left of (1) the second.
    Related { colour: u8, shape: u8, relation: u8, second_colour: u8, second_shape: u8 },
}

/// Every scene that a caption can describe.
pub(super) fn scenes() -> Vec<Scene> {
    let mut scenes = Vec::new();
    for (colour, shape) in (0..COLOURS).flat_map(|colour| (0..SHAPES).map(move |shape| (colour, shape))) {
        for (count, size) in (1..=2).flat_map(|count| (0..SIZES).map(move |size| (count, size))) {
            scenes.extend((0..POSITIONS).map(|position| Scene::Alike { count, size, colour, shape, position }));
        }
        for (second_colour, second_shape) in (0..COLOURS).flat_map(|c| (0..SHAPES).map(move |s| (c, s))) {
            let related = |relation| Scene::Related { colour, shape, relation, second_colour, second_shape };
            scenes.extend((0..RELATIONS).map(related));
        }
    }
    scenes
}

impl Scene {
    /// Values of [`ATTRIBUTES`] that the caption states.
    pub(super) fn attributes(self) -> Vec<Option<u8>> {
        let mut said = [None; ATTRIBUTES.len()];
        match self {
            Self::Alike { count, size, colour, shape, position } => {
                said[..5].copy_from_slice(&[count, size, colour, shape, position].map(Some));
            }
            Self::Related { colour, shape, relation, second_colour, second_shape } => {
                said[..4].copy_from_slice(&[2, 0, colour, shape].map(Some));
                said[5..].copy_from_slice(&[relation, second_colour, second_shape].map(Some));
            }
        }
        said.to_vec()
    }

    /// The caption of the scene, padded.
    pub(super) fn caption(self) -> [u16; CAPTION_LEN] {
        let words = match self {
            Self::Alike { count, size, colour, shape, position } => {
                let shapes = if count == 1 { SHAPE } else { SHAPE_OF_TWO };
                let (size, colour, shape) =
                    (SIZE[usize::from(size)], COLOUR[usize::from(colour)], shapes[usize::from(shape)]);
                let count = if count == 1 { "one" } else { "two" };
                vec![count, size, colour, shape, "at", "the", POSITION[usize::from(position)]]
            }
            Self::Related { colour, shape, relation, second_colour, second_shape } => {
                let thing =
                    |colour: u8, shape: u8| ["one", SIZE[0], COLOUR[usize::from(colour)], SHAPE[usize::from(shape)]];
                let relation: &[&str] = if relation == 0 { &["above"] } else { &["left", "of"] };
                [&thing(colour, shape), relation, &thing(second_colour, second_shape)].concat()
            }
        };
        let mut caption = [0; CAPTION_LEN];
        for (place, word) in caption.iter_mut().zip(words) {
            *place = WORDS.iter().position(|known| *known == word).unwrap_or_default() as u16;
        }
        caption
    }
}

/// A caption as text.
pub(super) fn text(caption: &[u16]) -> String {
    let words = caption.iter().filter_map(|word| WORDS.get(usize::from(*word))).filter(|word| !word.is_empty());
    words.copied().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn captions_and_attributes_are_unique() {
        let scenes = scenes();
        assert_eq!(scenes.len(), 2 * 2 * 4 * 3 * 4 + 2 * 12 * 12);
        let captions: BTreeSet<_> = scenes.iter().map(|scene| scene.caption()).collect();
        let attributes: BTreeSet<_> = scenes.iter().map(|scene| scene.attributes()).collect();
        assert_eq!([captions.len(), attributes.len()], [scenes.len(); 2]);
    }

    #[test]
    fn captions_read_like_sentences() {
        let scenes = scenes();
        let alike = Scene::Alike { count: 2, size: 1, colour: 0, shape: 2, position: 3 };
        let related = Scene::Related { colour: 3, shape: 0, relation: 1, second_colour: 2, second_shape: 1 };
        assert!(scenes.contains(&alike) && scenes.contains(&related));
        assert_eq!(text(&alike.caption()), "two large red rings at the bottom");
        assert_eq!(text(&related.caption()), "one small yellow square left of one small blue cross");
    }
}
