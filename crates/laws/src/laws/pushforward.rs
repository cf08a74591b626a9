//! Pushforwards of Gaussian noise: their gradients are correct, each image depends only on its own noise, and random
//! noise gives the images of the sampler.

use data::Noise;
use engine::{GenerativeModel, Pushforward};

use crate::defect::{Defect, DefectIn, altered};
use crate::law::{Law, Outcome};
use crate::subject::Subject;

use super::noise_maps::{ALONE, DRAWS, ROWS, has_means_of_samples, is_gradient};

pub(super) const PUSHFORWARD: Law = Law {
    name: "pushforwards_have_correct_gradients",
    statement: "Each decoded image depends only on its own noise, `pull` returns the gradient of `decode`, and images \
                of random noise have the mean of the images of the sampler.",
    tolerance: "1e-5 between an image alone and in a batch (f32). Derivatives: 5% of the largest entry of the gradient \
                times the root of the dimensions (differences of 1e-3 in f32: the central, the forward or the backward \
                one); one row of six may fail, between two kinks of ReLUs. Means: 2.5 standard errors of pixels spread \
                over their whole range, in 4,000 draws.",
    source: "Definition of the derivative; contract of `Pushforward`.",
    in_every_ordering: false,
    check,
    defects: &[
        Defect {
            name: "statistics of the batch",
            statement: "the mean of the batch is subtracted at evaluation",
            message: "depends on the other images",
            target: DefectIn::Trainer(|trainer| altered(trainer, |model| Altered { model, change: Change::Centred })),
        },
        Defect {
            name: "half a gradient",
            statement: "half of the gradient is lost",
            message: "the gradient is",
            target: DefectIn::Trainer(|trainer| altered(trainer, |model| Altered { model, change: Change::Halved })),
        },
        Defect {
            name: "another function",
            statement: "the pushforward returns the negatives of the images of the sampler",
            message: "differs from that of the sampler",
            target: DefectIn::Trainer(|trainer| altered(trainer, |model| Altered { model, change: Change::Negative })),
        },
    ],
};

fn check(subject: &Subject<'_>) -> Outcome {
    match subject.capability(|model| model.pushforward()) {
        Some(map) => is_differentiable(&*map).and_then(|()| draws_the_same(subject.trained(), &*map)).into(),
        None => Outcome::DoesNotApply("the model is not a function of Gaussian noise"),
    }
}

fn is_differentiable(map: &dyn Pushforward) -> Result<(), String> {
    let mut noise = Noise::new(5, "law", 0);
    let dims = map.dims();
    for code in [0, map.codes() - 1] {
        let eps = noise.normals(ROWS * dims);
        let images = map.decode(code, &eps);
        let pixels = images.len() / ROWS;
        let alone = map.decode(code, &eps[..dims]);
        if images[..pixels].iter().zip(&alone).any(|(a, b)| (a - b).abs() > ALONE) {
            return Err("a decoded image depends on the other images of the batch".to_owned());
        }
        let by_pixel = noise.normals(images.len());
        let mut pulled = Vec::new();
        let gradient = map.pull(code, &eps, &mut |images| {
            pulled = images.to_vec();
            by_pixel.clone()
        });
        if pulled.iter().zip(&images).any(|(a, b)| (a - b).abs() > ALONE) {
            return Err("`pull` and `decode` compute different images".to_owned());
        }
        let value = |eps: &[f32]| -> Vec<f64> {
            let images = map.decode(code, eps);
            let rows = images.chunks_exact(pixels).zip(by_pixel.chunks_exact(pixels));
            rows.map(|(image, by)| image.iter().zip(by).map(|(g, by)| f64::from(g * by)).sum()).collect()
        };
        is_gradient(&value, &eps, &gradient, 1e-2, &mut noise)?;
    }
    Ok(())
}

/// Compares the mean of each pixel over many draws.
fn draws_the_same(model: &dyn GenerativeModel, map: &dyn Pushforward) -> Result<(), String> {
    let (per_code, mut noise) = (DRAWS / map.codes(), Noise::new(6, "law", 0));
    let mapped: Vec<f32> =
        (0..map.codes()).flat_map(|code| map.decode(code, &noise.normals(per_code * map.dims()))).collect();
    has_means_of_samples(model, &mapped, per_code * map.codes())
}

#[derive(Clone, Copy)]
enum Change {
    Centred,
    Halved,
    Negative,
}

/// Model with a changed pushforward.
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

    fn pushforward(&self) -> Option<Box<dyn Pushforward + '_>> {
        let map = self.model.pushforward()?;
        Some(Box::new(Changed { map, change: self.change }))
    }
}

struct Changed<'a> {
    map: Box<dyn Pushforward + 'a>,
    change: Change,
}

impl Changed<'_> {
    fn images(&self, mut images: Vec<f32>) -> Vec<f32> {
        match self.change {
            Change::Centred => {
                let mean = images.iter().sum::<f32>() / images.len() as f32;
                images.iter_mut().for_each(|pixel| *pixel -= mean);
            }
            Change::Halved => {}
            Change::Negative => images.iter_mut().for_each(|pixel| *pixel = 1.0 - *pixel),
        }
        images
    }
}

impl Pushforward for Changed<'_> {
    fn dims(&self) -> usize {
        self.map.dims()
    }

    fn codes(&self) -> usize {
        self.map.codes()
    }

    fn decode(&self, code: usize, eps: &[f32]) -> Vec<f32> {
        self.images(self.map.decode(code, eps))
    }

    fn pull(&self, code: usize, eps: &[f32], by_pixel: &mut dyn FnMut(&[f32]) -> Vec<f32>) -> Vec<f32> {
        let scale = [1.0, 0.5, -1.0][self.change as usize];
        let gradient = self.map.pull(code, eps, &mut |images| by_pixel(&self.images(images.to_vec())));
        gradient.into_iter().map(|derivative| scale * derivative).collect()
    }
}
