//! Of maps of Gaussian noise: their derivatives are theirs, each image hangs on its own noise alone, and
//! drawn at random they are the sampler's images.

use engine::{GenerativeModel, Noise, Pushforward};

use crate::subject::subjects;

const ROWS: usize = 6;

fn obeys(model: &dyn GenerativeModel, map: &dyn Pushforward) -> Result<(), String> {
    let mut noise = Noise::new(5, "law", 0);
    let dims = map.dims();
    for code in [0, map.codes() - 1] {
        let eps = noise.normals(ROWS * dims);
        let images = map.decode(code, &eps);
        let pixels = images.len() / ROWS;
        let alone = map.decode(code, &eps[..dims]);
        if images[..pixels].iter().zip(&alone).any(|(a, b)| (a - b).abs() > 1e-5) {
            return Err("an image depends on what else is decoded".to_owned());
        }
        let slopes = noise.normals(images.len());
        let mut seen = Vec::new();
        let gradient = map.pull(code, &eps, &mut |images| {
            seen = images.to_vec();
            slopes.clone()
        });
        if seen.iter().zip(&images).any(|(a, b)| (a - b).abs() > 1e-5) {
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
            let step = 1e-3f32;
            let moved = |sign: f32| -> Vec<f32> {
                let mut moved = eps.clone();
                let place = &mut moved[row * dims..(row + 1) * dims];
                place.iter_mut().zip(&direction).for_each(|(eps, direction)| *eps += sign * step * direction);
                moved
            };
            let slope = (inner(row, &moved(1.0)) - inner(row, &moved(-1.0))) / f64::from(2.0 * step);
            let along = |(g, direction): (&f32, &f32)| f64::from(g * direction);
            let stated: f64 = gradient[row * dims..(row + 1) * dims].iter().zip(&direction).map(along).sum();
            let scale = gradient[row * dims..(row + 1) * dims].iter().map(|g| g.abs()).fold(1e-2, f32::max);
            if (slope - stated).abs() > 0.05 * f64::from(scale) * (dims as f64).sqrt() {
                wrong.push(format!("row {row}: the slope is {slope}, the gradient says {stated}"));
            }
        }
        if wrong.len() > 1 {
            return Err(wrong.join("; "));
        }
    }
    same_images(model, map)
}

/// Each pixel's mean over many draws.
fn same_images(model: &dyn GenerativeModel, map: &dyn Pushforward) -> Result<(), String> {
    let sampler = model.sampler().ok_or("a map of noise without a sampler")?;
    let (per_code, mut noise) = (4_000 / map.codes(), Noise::new(6, "law", 0));
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
    // Two means of 4,000 draws of at most `spread`, five standard errors apart at the very most.
    if apart > f64::from(spread) * 5.0 * (2.0 / 4_000f64).sqrt() * 0.5 {
        return Err(format!("a pixel's mean differs from the sampler's by {apart}"));
    }
    Ok(())
}

#[test]
fn maps_of_noise_have_their_derivatives_and_are_what_the_sampler_draws() {
    let mut asked = 0;
    for subject in subjects() {
        let model = subject.trained();
        let Some(map) = model.pushforward() else { continue };
        obeys(&*model, &*map).unwrap_or_else(|error| panic!("{subject}: {error}"));
        asked += 1;
    }
    assert!(asked > 8, "only {asked} maps were asked");
}

/// The classic defect: a batch's own statistics at evaluation.
struct ByBatch<'a>(&'a dyn Pushforward);

impl Pushforward for ByBatch<'_> {
    fn dims(&self) -> usize {
        self.0.dims()
    }

    fn decode(&self, code: usize, eps: &[f32]) -> Vec<f32> {
        let images = self.0.decode(code, eps);
        let mean = images.iter().sum::<f32>() / images.len() as f32;
        images.into_iter().map(|pixel| pixel - mean).collect()
    }

    fn pull(&self, code: usize, eps: &[f32], slopes: &mut dyn FnMut(&[f32]) -> Vec<f32>) -> Vec<f32> {
        self.0.pull(code, eps, slopes)
    }
}

/// Half of the gradient is lost.
struct Flat<'a>(&'a dyn Pushforward);

impl Pushforward for Flat<'_> {
    fn dims(&self) -> usize {
        self.0.dims()
    }

    fn decode(&self, code: usize, eps: &[f32]) -> Vec<f32> {
        self.0.decode(code, eps)
    }

    fn pull(&self, code: usize, eps: &[f32], slopes: &mut dyn FnMut(&[f32]) -> Vec<f32>) -> Vec<f32> {
        self.0.pull(code, eps, slopes).into_iter().map(|slope| 0.5 * slope).collect()
    }
}

#[test]
fn a_map_that_reads_the_batch_and_another_models_map_are_caught() {
    let first = |name: &str| subjects().into_iter().find(|subject| subject.entry.name == name).expect("registered");
    let [dcgan, gan] = ["dcgan", "gan"].map(|name| first(name).trained());
    let map = dcgan.pushforward().expect("a generator is a map of noise");
    obeys(&*dcgan, &*map).expect("it obeys");
    assert!(obeys(&*dcgan, &ByBatch(&*map)).unwrap_err().contains("what else is decoded"));
    assert!(obeys(&*dcgan, &Flat(&*map)).unwrap_err().contains("the gradient says"));
    assert!(same_images(&*gan, &*map).unwrap_err().contains("mean differs"));
}
