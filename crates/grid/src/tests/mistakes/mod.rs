//! All kinds of mistakes, with their messages.

mod axes;
mod compare;
mod labels;
mod rendering;
mod settings;
mod shapes;
mod values;

/// A grid with everything but its variants.
pub(super) fn grid(variants: &str) -> String {
    format!("name: g\ndata: digits\ntrain: {{epochs: 1}}\n{variants}")
}
