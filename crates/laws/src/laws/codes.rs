//! Codes: an image depends only on its own code, and the code can be read back.

use data::{Noise, Split};
use engine::{CodePosteriors, CodeShape, Coded, Codes, GenerativeModel};

use crate::defect::{Defect, DefectIn, altered};
use crate::law::{Law, Outcome};
use crate::subject::Subject;

/// Smallest fraction of the way from chance to certainty for the share of categories that are read back.
const READ: f64 = 0.4;

pub(super) const CODES: Law = Law {
    name: "codes_control_images_and_are_read_back",
    statement: "Equal codes and noise give equal images, a changed code changes only its own image, and trained models \
                read most categories back.",
    tolerance: "Images: none. Sums of probabilities: 1e-5 (f32). Categories read back: 40% of the way from chance to \
                certainty, which 400 steps of tiny networks reach and an unused code does not.",
    source: "Chen et al., 2016, section 4.",
    in_every_ordering: false,
    check,
    defects: &[
        Defect {
            name: "unused code",
            statement: "the code is drawn and replaced by a constant",
            message: "a code changes the image of another code, or not its own image",
            target: DefectIn::Trainer(|trainer| altered(trainer, UnusedCode)),
        },
        Defect {
            name: "unread code",
            statement: "every image is read as the first category",
            message: "of the categories are read back",
            target: DefectIn::Trainer(|trainer| altered(trainer, UnreadCode)),
        },
    ],
};

fn check(subject: &Subject<'_>) -> Outcome {
    match subject.capability(|model| model.coded()) {
        Some(model) => code_is_used(subject.pixels(), model).into(),
        None => Outcome::DoesNotApply("the model has no code"),
    }
}

/// Share of the drawn categories that are read back; 1 without categories.
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

fn code_is_used(pixels: usize, model: &dyn Coded) -> Result<(), String> {
    let shape = model.shape();
    let codes = shape.draw(50, &mut Noise::new(1, "law", 0));
    let draw = |codes: &Codes| model.draw_by(codes, &mut Noise::new(2, "law", 0));
    let images = draw(&codes);
    if images.image_len != pixels || images.len() != 50 || draw(&codes) != images {
        return Err("equal codes and noise give different images".to_owned());
    }
    let mut others = codes.clone();
    others.categories[0] = (others.categories[0] + 1) % shape.categories.max(1);
    others.continuous.values.iter_mut().take(shape.continuous).for_each(|value| *value = -*value);
    let changed = draw(&others);
    if changed.image(0) == images.image(0) || (1..50).any(|at| changed.image(at) != images.image(at)) {
        return Err("a code changes the image of another code, or not its own image".to_owned());
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
    if means.values.iter().chain(&log_variances.values).any(|number| !number.is_finite()) {
        return Err("a posterior of a continuous code is not finite".to_owned());
    }
    let chance = if shape.categories == 0 { 0.0 } else { 1.0 / shape.categories as f64 };
    let (read, least) = (share_read(model, 500), chance + READ * (1.0 - chance));
    if read < least { Err(format!("{read} of the categories are read back, under {least}")) } else { Ok(()) }
}

/// Model that draws from a constant code.
struct UnusedCode(Box<dyn GenerativeModel>);

impl GenerativeModel for UnusedCode {
    fn parameters(&self) -> u64 {
        self.0.parameters()
    }

    fn coded(&self) -> Option<&dyn Coded> {
        self.0.coded().is_some().then_some(self)
    }
}

impl Coded for UnusedCode {
    fn shape(&self) -> CodeShape {
        self.0.coded().expect("it has a code").shape()
    }

    fn draw_by(&self, codes: &Codes, noise: &mut Noise) -> Split {
        let mut same = codes.clone();
        same.categories.fill(0);
        same.continuous.values.fill(0.0);
        self.0.coded().expect("it has a code").draw_by(&same, noise)
    }

    fn read(&self, images: &Split) -> CodePosteriors {
        self.0.coded().expect("it has a code").read(images)
    }
}

/// Model that reads the first category from every image.
struct UnreadCode(Box<dyn GenerativeModel>);

impl GenerativeModel for UnreadCode {
    fn parameters(&self) -> u64 {
        self.0.parameters()
    }

    fn coded(&self) -> Option<&dyn Coded> {
        self.0.coded().is_some().then_some(self)
    }
}

impl Coded for UnreadCode {
    fn shape(&self) -> CodeShape {
        self.0.coded().expect("it has a code").shape()
    }

    fn draw_by(&self, codes: &Codes, noise: &mut Noise) -> Split {
        self.0.coded().expect("it has a code").draw_by(codes, noise)
    }

    fn read(&self, images: &Split) -> CodePosteriors {
        let mut read = self.0.coded().expect("it has a code").read(images);
        let width = read.log_categories.width.max(1);
        for row in read.log_categories.values.chunks_exact_mut(width) {
            row.fill(f64::NEG_INFINITY);
            row[0] = 0.0;
        }
        read
    }
}
