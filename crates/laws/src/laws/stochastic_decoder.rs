//! Decoders with a likelihood: their gradients are correct, and their draws follow the likelihood and the sampler.

use data::{Noise, Split};
use engine::{GenerativeModel, StochasticDecoder};
use protocol::Support;

use crate::defect::{Defect, DefectIn, altered};
use crate::law::{Law, Outcome};
use crate::subject::Subject;

use super::noise_maps::{ALONE, DRAWS, ROWS, has_means_of_samples, is_gradient};

/// Standard errors by which the mean gradient over draws may differ from 0.
const ERRORS: f64 = 5.0;

pub(super) const DECODER: Law = Law {
    name: "decoders_follow_their_likelihood",
    statement: "The log-likelihood of an image depends only on its own noise, its gradient is correct and has the mean 0 \
                over images drawn with the same noise, and draws with random noise have the mean of the samples.",
    tolerance: "1e-5 of 1 or of the value between an image alone and in a batch (f32). Derivatives: as for \
                `pushforwards_have_correct_gradients`. Mean gradient: 5 standard errors of 4,000 draws. Means of pixels: \
                2.5 standard errors of pixels spread over their whole range, in 4,000 draws.",
    source: "Definition of the derivative; the expected score is 0; contract of `StochasticDecoder`.",
    in_every_ordering: false,
    check,
    defects: &[
        Defect {
            name: "half of the gradient",
            statement: "half of the gradient is lost",
            message: "the gradient is",
            target: DefectIn::Trainer(|trainer| altered(trainer, |model| Altered { model, change: Change::Halved })),
        },
        Defect {
            name: "draws of another distribution",
            statement: "the draws are the negatives of those of the likelihood",
            message: "the mean gradient over draws is",
            target: DefectIn::Trainer(|trainer| altered(trainer, |model| Altered { model, change: Change::Drawn })),
        },
        Defect {
            name: "another decoder",
            statement: "likelihood and draws are of the negatives of the images of the sampler",
            message: "differs from that of the sampler",
            target: DefectIn::Trainer(|trainer| altered(trainer, |model| Altered { model, change: Change::Negative })),
        },
    ],
};

fn check(subject: &Subject<'_>) -> Outcome {
    match subject.capability(|model| model.stochastic_decoder()) {
        Some(decoder) => is_differentiable(&*decoder)
            .and_then(|()| draws_follow_the_likelihood(&*decoder))
            .and_then(|()| draws_like_the_sampler(subject.trained(), &*decoder))
            .into(),
        None => Outcome::DoesNotApply("the model has no likelihood given Gaussian noise"),
    }
}

fn is_differentiable(decoder: &dyn StochasticDecoder) -> Result<(), String> {
    let (mut noise, dims) = (Noise::new(5, "law", 0), decoder.dims());
    for code in [0, decoder.codes() - 1] {
        let eps = noise.normals(ROWS * dims);
        let images = decoder.draw(code, &eps, &mut noise);
        let (values, gradient) = decoder.log_likelihood(code, &eps, &images);
        let (alone, _) = decoder.log_likelihood(code, &eps[..dims], &images.take(1));
        if (alone[0] - values[0]).abs() > f64::from(ALONE) * values[0].abs().max(1.0) {
            return Err("a log-likelihood depends on the other images of the batch".to_owned());
        }
        let value = |eps: &[f32]| decoder.log_likelihood(code, eps, &images).0;
        is_gradient(&value, &eps, &gradient, 0.1, &mut noise)?;
    }
    Ok(())
}

fn draws_follow_the_likelihood(decoder: &dyn StochasticDecoder) -> Result<(), String> {
    let (mut noise, dims) = (Noise::new(8, "law", 0), decoder.dims());
    let eps = noise.normals(dims).repeat(DRAWS);
    let images = decoder.draw(0, &eps, &mut noise);
    let (_, gradient) = decoder.log_likelihood(0, &eps, &images);
    for dim in 0..dims {
        let entries: Vec<f64> = gradient.iter().skip(dim).step_by(dims).map(|g| f64::from(*g)).collect();
        let (mean, se) = engine::progress::mean_se(&entries);
        let se = se.unwrap_or_default();
        if mean.abs() > ERRORS * se + 1e-3 {
            return Err(format!("the mean gradient over draws is {mean} ± {se}, not 0"));
        }
    }
    Ok(())
}

fn draws_like_the_sampler(model: &dyn GenerativeModel, decoder: &dyn StochasticDecoder) -> Result<(), String> {
    let (per_code, mut noise) = (DRAWS / decoder.codes(), Noise::new(6, "law", 0));
    let mut pixels = Vec::new();
    for code in 0..decoder.codes() {
        let eps = noise.normals(per_code * decoder.dims());
        pixels.extend(decoder.draw(code, &eps, &mut noise).pixels);
    }
    has_means_of_samples(model, &pixels, per_code * decoder.codes())
}

#[derive(Clone, Copy, PartialEq)]
enum Change {
    Halved,
    Drawn,
    Negative,
}

/// Model with a changed decoder.
struct Altered {
    model: Box<dyn GenerativeModel>,
    change: Change,
}

impl GenerativeModel for Altered {
    fn parameters(&self) -> u64 {
        self.model.parameters()
    }

    fn sampler(&self) -> Option<&dyn engine::Sampler> {
        self.model.sampler()
    }

    fn stochastic_decoder(&self) -> Option<Box<dyn StochasticDecoder + '_>> {
        let decoder = self.model.stochastic_decoder()?;
        Some(Box::new(Changed { decoder, change: self.change }))
    }
}

struct Changed<'a> {
    decoder: Box<dyn StochasticDecoder + 'a>,
    change: Change,
}

fn negative(images: &Split) -> Split {
    Split::new(images.pixels.iter().map(|pixel| 1.0 - pixel).collect(), images.image_len)
}

impl StochasticDecoder for Changed<'_> {
    fn support(&self) -> Support {
        self.decoder.support()
    }

    fn dims(&self) -> usize {
        self.decoder.dims()
    }

    fn codes(&self) -> usize {
        self.decoder.codes()
    }

    fn log_likelihood(&self, code: usize, eps: &[f32], images: &Split) -> (Vec<f64>, Vec<f32>) {
        match self.change {
            Change::Halved => {
                let (values, gradient) = self.decoder.log_likelihood(code, eps, images);
                (values, gradient.into_iter().map(|derivative| 0.5 * derivative).collect())
            }
            Change::Drawn => self.decoder.log_likelihood(code, eps, images),
            Change::Negative => self.decoder.log_likelihood(code, eps, &negative(images)),
        }
    }

    fn draw(&self, code: usize, eps: &[f32], noise: &mut Noise) -> Split {
        let images = self.decoder.draw(code, eps, noise);
        if self.change == Change::Halved { images } else { negative(&images) }
    }
}
