//! Reader of the attributes of an image: those of the nearest scene, if it is near enough.

use super::grammar::{ATTRIBUTES, Scene, scenes, text};
use super::scene::{JITTERS, render};
use crate::CaptionReader;

/// Largest squared distance of an image to its nearest scene, as a share of the squared norm of the scene. Images that are
/// farther away are unreadable.
const TOO_FAR: f64 = 0.4;

/// All scenes with all shifts.
pub(super) struct Reader {
    scenes: Vec<Scene>,
    rendered: Vec<Rendered>,
}

/// A clean image, stored as the indices of its pixels that are 1; all others are 0.
struct Rendered {
    scene: Scene,
    lit: Vec<usize>,
}

impl Reader {
    pub(super) fn new() -> Self {
        let scenes = scenes();
        let places = scenes.iter().flat_map(|scene| JITTERS.map(|jitter| (*scene, jitter)));
        let rendered = places.map(|(scene, jitter)| {
            let pixels = render(scene, jitter).into_iter().enumerate();
            Rendered { scene, lit: pixels.filter(|(_, pixel)| *pixel > 0.0).map(|(index, _)| index).collect() }
        });
        Self { rendered: rendered.collect(), scenes }
    }
}

impl CaptionReader for Reader {
    fn attributes(&self) -> &'static [&'static str] {
        &ATTRIBUTES
    }

    fn stated(&self, caption: &[u16]) -> Vec<Option<u8>> {
        let scene = self.scenes.iter().find(|scene| scene.caption() == caption);
        scene.map_or_else(|| vec![None; ATTRIBUTES.len()], |scene| scene.attributes())
    }

    fn read(&self, image: &[f32]) -> Option<Vec<Option<u8>>> {
        let own: f64 = image.iter().map(|pixel| f64::from(pixel * pixel)).sum();
        // |x - t|^2 = |x|^2 + |t|^2 - 2 x t, where t is 1 on its lit pixels.
        let squared = |rendered: &Rendered| {
            let product: f64 = rendered.lit.iter().map(|&index| f64::from(image[index])).sum();
            own + rendered.lit.len() as f64 - 2.0 * product
        };
        let distances = self.rendered.iter().map(|rendered| (squared(rendered), rendered));
        let (distance, nearest) = distances.min_by(|(a, _), (b, _)| a.total_cmp(b))?;
        (distance <= TOO_FAR * nearest.lit.len() as f64).then(|| nearest.scene.attributes())
    }

    fn text(&self, caption: &[u16]) -> String {
        text(caption)
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::PIXELS;
    use super::*;

    #[test]
    fn every_clean_scene_is_read_correctly() {
        let reader = Reader::new();
        for scene in scenes() {
            for jitter in JITTERS {
                assert_eq!(reader.read(&render(scene, jitter)), Some(scene.attributes()));
            }
            assert_eq!(reader.stated(&scene.caption()), scene.attributes());
        }
    }

    #[test]
    fn other_images_are_unreadable() {
        let reader = Reader::new();
        for grey in [0.0, 0.3, 1.0] {
            assert_eq!(reader.read(&[grey; PIXELS]), None);
        }
        // One object too many.
        let [left, right] = [0, 1]
            .map(|position| render(Scene::Alike { count: 2, size: 0, colour: 0, shape: 0, position }, JITTERS[0]));
        let both: Vec<f32> = left.iter().zip(&right).map(|(a, b)| a.max(*b)).collect();
        assert_eq!(reader.read(&both), None);
        assert_eq!(reader.read(&[f32::NAN; PIXELS]), None);
    }

    #[test]
    fn a_caption_of_another_grammar_states_nothing() {
        assert!(Reader::new().stated(&[0; 10]).iter().all(Option::is_none));
    }
}
