//! Conditionals depend only on the pixels before them in the ordering.

use data::Split;
use engine::{Autoregressive, Conditionals, GenerativeModel};
use protocol::Support;

use crate::cells::other;
use crate::defect::{Defect, DefectIn, altered};
use crate::law::{Law, Outcome};
use crate::subject::Subject;

pub(super) const CAUSALITY: Law = Law {
    name: "conditionals_depend_on_earlier_pixels_only",
    statement: "Changing a pixel leaves every conditional at or before it in the ordering bit-identical.",
    tolerance: "None: a masked weight contributes exactly nothing.",
    source: "Chain rule of probability; Germain et al., 2015, on masks.",
    in_every_ordering: true,
    check,
    defects: &[
        Defect {
            name: "leak",
            statement: "the mask of the first layer passes the pixel itself, times 1e-5",
            message: "depends on pixel",
            target: DefectIn::Trainer(|trainer| altered(trainer, |model| Altered { model, leak: 1e-5, skip: 0 })),
        },
        Defect {
            name: "missing pixel",
            statement: "the ordering leaves out its first pixel",
            message: "is not an ordering",
            target: DefectIn::Trainer(|trainer| altered(trainer, |model| Altered { model, leak: 0.0, skip: 1 })),
        },
    ],
};

fn check(subject: &Subject<'_>) -> Outcome {
    match subject.capability(|model| model.autoregressive()) {
        Some(model) => is_causal(&subject.data.test.take(64), subject.data.shape.support, model).into(),
        None => Outcome::DoesNotApply("the model is not autoregressive"),
    }
}

fn is_causal(images: &Split, support: Support, model: &dyn Autoregressive) -> Result<(), String> {
    let (ordering, pixels) = (model.ordering(), images.image_len);
    let mut sorted = ordering.clone();
    sorted.sort_unstable();
    if sorted != (0..pixels).collect::<Vec<_>>() {
        return Err(format!("{ordering:?} is not an ordering of {pixels} pixels"));
    }
    let before = model.conditionals(images);
    for (position, &changed) in ordering.iter().enumerate() {
        let mut others = images.clone();
        others.pixels.iter_mut().skip(changed).step_by(pixels).for_each(|pixel| *pixel = other(support, *pixel));
        let after = model.conditionals(&others);
        for &earlier in &ordering[..=position] {
            let bits = |conditionals: &Conditionals, image| {
                conditionals.of(image, earlier).iter().map(|number| number.to_bits()).collect::<Vec<_>>()
            };
            if let Some(image) = (0..images.len()).find(|image| bits(&before, *image) != bits(&after, *image)) {
                return Err(format!(
                    "image {image}: pixel {earlier} depends on pixel {changed}, which is later in the ordering"
                ));
            }
        }
    }
    Ok(())
}

/// Model that adds `leak` times a pixel to its own conditional, and omits the first `skip` pixels of the ordering.
struct Altered {
    model: Box<dyn GenerativeModel>,
    leak: f32,
    skip: usize,
}

impl Altered {
    fn inner(&self) -> &dyn Autoregressive {
        self.model.autoregressive().expect("the model is autoregressive")
    }
}

impl GenerativeModel for Altered {
    fn parameters(&self) -> u64 {
        self.model.parameters()
    }

    fn autoregressive(&self) -> Option<&dyn Autoregressive> {
        self.model.autoregressive().is_some().then_some(self)
    }
}

impl Autoregressive for Altered {
    fn ordering(&self) -> Vec<usize> {
        self.inner().ordering()[self.skip..].to_vec()
    }

    fn conditionals(&self, images: &Split) -> Conditionals {
        let mut conditionals = self.inner().conditionals(images);
        let width = conditionals.family.width();
        for (numbers, pixel) in conditionals.numbers.chunks_exact_mut(width).zip(&images.pixels) {
            numbers[0] += self.leak * pixel;
        }
        conditionals
    }

    fn sample_from(&self, uniforms: &[f32]) -> Split {
        self.inner().sample_from(uniforms)
    }
}
