//! Pushforwards of Gaussian noise: their gradients are correct, each image depends only on its own noise, and random
//! noise gives the images of the sampler.

use data::Noise;
use engine::{GenerativeModel, Pushforward};

use crate::defect::{Defect, DefectIn, altered};
use crate::law::{Law, Outcome};
use crate::subject::Subject;

const ROWS: usize = 6;
/// Half of the distance of the central difference.
const STEP: f32 = 1e-3;
/// Largest difference between an image alone and in a batch.
const ALONE: f32 = 1e-5;
/// Largest error of a derivative, relative to the largest entry of the gradient (at least 0.01).
const DERIVATIVE: f64 = 0.05;
const DRAWS: usize = 4_000;

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
        let inner = |row: usize, eps: &[f32]| -> f64 {
            let images = map.decode(code, eps);
            let range = row * pixels..(row + 1) * pixels;
            images[range.clone()].iter().zip(&by_pixel[range]).map(|(g, by_pixel)| f64::from(g * by_pixel)).sum()
        };
        // Derivative along a random direction of each row. The kink of a ReLU on one side spoils the difference on that
        // side and the central one. In one row of six, there may be kinks on both sides.
        let mut wrong = Vec::new();
        for row in 0..ROWS {
            let direction = noise.normals(dims);
            let moved = |sign: f32| -> Vec<f32> {
                let mut moved = eps.clone();
                let own = &mut moved[row * dims..(row + 1) * dims];
                own.iter_mut().zip(&direction).for_each(|(eps, direction)| *eps += sign * STEP * direction);
                moved
            };
            let [before, here, after] = [moved(-1.0), eps.clone(), moved(1.0)].map(|eps| inner(row, &eps));
            let step = f64::from(STEP);
            let differences = [(after - before) / (2.0 * step), (after - here) / step, (here - before) / step];
            let along = |(g, direction): (&f32, &f32)| f64::from(g * direction);
            let own = &gradient[row * dims..(row + 1) * dims];
            let stated: f64 = own.iter().zip(&direction).map(along).sum();
            let scale = own.iter().map(|g| g.abs()).fold(1e-2, f32::max);
            let tolerance = DERIVATIVE * f64::from(scale) * (dims as f64).sqrt();
            if differences.iter().all(|difference| (difference - stated).abs() > tolerance) {
                let difference = differences[0];
                wrong.push(format!("row {row}: the difference quotient is {difference}, the gradient is {stated}"));
            }
        }
        if wrong.len() > 1 {
            return Err(wrong.join("; "));
        }
    }
    Ok(())
}

/// Compares the mean of each pixel over many draws.
fn draws_the_same(model: &dyn GenerativeModel, map: &dyn Pushforward) -> Result<(), String> {
    let sampler = model.sampler().ok_or("the model has a pushforward but no sampler")?;
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
    // Pixels are at most `spread`, which bounds the standard error of a difference of means; 2.5 of them are allowed.
    if apart > f64::from(spread) * 5.0 * (2.0 / DRAWS as f64).sqrt() * 0.5 {
        return Err(format!("the mean of a pixel differs from that of the sampler by {apart}"));
    }
    Ok(())
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
