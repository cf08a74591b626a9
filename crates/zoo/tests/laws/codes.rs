//! Of codes: what they are drawn by alone changes them, and a trained model can read them back.

use data::{Noise, Split};
use engine::{CodePosteriors, CodeShape, Coded, Codes};

use crate::subject::{Subject, subjects};

/// Of the categories drawn, the share that is read back; 1 where there are none.
fn share_read(model: &dyn Coded, count: usize) -> f64 {
    let mut noise = Noise::new(3, "law", 0);
    let codes = model.shape().draw(count, &mut noise);
    let read = model.read(&model.draw_by(&codes, &mut noise)).log_categories;
    let likeliest = |row: &[f64]| (0..row.len()).max_by(|a, b| row[*a].total_cmp(&row[*b]));
    if read.width == 0 {
        return 1.0;
    }
    let right = read.rows().zip(&codes.categories).filter(|(row, category)| likeliest(row) == Some(**category)).count();
    right as f64 / count as f64
}

fn obeys(subject: &Subject, model: &dyn Coded) -> Result<(), String> {
    let shape = model.shape();
    let codes = shape.draw(50, &mut Noise::new(1, "law", 0));
    let draw = |codes: &Codes| model.draw_by(codes, &mut Noise::new(2, "law", 0));
    let images = draw(&codes);
    if images.image_len != subject.pixels() || images.len() != 50 || draw(&codes) != images {
        return Err("equal codes and noise give other images".to_owned());
    }
    let mut others = codes.clone();
    others.categories[0] = (others.categories[0] + 1) % shape.categories.max(1);
    others.continuous.values.iter_mut().take(shape.continuous).for_each(|value| *value = -*value);
    let changed = draw(&others);
    if changed.image(0) == images.image(0) || (1..50).any(|at| changed.image(at) != images.image(at)) {
        return Err("a code changes another image than its own, or not its own".to_owned());
    }
    let CodePosteriors { log_categories, means, log_variances } = model.read(&images);
    let widths = [log_categories.width, means.width, log_variances.width];
    if widths != [shape.categories, shape.continuous, shape.continuous] {
        return Err(format!("a code of {shape:?} is read as {widths:?}"));
    }
    let sums = log_categories.rows().map(|row| row.iter().map(|log| log.exp()).sum::<f64>());
    if let Some(sum) = sums.into_iter().find(|sum| (sum - 1.0).abs() > 1e-5) {
        return Err(format!("categories whose probabilities sum to {sum}"));
    }
    let numbers = || means.values.iter().chain(&log_variances.values);
    if numbers().any(|number| !number.is_finite()) {
        return Err("a number that is not finite".to_owned());
    }
    let read = share_read(model, 500);
    // By chance it would be one in three.
    if read < 0.6 { Err(format!("{read} of the categories are read back")) } else { Ok(()) }
}

#[test]
fn codes_are_drawn_by_and_read_back() {
    let mut asked = 0;
    for subject in subjects() {
        let model = subject.trained();
        let Some(coded) = model.coded() else { continue };
        obeys(&subject, coded).unwrap_or_else(|error| panic!("{subject}: {error}"));
        asked += 1;
    }
    assert!(asked > 1, "only {asked} models with a code were asked");
}

/// The classic defect: the code is drawn and not fed in.
struct Deaf<'a>(&'a dyn Coded);

impl Coded for Deaf<'_> {
    fn shape(&self) -> CodeShape {
        self.0.shape()
    }

    fn draw_by(&self, codes: &Codes, noise: &mut Noise) -> Split {
        let mut same = codes.clone();
        same.categories.fill(0);
        same.continuous.values.fill(0.0);
        self.0.draw_by(&same, noise)
    }

    fn read(&self, images: &Split) -> CodePosteriors {
        self.0.read(images)
    }
}

#[test]
fn a_code_that_is_not_fed_in_is_caught() {
    let subject = crate::subject::subject("infogan");
    let model = subject.trained();
    let coded = model.coded().expect("an InfoGAN has a code");
    assert!(obeys(&subject, &Deaf(coded)).is_err());
    assert!(share_read(&Deaf(coded), 500) < 0.6);
}
