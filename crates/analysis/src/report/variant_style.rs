//! Appearance of a variant: one colour, marker, dash pattern and key on the whole page.

use serde::Serialize;

use crate::summary::Summary;

/// Number of colours in the style sheet.
pub(crate) const COLORS: usize = 8;
/// Number of markers in `templates/markers.html`.
pub(crate) const MARKERS: usize = 10;
/// Number of dash patterns in the style sheet.
const DASHES: usize = 5;

/// Appearance of one variant. The pair of colour and marker is unique for 40 variants, and so is that of colour and dash
/// pattern. The key is unique for any number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct VariantStyle {
    /// Label of the variant.
    pub(crate) label: String,
    /// Position of the variant in the plan, counted from 0.
    pub(crate) index: usize,
    /// Letter in plots and matrices.
    pub(crate) key: String,
    pub(crate) color: usize,
    pub(crate) marker: usize,
    pub(crate) dash: usize,
}

/// Appearance of every variant.
#[derive(Clone, Debug, Default)]
pub(super) struct VariantStyles(Vec<VariantStyle>);

impl VariantStyles {
    /// Assigns styles in the order of the plan.
    pub(super) fn of(summary: &Summary) -> Self {
        let style = |(index, label): (usize, String)| VariantStyle {
            key: key(index),
            color: index % COLORS,
            marker: index % MARKERS,
            dash: index % DASHES,
            label,
            index,
        };
        Self(summary.variants.iter().map(|variant| variant.variant.clone()).enumerate().map(style).collect())
    }

    /// Style of a variant of the plan.
    pub(super) fn get(&self, variant: &str) -> VariantStyle {
        let found = self.0.iter().find(|style| style.label == variant);
        found.cloned().unwrap_or_else(|| VariantStyle {
            label: variant.to_owned(),
            index: self.0.len(),
            key: key(self.0.len()),
            color: 0,
            marker: 0,
            dash: 0,
        })
    }
}

/// `a` to `z`, then `aa` and so on.
fn key(index: usize) -> String {
    let last = char::from(b'a' + u8::try_from(index % 26).unwrap_or_default());
    if index < 26 { last.to_string() } else { format!("{}{last}", key(index / 26 - 1)) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn keys_continue_after_z() {
        assert_eq!([0, 25, 26, 51, 52].map(key), ["a", "z", "aa", "az", "ba"]);
    }

    #[test]
    fn forty_variants_have_forty_appearances() {
        let pairs = |other: usize| (0..40).map(|index| (index % COLORS, index % other)).collect::<BTreeSet<_>>().len();
        assert_eq!((pairs(MARKERS), pairs(DASHES)), (40, 40));
    }
}
