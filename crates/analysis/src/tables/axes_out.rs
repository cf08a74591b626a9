//! Columns of the axes: the last ones of `measurements.csv` and `summary.csv`, and those before the figures in `trials.csv`.

use serde_json::Value;

use super::schema::{Field, FieldType};
use super::sheet::Sheet;
use crate::axes::Axes;
use crate::summary::compact;

/// One column per axis, with the type of its values.
pub(super) fn fields(axes: &Axes) -> Vec<Field> {
    let field = |(at, name): (usize, &String)| {
        let about = format!("Setting `{name}` of the variant; empty if it has none.");
        Field::of_type(name.clone(), column_type(axes.column(at)), about)
    };
    axes.names().iter().enumerate().map(field).collect()
}

/// Type that all values have: a column with numbers and words holds text.
fn column_type<'v>(values: impl Iterator<Item = &'v Value>) -> FieldType {
    let one = |value: &Value| match value {
        Value::Bool(_) => FieldType::Boolean,
        Value::Number(number) if !number.is_f64() => FieldType::Integer,
        Value::Number(_) => FieldType::Number,
        _ => FieldType::String,
    };
    let common = |a: FieldType, b: FieldType| match (a, b) {
        (a, b) if a == b => a,
        (FieldType::Integer | FieldType::Number, FieldType::Integer | FieldType::Number) => FieldType::Number,
        _ => FieldType::String,
    };
    values.map(one).reduce(common).unwrap_or(FieldType::String)
}

/// Writes the values of a variant.
pub(super) fn write(sheet: &mut Sheet, axes: &Axes, variant: &str) {
    for value in axes.values(variant) {
        match value {
            None => sheet.maybe(None),
            Some(Value::String(text)) => sheet.text(text),
            Some(Value::Number(number)) => sheet.number(number.as_f64()),
            Some(value) => sheet.text(&compact(value)),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_type_of_a_column_is_that_of_all_its_values() {
        let of = |values: &[Value]| column_type(values.iter());
        assert_eq!(of(&[json!(1), json!(2)]), FieldType::Integer);
        assert_eq!(of(&[json!(1), json!(0.5)]), FieldType::Number);
        assert_eq!(of(&[json!(true)]), FieldType::Boolean);
        assert_eq!(of(&[json!(1), json!("auto")]), FieldType::String);
        assert_eq!(of(&[json!([1, 2])]), FieldType::String);
        assert_eq!(of(&[]), FieldType::String);
    }
}
