//! Fast autoregressive sampling equals naive sampling.

use data::{Noise, Split};
use engine::{Autoregressive, Conditionals, GenerativeModel};
use protocol::Support;

use crate::defect::{Defect, DefectIn, altered};
use crate::law::{Law, Outcome};
use crate::subject::Subject;

/// Largest difference of real-valued draws.
const REAL_TOLERANCE: f32 = 1e-4;

pub(super) const INCREMENTAL: Law = Law {
    name: "incremental_sampling_equals_naive_sampling",
    statement: "From the same uniform numbers, fast sampling draws the same images as one full pass per pixel.",
    tolerance: "None for discrete pixels; 1e-4 for real values, whose sums are rounded in another order.",
    source: "Contract of `Autoregressive::sample_from`.",
    in_every_ordering: true,
    check: is_naive,
    defects: &[Defect {
        name: "state never updated",
        statement: "every pixel is drawn as if all pixels before it were 0",
        message: "differs",
        target: DefectIn::Trainer(|trainer| altered(trainer, Stateless)),
    }],
};

fn is_naive(subject: &Subject<'_>) -> Outcome {
    let Some(model) = subject.capability(|model| model.autoregressive()) else {
        return Outcome::DoesNotApply("the model is not autoregressive");
    };
    let uniforms = Noise::new(5, "law", 0).uniforms(200 * subject.pixels());
    let (fast, naive) = (model.sample_from(&uniforms), model.sample_naive(&uniforms));
    let tolerance = if subject.data.shape.support == Support::Real { REAL_TOLERANCE } else { 0.0 };
    let alike = |(a, b): (&f32, &f32)| (a - b).abs() <= tolerance;
    if fast.pixels.len() == naive.pixels.len() && fast.pixels.iter().zip(&naive.pixels).all(alike) {
        return Outcome::Holds;
    }
    Outcome::Broken("fast sampling differs from naive sampling".to_owned())
}

/// Model that draws every pixel as if all pixels before it were 0.
struct Stateless(Box<dyn GenerativeModel>);

impl Stateless {
    fn inner(&self) -> &dyn Autoregressive {
        self.0.autoregressive().expect("the model is autoregressive")
    }
}

impl GenerativeModel for Stateless {
    fn parameters(&self) -> u64 {
        self.0.parameters()
    }

    fn autoregressive(&self) -> Option<&dyn Autoregressive> {
        self.0.autoregressive().is_some().then_some(self)
    }
}

impl Autoregressive for Stateless {
    fn ordering(&self) -> Vec<usize> {
        self.inner().ordering()
    }

    fn conditionals(&self, images: &Split) -> Conditionals {
        self.inner().conditionals(images)
    }

    fn sample_from(&self, uniforms: &[f32]) -> Split {
        let ordering = self.ordering();
        let pixels = ordering.len();
        let blank = self.conditionals(&Split::new(vec![0.0; pixels], pixels));
        let mut images = vec![0.0; uniforms.len()];
        for (image, draws) in images.chunks_exact_mut(pixels).zip(uniforms.chunks_exact(pixels)) {
            for (&pixel, uniform) in ordering.iter().zip(draws) {
                image[pixel] = blank.family.draw(blank.of(0, pixel), *uniform);
            }
        }
        Split::new(images, pixels)
    }
}
