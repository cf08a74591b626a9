//! Models of RGB pixels with 256 levels, on images of 2x2 pixels: conditionals sum to one, causality over channels, and
//! draws of the colours of a pixel follow the conditionals.

use data::{DataShape, Dataset, Noise, Split};
use engine::{Autoregressive, ModelEntry};
use laws::{Outcome, Subject};
use protocol::Support;
use serde_json::{Value, json};

const LEVELS: usize = 256;
const POSITIONS: usize = 4;
/// Number of draws of a chi-square test.
const DRAWS: usize = 8_000;
/// Cells per colour of a chi-square test.
const CELLS: usize = 8;

fn value(level: usize) -> f32 {
    level as f32 / (LEVELS - 1) as f32
}

/// Images whose G is near R and whose B is far from it, by position.
fn rgb() -> Dataset {
    let counts = [256, 128, 128];
    let mut noise = Noise::new(3, "rgb_256", 0);
    let splits = counts.map(|count| {
        let mut pixels = Vec::new();
        for _ in 0..count {
            let red: Vec<usize> = (0..POSITIONS).map(|_| noise.below(LEVELS)).collect();
            let mut near = |level: usize| (level + noise.below(33)).saturating_sub(16).min(LEVELS - 1);
            let green: Vec<usize> = red.iter().map(|level| near(*level)).collect();
            let blue: Vec<usize> = green.iter().map(|level| LEVELS - 1 - level).collect();
            pixels.extend([red, green, blue].concat().into_iter().map(value));
        }
        Split::new(pixels, 3 * POSITIONS)
    });
    Dataset::new(DataShape::new([3, 2, 2], Support::Levels(LEVELS as u16), counts), splits)
}

/// Every kind of network of the models that take the images and are products of conditionals.
fn subjects() -> Vec<Subject<'static>> {
    let entries = ["pixel_cnn", "pixel_rnn"]
        .map(|name| zoo::MODELS.iter().find(|entry| entry.name == name).unwrap_or_else(|| panic!("no model {name}")));
    let kinds = |entry: &'static ModelEntry| (entry.tiny)().into_iter().map(move |settings| (entry, settings));
    entries.into_iter().flat_map(kinds).map(|(entry, settings)| Subject::new(entry, settings, "rgb", rgb())).collect()
}

fn is_sequential(settings: &Value) -> bool {
    settings["colours"] == json!("sequential")
}

#[test]
fn the_laws_hold() {
    let mut sequential = 0;
    for subject in subjects() {
        sequential += usize::from(is_sequential(&subject.settings));
        for name in [
            "conditionals_depend_on_earlier_pixels_only",
            "incremental_sampling_equals_naive_sampling",
            "samples_are_in_their_support",
        ] {
            let outcome = laws::find(name).expect("a law").test(&subject);
            assert_eq!(outcome, Outcome::Holds, "{subject}: {name}");
        }
    }
    assert_eq!(sequential, 4, "both kinds of both models, and an independent one of each");
}

#[test]
fn every_conditional_sums_to_one() {
    for subject in subjects() {
        let model = subject.trained().autoregressive().expect("autoregressive");
        let images = subject.data.test.take(20);
        let conditionals = model.conditionals(&images);
        for image in 0..images.len() {
            for pixel in 0..images.image_len {
                let numbers = conditionals.of(image, pixel);
                let p: f64 = (0..LEVELS).map(|level| conditionals.family.log_prob(numbers, value(level)).exp()).sum();
                assert!((p - 1.0).abs() < 1e-9, "{subject}: pixel {pixel} of image {image} sums to {p}");
            }
        }
    }
}

/// Cells of the colours of the first pixel of an image: R, then R and G, then all three.
fn cells(image: &[f32]) -> [usize; 3] {
    let of = |colour: usize| (image[colour * POSITIONS] * (LEVELS - 1) as f32).round() as usize * CELLS / LEVELS;
    let [red, green, blue] = [0, 1, 2].map(of);
    [red, red * CELLS + green, (red * CELLS + green) * CELLS + blue]
}

/// Standard scores of R, of G given R, and of B given R and G in draws of the first pixel: counts of cells against the
/// sum over images of the conditional probabilities of the cells.
fn scores(model: &dyn Autoregressive, draws: &Split) -> [f64; 3] {
    let sizes = [CELLS, CELLS.pow(2), CELLS.pow(3)];
    let (mut counts, mut expected) = (sizes.map(|size| vec![0.0; size]), sizes.map(|size| vec![0.0; size]));
    let all: Vec<usize> = (0..draws.len()).collect();
    for chunk in all.chunks(500) {
        let images = draws.select(chunk);
        let conditionals = model.conditionals(&images);
        for (index, image) in images.images().enumerate() {
            for (colour, cell) in cells(image).into_iter().enumerate() {
                counts[colour][cell] += 1.0;
                let numbers = conditionals.of(index, colour * POSITIONS);
                let total = engine::log_sum_exp(numbers.iter().map(|logit| f64::from(*logit)));
                for (level, logit) in numbers.iter().enumerate() {
                    let first = cell - cell % CELLS;
                    expected[colour][first + level * CELLS / LEVELS] += (f64::from(*logit) - total).exp();
                }
            }
        }
    }
    [0, 1, 2].map(|colour| score(&counts[colour], &expected[colour]))
}

/// Standard score of Pearson's statistic, by the cube root of Wilson and Hilferty (1931). Cells that expect fewer than 5
/// draws are one cell.
fn score(counts: &[f64], expected: &[f64]) -> f64 {
    let (mut statistic, mut cells, mut rare) = (0.0, 0.0, (0.0, 0.0));
    let mut add = |count: f64, expected: f64| {
        statistic += (count - expected).powi(2) / expected;
        cells += 1.0;
    };
    for (count, expected) in counts.iter().zip(expected) {
        if *expected < 5.0 {
            rare = (rare.0 + count, rare.1 + expected);
        } else {
            add(*count, *expected);
        }
    }
    if rare.1 > 0.0 {
        add(rare.0, rare.1);
    }
    let (freedom, spread) = (cells - 1.0, 2.0 / (9.0 * (cells - 1.0)));
    ((statistic / freedom).cbrt() - (1.0 - spread)) / spread.sqrt()
}

/// The draws with one colour of the first pixel from the image after each.
fn shuffled(draws: &Split, colour: usize) -> Split {
    let (mut shuffled, pixels, at) = (draws.clone(), draws.image_len, colour * POSITIONS);
    for image in 0..draws.len() {
        shuffled.pixels[image * pixels + at] = draws.pixels[(image + 1) % draws.len() * pixels + at];
    }
    shuffled
}

/// Draws follow p(R) p(G given R) p(B given R and G). Draws with a colour of another image do not, except with
/// independent colours.
#[test]
fn draws_of_the_colours_of_a_pixel_follow_the_conditionals() {
    for subject in subjects() {
        let model = subject.trained();
        let draws = model.sampler().expect("a sampler").sample(DRAWS, &mut Noise::new(5, "draws", 0));
        let model = model.autoregressive().expect("autoregressive");
        let found = scores(model, &draws);
        assert!(found.iter().all(|score| *score < 4.0), "{subject}: {found:?} standard deviations");
        let others = [1, 2].map(|colour| scores(model, &shuffled(&draws, colour))[colour]);
        if is_sequential(&subject.settings) {
            assert!(others.iter().all(|score| *score > 20.0), "{subject}: another colour is not noticed: {others:?}");
        } else {
            assert!(others.iter().all(|score| *score < 4.0), "{subject}: the colours depend on each other: {others:?}");
        }
    }
}
