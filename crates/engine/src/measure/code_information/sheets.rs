//! Pictures of what the code does: a row for each value of one part of it.

use std::path::Path;

use protocol::Support;

use super::{MeasureError, Subject};
use crate::sheet;
use crate::{Coded, Codes};

/// Images in a row: each with another rest of the code and other noise, the same in every row.
const COLUMNS: usize = 10;
/// Values of a continuous number, from -1 to 1.
const VALUES: usize = 9;
/// Numbers that are drawn, and categories.
const NUMBERS: usize = 3;
const CATEGORIES: usize = 20;

/// Draws `traversal_category.png` and `traversal_number_1.png` and so on into `folder`.
pub(super) fn draw(model: &dyn Coded, subject: &Subject<'_>, folder: &Path) -> Result<(), MeasureError> {
    let shape = model.shape();
    let mut image = subject.data.shape;
    image.support = Support::Continuous;
    std::fs::create_dir_all(folder)?;
    let write = |name: String, rows: usize, set: &dyn Fn(&mut Codes, usize)| {
        let mut pictures = data::Split::default();
        for row in 0..rows {
            // The same stream for every row: only what is set differs.
            let mut noise = subject.noise("measure/code_information/sheets");
            let mut codes = shape.draw(COLUMNS, &mut noise);
            set(&mut codes, row);
            let drawn = model.draw_by(&codes, &mut noise);
            pictures.image_len = drawn.image_len;
            pictures.pixels.extend(drawn.pixels);
        }
        sheet::write_rows(&folder.join(name), &pictures, &image, COLUMNS)
    };
    let categories = shape.categories.min(CATEGORIES);
    write("traversal_category.png".to_owned(), categories, &|codes, row| codes.categories.fill(row))?;
    for number in 0..shape.continuous.min(NUMBERS) {
        let set = |codes: &mut Codes, row: usize| {
            let value = 2.0 * row as f64 / (VALUES - 1) as f64 - 1.0;
            let (values, width) = (&mut codes.continuous.values, codes.continuous.width);
            values.iter_mut().skip(number).step_by(width).for_each(|place| *place = value);
        };
        write(format!("traversal_number_{}.png", number + 1), VALUES, &set)?;
    }
    Ok(())
}
