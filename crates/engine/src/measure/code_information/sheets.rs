//! Pictures of the effect of codes: one row per value of one part of the code.

use std::path::Path;

use protocol::Support;

use super::{MeasureError, Subject};
use crate::sheet;
use crate::{Coded, Codes};

/// Number of images in a row. The rest of the code and the noise differ between columns and are equal in all rows.
const COLUMNS: usize = 10;
/// Number of values of a continuous number, from -1 to 1.
const VALUES: usize = 9;
/// Maximum number of continuous numbers with a picture.
const NUMBERS: usize = 3;
/// Maximum number of categories with a row.
const CATEGORIES: usize = 20;

/// Writes `traversal_category.png`, `traversal_number_1.png` and so on into `folder`.
pub(super) fn draw(model: &dyn Coded, subject: &Subject<'_>, folder: &Path) -> Result<(), MeasureError> {
    let shape = model.shape();
    let mut image = subject.data.shape;
    image.support = Support::Continuous;
    std::fs::create_dir_all(folder)?;
    let write = |name: String, rows: usize, set: &dyn Fn(&mut Codes, usize)| {
        let mut pictures = data::Split::default();
        for row in 0..rows {
            // Every row uses the same stream, so that rows differ only in the value that is set.
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
            values.iter_mut().skip(number).step_by(width).for_each(|number| *number = value);
        };
        write(format!("traversal_number_{}.png", number + 1), VALUES, &set)?;
    }
    Ok(())
}
