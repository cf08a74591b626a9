//! Maps of Gaussian noise: their derivatives are right, each image depends on its own noise alone, and drawn at
//! random they give the sampler's images.

use data::Noise;
use engine::{GenerativeModel, Pushforward};

use crate::defect::{Defect, DefectIn, altered};
use crate::law::{Law, Outcome};
use crate::subject::Subject;

const ROWS: usize = 6;
/// Half the distance of the central difference.
const STEP: f32 = 1e-3;
/// Largest difference between an image alone and among others.
const ALONE: f32 = 1e-5;
/// Largest error of a derivative, relative to the largest entry of the gradient (at least 0.01).
const SLOPE: f64 = 0.05;
const DRAWS: usize = 4_000;

pub(super) const PUSHFORWARD: Law = Law {
    name: "maps_of_noise_have_their_derivatives",
    statement: "Each image of a map depends on its own noise alone, `pull` returns the gradient of `decode`, and \
                images of random noise have the mean of the sampler's images.",
    tolerance: "1e-5 between an image alone and among others (f32). Slopes: 5% of the gradient's largest entry times \
                the root of the dimensions (central difference of 1e-3 in f32); one row of six may miss, where a ReLU \
                bends. Means: 2.5 standard errors of pixels spread over their whole range, in 4,000 draws.",
    source: "Definition of the derivative; contract of `Pushforward`.",
    in_every_ordering: false,
    check,
    defects: &[
        Defect {
            name: "statistics of the batch",
            statement: "the batch's own mean is subtracted at evaluation",
            says: "what else is decoded",
            place: DefectIn::Trainer(|trainer| altered(trainer, |model| Altered { model, change: Change::Centred })),
        },
        Defect {
            name: "half a gradient",
            statement: "half of the gradient is lost",
            says: "the gradient is",
            place: DefectIn::Trainer(|trainer| altered(trainer, |model| Altered { model, change: Change::Halved })),
        },
        Defect {
            name: "another map",
            statement: "the map gives the negatives of the sampler's images",
            says: "mean differs",
            place: DefectIn::Trainer(|trainer| altered(trainer, |model| Altered { model, change: Change::Negative })),
        },
    ],
};

fn check(subject: &Subject<'_>) -> Outcome {
    match subject.capability(|model| model.pushforward()) {
        Some(map) => is_differentiable(&*map).and_then(|()| draws_the_same(subject.trained(), &*map)).into(),
        None => Outcome::DoesNotApply("the model is no map of Gaussian noise"),
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
            return Err("an image depends on what else is decoded".to_owned());
        }
        let slopes = noise.normals(images.len());
        let mut seen = Vec::new();
        let gradient = map.pull(code, &eps, &mut |images| {
            seen = images.to_vec();
            slopes.clone()
        });
        if seen.iter().zip(&images).any(|(a, b)| (a - b).abs() > ALONE) {
            return Err("the image that is differentiated is another".to_owned());
        }
        let inner = |row: usize, eps: &[f32]| -> f64 {
            let images = map.decode(code, eps);
            let range = row * pixels..(row + 1) * pixels;
            images[range.clone()].iter().zip(&slopes[range]).map(|(g, slope)| f64::from(g * slope)).sum()
        };
        // Along a random direction of each row. A ReLU may bend in between, in one row of six.
        let mut wrong = Vec::new();
        for row in 0..ROWS {
            let direction = noise.normals(dims);
            let moved = |sign: f32| -> Vec<f32> {
                let mut moved = eps.clone();
                let place = &mut moved[row * dims..(row + 1) * dims];
                place.iter_mut().zip(&direction).for_each(|(eps, direction)| *eps += sign * STEP * direction);
                moved
            };
            let slope = (inner(row, &moved(1.0)) - inner(row, &moved(-1.0))) / f64::from(2.0 * STEP);
            let along = |(g, direction): (&f32, &f32)| f64::from(g * direction);
            let own = &gradient[row * dims..(row + 1) * dims];
            let stated: f64 = own.iter().zip(&direction).map(along).sum();
            let scale = own.iter().map(|g| g.abs()).fold(1e-2, f32::max);
            if (slope - stated).abs() > SLOPE * f64::from(scale) * (dims as f64).sqrt() {
                wrong.push(format!("row {row}: the slope is {slope}, the gradient is {stated}"));
            }
        }
        if wrong.len() > 1 {
            return Err(wrong.join("; "));
        }
    }
    Ok(())
}

/// Compares each pixel's mean over many draws.
fn draws_the_same(model: &dyn GenerativeModel, map: &dyn Pushforward) -> Result<(), String> {
    let sampler = model.sampler().ok_or("a map of noise without a sampler")?;
    let (per_code, mut noise) = (DRAWS / map.codes(), Noise::new(6, "law", 0));
    let mean = |images: &[f32], pixels: usize| -> Vec<f64> {
        let rows = images.len() / pixels;
        (0..pixels)
            .map(|p| images.iter().skip(p).step_by(pixels).map(|x| f64::from(*x)).sum::<f64>() / rows as f64)
            .collect()
    };
    let drawn = sampler.sample(per_code * map.codes(), &mut noise);
    let mapped: Vec<f32> =
        (0..map.codes()).flat_map(|code| map.decode(code, &noise.normals(per_code * map.dims()))).collect();
    let (drawn_mean, mapped_mean) = (mean(&drawn.pixels, drawn.image_len), mean(&mapped, drawn.image_len));
    let spread = drawn.pixels.iter().map(|x| x.abs()).fold(0.0, f32::max);
    let apart = drawn_mean.iter().zip(&mapped_mean).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    // The means of draws of at most `spread`: five times half of their standard error at the very most.
    if apart > f64::from(spread) * 5.0 * (2.0 / DRAWS as f64).sqrt() * 0.5 {
        return Err(format!("a pixel's mean differs from the sampler's by {apart}"));
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Change {
    Centred,
    Halved,
    Negative,
}

/// A model whose map of noise is changed.
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

    fn pull(&self, code: usize, eps: &[f32], slopes: &mut dyn FnMut(&[f32]) -> Vec<f32>) -> Vec<f32> {
        let scale = [1.0, 0.5, -1.0][self.change as usize];
        let gradient = self.map.pull(code, eps, &mut |images| slopes(&self.images(images.to_vec())));
        gradient.into_iter().map(|slope| scale * slope).collect()
    }
}
