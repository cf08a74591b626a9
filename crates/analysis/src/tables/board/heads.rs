//! Header lines of columns.

use protocol::{Direction, Unit};

use crate::summary::Figure;

/// Name and better direction; unit; kind, and the support if `with_support` is set.
pub(crate) fn heads(label: &str, figure: &Figure, with_support: bool) -> [String; 3] {
    let arrow = match figure.direction {
        Direction::Lower => " ↓",
        Direction::Higher => " ↑",
        Direction::Neither => "",
    };
    let kind = with_spaces(&figure.kind);
    let kind = match figure.support.filter(|_| with_support) {
        Some(support) => format!("{kind}, {}", with_spaces(&support)),
        None => kind,
    };
    let unit = if figure.unit == Unit::One { String::new() } else { figure.unit.to_string().replace("_per_", "/") };
    [format!("{label}{arrow}"), unit, kind]
}

/// A name of the records with spaces in place of underscores.
pub(super) fn with_spaces(word: &impl ToString) -> String {
    word.to_string().replace('_', " ")
}
