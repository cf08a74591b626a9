//! Near copies of memorised images, new images and white noise, in binary and in grey pixels.

use std::path::Path;

use data::{DataShape, Dataset, Noise};
use protocol::Support;

use super::*;
use crate::measure::ControlModels;
use crate::measure::MeasureEntry;
use crate::{GenerativeModel, Sampler};

const PIXELS: usize = 64;
const COUNTS: [usize; 3] = [60, 200, 200];

#[test]
fn a_copy_is_at_distance_zero() {
    let split = |pixels: &[f32]| Split::new(pixels.to_vec(), 2);
    let train = split(&[0.0, 0.0, 1.0, 1.0]);
    assert_eq!(nearest(&split(&[1.0, 1.0, 0.0, 1.0]), &train), [0.0, 1.0]);
    assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
    assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
}

/// Images around one of eight templates.
fn images(support: Support, count: usize, noise: &mut Noise) -> Split {
    let mut templates = Noise::new(7, "templates", 0);
    let templates: Vec<f32> = templates.uniforms(8 * PIXELS);
    let mut image = || {
        let at = noise.below(8) * PIXELS;
        let template = &templates[at..at + PIXELS];
        match support {
            Support::Binary => template
                .iter()
                .map(|pixel| f32::from(u8::from((*pixel > 0.5) != noise.bernoulli(0.15))))
                .collect::<Vec<_>>(),
            _ => template.iter().map(|pixel| (pixel + 0.2 * noise.normal() as f32).clamp(0.0, 1.0)).collect(),
        }
    };
    Split::new((0..count).flat_map(|_| image()).collect(), PIXELS)
}

/// A way to draw images.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Drawn {
    /// New images of the distribution.
    New,
    /// Three training images, each pixel a little off: what a generator that has memorised them draws.
    Memorised,
    Noise,
}

struct Toy {
    drawn: Drawn,
    support: Support,
    train: Split,
}

impl GenerativeModel for Toy {
    fn parameters(&self) -> u64 {
        0
    }
    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }
}

impl Sampler for Toy {
    fn support(&self) -> Support {
        self.support
    }
    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        match self.drawn {
            Drawn::New => images(self.support, count, noise),
            Drawn::Noise => {
                Split::new(noise.uniforms(count * PIXELS).iter().map(|pixel| pixel.round()).collect(), PIXELS)
            }
            Drawn::Memorised => {
                let chosen: Vec<usize> = (0..count).map(|_| noise.below(3)).collect();
                let off = if self.support == Support::Binary { 0.0 } else { 0.02 };
                let pixels = self.train.select(&chosen).pixels.into_iter();
                Split::new(pixels.map(|pixel| pixel + off * noise.normal() as f32).collect(), PIXELS)
            }
        }
    }
}

fn figures(support: Support, drawn: Drawn) -> Vec<Measurement> {
    let names = ["train", "validation", "test"];
    let splits = [0, 1, 2].map(|at: usize| images(support, COUNTS[at], &mut Noise::new(0, names[at], 0)));
    let data = Dataset::new(DataShape::new([1, 8, 8], support, COUNTS), splits);
    let (model, dir) = (&Toy { drawn, support, train: data.train.clone() }, tempfile::tempdir().unwrap());
    let subject = Subject { model, data: &data, data_sha256: "", seed: 0, dir: dir.path(), cache: Path::new("") };
    let entry = MeasureEntry::of::<Copies>();
    entry.take_with(&entry.spec((entry.defaults)()), &subject, &ControlModels::none()).unwrap()
}

#[test]
fn memorised_images_are_caught_in_binary_and_in_grey_pixels_and_new_images_are_not() {
    for support in [Support::Binary, Support::Continuous] {
        let value = |drawn, name: &str| {
            let figures = figures(support, drawn);
            figures.iter().find(|figure| figure.name == name).unwrap().value.unwrap()
        };
        assert!(value(Drawn::Memorised, "near_copies") > 0.99, "{support}");
        assert!(value(Drawn::Memorised, "copy_ratio") < 0.3, "{support}");
        for (drawn, most) in [(Drawn::New, 0.12), (Drawn::Noise, 0.05)] {
            let share = value(drawn, "near_copies");
            assert!(share <= most, "{support} {drawn:?}: {share}");
        }
        assert!(value(Drawn::New, "near_copies_real") <= 0.12, "{support}");
        assert_eq!(value(Drawn::New, "near_copies_memoriser"), 1.0, "{support}");
        assert_eq!(value(Drawn::New, "copy_ratio_memoriser"), 0.0, "{support}");
    }
    // Exact equality misses the copies in grey pixels.
    let grey = figures(Support::Continuous, Drawn::Memorised);
    assert_eq!(grey.iter().find(|figure| figure.name == "copies").unwrap().value, Some(0.0));
}
