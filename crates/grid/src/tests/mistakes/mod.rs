//! Every kind of mistake, as it is told.

mod axes;
mod compare;
mod labels;
mod settings;
mod shapes;
mod telling;

/// A grid with everything but its variants.
pub(super) fn grid(variants: &str) -> String {
    format!("name: g\ndata: digits\ntrain: {{epochs: 1}}\n{variants}")
}
