//! Distribution, support and seed of samples.

use std::sync::atomic::{AtomicU64, Ordering};

use data::{Noise, Split};
use engine::{ExplicitDensity, GenerativeModel, Sampler};
use protocol::Support;
use statrs::distribution::{ChiSquared, ContinuousCDF};

use crate::cells::{Cells, is_on};
use crate::defect::{Defect, DefectIn, altered};
use crate::law::{Law, Outcome};
use crate::subject::Subject;

const DRAWS: usize = 50_000;
/// Probability that a correct sampler fails.
const ALPHA: f64 = 1e-6;
/// Expected count below which cells are pooled.
const POOLED: f64 = 5.0;

pub(super) const DENSITY: Law = Law {
    name: "samples_follow_the_density",
    statement: "Counts of 50,000 samples in every cell agree with the explicit density.",
    tolerance: "p > 1e-6 in a chi-square test with cells of fewer than 5 expected samples pooled: a correct sampler \
                fails once in a million.",
    source: "Pearson, 1900; Cochran, 1954, on pooling.",
    in_every_ordering: false,
    check: follows_the_density,
    defects: &[Defect {
        name: "independent pixels",
        statement: "every pixel of a sample comes from another image",
        message: "p = ",
        target: DefectIn::Trainer(|trainer| altered(trainer, Shuffled)),
    }],
};

pub(super) const SUPPORT: Law = Law {
    name: "samples_are_in_their_support",
    statement: "Samples have the shape of the data, are in the support of the sampler, and depend only on the seed.",
    tolerance: "1e-4 of a grey level, as level / (levels - 1) is rounded in f32; none otherwise.",
    source: "Contract of `Sampler`.",
    in_every_ordering: false,
    check: lies_on_its_support,
    defects: &[
        Defect {
            name: "negative pixels",
            statement: "pixels are shifted by -0.01",
            message: "outside",
            target: DefectIn::Trainer(|trainer| altered(trainer, |model| Drawn { model, change: Change::Shift })),
        },
        Defect {
            name: "own randomness",
            statement: "draws come from a counter of the process, not from the noise",
            message: "the same noise",
            target: DefectIn::Trainer(|trainer| altered(trainer, |model| Drawn { model, change: Change::Counter })),
        },
        Defect {
            name: "ignored seed",
            statement: "every call draws with seed 0",
            message: "different noise",
            target: DefectIn::Trainer(|trainer| altered(trainer, |model| Drawn { model, change: Change::Fixed })),
        },
    ],
};

fn follows_the_density(subject: &Subject<'_>) -> Outcome {
    let Some(cells) = subject.cells() else {
        return Outcome::DoesNotApply("the images of the data cannot be enumerated");
    };
    match subject.capability(|model| model.sampler().zip(model.density())) {
        Some((sampler, density)) => {
            let p = p_value(&cells, sampler, density, 0);
            if p > ALPHA {
                Outcome::Holds
            } else {
                Outcome::Broken(format!("samples do not follow the density: p = {p}"))
            }
        }
        None => Outcome::DoesNotApply("the model has no sampler or no explicit density"),
    }
}

/// Returns the p-value of the chi-square test of [`DRAWS`] samples against the density.
fn p_value(cells: &Cells, sampler: &dyn Sampler, density: &dyn ExplicitDensity, seed: u64) -> f64 {
    let samples = sampler.sample(DRAWS, &mut Noise::new(seed, "law", 0));
    let all = cells.images();
    let mut observed = vec![0.0; all.len()];
    samples.images().filter_map(|image| cells.index(image)).for_each(|index| observed[index] += 1.0);
    let volume = cells.volume() * DRAWS as f64;
    let expected: Vec<f64> = density.log_density(&all).iter().map(|nats| nats.exp() * volume).collect();
    let (mut statistic, mut cells, mut rest) = (0.0, 0usize, (0.0, 0.0));
    for (observed, expected) in observed.into_iter().zip(expected) {
        if expected < POOLED {
            rest = (rest.0 + observed, rest.1 + expected);
        } else {
            statistic += (observed - expected).powi(2) / expected;
            cells += 1;
        }
    }
    if rest.1 > 0.0 {
        statistic += (rest.0 - rest.1).powi(2) / rest.1.max(1e-9);
        cells += 1;
    }
    let chi_squared = ChiSquared::new(cells as f64 - 1.0).expect("at least two cells");
    1.0 - chi_squared.cdf(statistic)
}

fn lies_on_its_support(subject: &Subject<'_>) -> Outcome {
    match subject.capability(|model| model.sampler()) {
        Some(sampler) => sampler_is_sound(sampler, subject.pixels()).into(),
        None => Outcome::DoesNotApply("the model has no sampler"),
    }
}

fn sampler_is_sound(sampler: &dyn Sampler, pixels: usize) -> Result<(), String> {
    let draw = |seed| sampler.sample(50, &mut Noise::new(seed, "law", 0));
    let samples = draw(1);
    if samples != draw(1) {
        return Err("the same noise gives different samples".to_owned());
    }
    if samples == draw(2) {
        return Err("different noise gives the same samples".to_owned());
    }
    if (samples.len(), samples.image_len) != (50, pixels) {
        return Err(format!("expected 50 images of {pixels} pixels, found {} of {}", samples.len(), samples.image_len));
    }
    let support = sampler.support();
    match samples.pixels.iter().find(|pixel| !is_on(support, **pixel)) {
        Some(pixel) => Err(format!("a pixel of {pixel} is outside {support} images")),
        None => Ok(()),
    }
}

/// Model that takes each pixel of a sample from another sample, so that pixels are independent.
struct Shuffled(Box<dyn GenerativeModel>);

impl GenerativeModel for Shuffled {
    fn parameters(&self) -> u64 {
        self.0.parameters()
    }

    fn density(&self) -> Option<&dyn ExplicitDensity> {
        self.0.density()
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        self.0.sampler().is_some().then_some(self)
    }
}

impl Sampler for Shuffled {
    fn support(&self) -> Support {
        self.0.sampler().expect("it has one").support()
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        let whole = self.0.sampler().expect("it has one").sample(count, noise);
        let pixels = whole.image_len;
        let from = |at: usize| (at / pixels + at % pixels) % count * pixels + at % pixels;
        Split::new((0..whole.pixels.len()).map(|at| whole.pixels[from(at)]).collect(), pixels)
    }
}

#[derive(Clone, Copy)]
enum Change {
    Shift,
    Counter,
    Fixed,
}

/// Model with changed draws or changed noise.
struct Drawn {
    model: Box<dyn GenerativeModel>,
    change: Change,
}

impl GenerativeModel for Drawn {
    fn parameters(&self) -> u64 {
        self.model.parameters()
    }

    fn sampler(&self) -> Option<&dyn Sampler> {
        self.model.sampler().is_some().then_some(self)
    }
}

impl Sampler for Drawn {
    fn support(&self) -> Support {
        self.model.sampler().expect("it has one").support()
    }

    fn sample(&self, count: usize, noise: &mut Noise) -> Split {
        static CALLS: AtomicU64 = AtomicU64::new(0);
        let sampler = self.model.sampler().expect("it has one");
        match self.change {
            Change::Shift => {
                let mut samples = sampler.sample(count, noise);
                samples.pixels.iter_mut().for_each(|pixel| *pixel -= 0.01);
                samples
            }
            Change::Counter => {
                sampler.sample(count, &mut Noise::new(CALLS.fetch_add(1, Ordering::Relaxed), "defect", 0))
            }
            Change::Fixed => sampler.sample(count, &mut Noise::new(0, "defect", 0)),
        }
    }
}
