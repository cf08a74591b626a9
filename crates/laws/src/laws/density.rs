//! Explicit densities sum to one.

use data::Split;
use engine::{ExplicitDensity, GenerativeModel};
use protocol::Support;

use crate::cells::Cells;
use crate::defect::{Defect, DefectIn, altered};
use crate::law::{Law, Outcome};
use crate::subject::Subject;

/// Largest deviation of a sum of probabilities from 1.
const TOLERANCE: f64 = 1e-5;
/// Largest deviation of a quadrature from 1.
const QUADRATURE_TOLERANCE: f64 = 1e-3;
/// Smallest range of log p over all images.
const SPAN_NATS: f64 = 3.0;

pub(super) const SUM: Law = Law {
    name: "density_sums_to_one",
    statement: "An explicit density sums or integrates to one, and its support is that of the data.",
    tolerance: "1e-5 for sums (rounding of up to 729 terms in f32); 1e-3 for integrals (cells of 0.1 over [-5, 5] per \
                pixel, and the mass outside). log p must span 3 nats, as a flat density would hide most mistakes.",
    source: "Definition of a probability distribution.",
    in_every_ordering: true,
    check,
    defects: &[
        Defect {
            name: "double sigmoid",
            statement: "probabilities are used as log-odds",
            message: "sums to",
            target: DefectIn::Trainer(|trainer| altered(trainer, DoubleSigmoid)),
        },
        Defect {
            name: "half a nat",
            statement: "the log-density of every image is half a nat too high",
            message: "sums to",
            target: DefectIn::Trainer(|trainer| altered(trainer, TooGood)),
        },
        Defect {
            name: "flat density",
            statement: "every image has the same probability",
            message: "spans only",
            target: DefectIn::Trainer(|trainer| altered(trainer, Flat)),
        },
    ],
};

fn check(subject: &Subject<'_>) -> Outcome {
    let Some(cells) = subject.cells() else {
        return Outcome::DoesNotApply("the images of the data cannot be enumerated");
    };
    match subject.capability(|model| model.density()) {
        Some(density) => sums_to_one(&cells, density, subject.data.shape.support).into(),
        None => Outcome::DoesNotApply("the model has no explicit density"),
    }
}

fn sums_to_one(cells: &Cells, density: &dyn ExplicitDensity, support: Support) -> Result<(), String> {
    if density.support() != support {
        return Err(format!("the density has support {}, the data have support {support}", density.support()));
    }
    let nats = density.log_density(&cells.images());
    let total: f64 = nats.iter().map(|nats| nats.exp() * cells.volume()).sum();
    let tolerance = if support == Support::Real { QUADRATURE_TOLERANCE } else { TOLERANCE };
    // The comparison also fails for NaN.
    let is_one = (total - 1.0).abs() <= tolerance;
    if !is_one {
        return Err(format!("the density sums to {total}"));
    }
    let (largest, smallest) =
        (nats.iter().fold(f64::NEG_INFINITY, |a, b| a.max(*b)), nats.iter().fold(f64::INFINITY, |a, b| a.min(*b)));
    let span = largest - smallest;
    if span > SPAN_NATS { Ok(()) } else { Err(format!("log p spans only {span} nats over all images")) }
}

/// Model that uses probabilities as log-odds.
struct DoubleSigmoid(Box<dyn GenerativeModel>);

impl GenerativeModel for DoubleSigmoid {
    fn parameters(&self) -> u64 {
        self.0.parameters()
    }

    fn density(&self) -> Option<&dyn ExplicitDensity> {
        self.0.autoregressive().is_some().then_some(self)
    }
}

impl ExplicitDensity for DoubleSigmoid {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        let logits = self.0.autoregressive().expect("the model is autoregressive").conditionals(images).numbers;
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        // The second sigmoid is missing if the pixel is 0, so that the sum is not one.
        let term = |(logit, pixel): (&f32, &f32)| {
            let p = sigmoid(f64::from(*logit));
            if *pixel > 0.5 { sigmoid(p).ln() } else { (1.0 - p).ln() }
        };
        let rows = logits.chunks_exact(images.image_len).zip(images.images());
        rows.map(|(logits, image)| logits.iter().zip(image).map(term).sum()).collect()
    }
}

/// Model with a log-density that is half a nat higher everywhere.
pub(super) struct TooGood(pub(super) Box<dyn GenerativeModel>);

impl GenerativeModel for TooGood {
    fn parameters(&self) -> u64 {
        self.0.parameters()
    }

    fn density(&self) -> Option<&dyn ExplicitDensity> {
        self.0.density().is_some().then_some(self)
    }
}

impl TooGood {
    fn inner(&self) -> &dyn ExplicitDensity {
        self.0.density().expect("the model has a density")
    }
}

impl ExplicitDensity for TooGood {
    fn support(&self) -> Support {
        self.inner().support()
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        self.inner().log_density(images).iter().map(|nats| nats + 0.5).collect()
    }
}

/// The uniform distribution over binary images.
struct Flat(Box<dyn GenerativeModel>);

impl GenerativeModel for Flat {
    fn parameters(&self) -> u64 {
        self.0.parameters()
    }

    fn density(&self) -> Option<&dyn ExplicitDensity> {
        self.0.density().is_some().then_some(self)
    }
}

impl ExplicitDensity for Flat {
    fn support(&self) -> Support {
        Support::Binary
    }

    fn log_density(&self, images: &Split) -> Vec<f64> {
        vec![-(images.image_len as f64) * 2f64.ln(); images.len()]
    }
}
