//! One reading of two brackets: the lower end of one variant against the upper end of the other.

use protocol::Compare;

use super::super::comparison::Comparison;
use super::super::images::paired_part;
use super::super::two_units;
use super::bracket::{End, Side};
use crate::summary::VariantSummary;

/// p-value below which the ends of two brackets are clearly apart.
const CLEAR: f64 = 1e-12;

/// Comparison of one end of each of two variants.
#[derive(Debug)]
pub(super) struct Reading<'e, 'a> {
    pub(super) first: Side<'e, 'a>,
    pub(super) second: Side<'e, 'a>,
    /// Number of images of both; `None` if it is unknown.
    pub(super) images: Option<u64>,
    pub(super) row: Comparison,
}

impl<'e, 'a> Reading<'e, 'a> {
    /// Compares two ends on the images that both took.
    pub(super) fn of(
        (variant, first): (&VariantSummary, Side<'e, 'a>),
        (baseline, second): (&VariantSummary, Side<'e, 'a>),
        compare: &Compare,
    ) -> Self {
        let (ours, theirs) = (first.estimator, second.estimator);
        let images = match (ours.summed.images, theirs.summed.images) {
            (Some(a), Some(b)) => Some(a.min(b)),
            _ => None,
        };
        let on_same = ours.summed.images == theirs.summed.images || images.is_some();
        let figures = first.on(images).zip(second.on(images)).filter(|_| on_same);
        let Some((a, b)) = figures else {
            let figure = Some(ours.summed.figure.clone());
            let obstacle = "the two took different images, and one kept no terms per image".to_owned();
            let row =
                Comparison { figure, obstacle: Some(obstacle), ..Comparison::empty(variant, baseline, compare.paired) };
            return Self { first, second, images: None, row };
        };
        let of_images = images.and_then(|n| paired_part(ours.averaged(n)?, theirs.averaged(n)?));
        let of_gap = [first, second].into_iter().find_map(|side| side.gap()?.1);
        let both_read_alike = first.end == second.end;
        let margin = two_units::margin(variant, &ours.measured.figure, compare).filter(|_| both_read_alike);
        let row = Comparison::with_images((variant, &a), (baseline, &b), (compare, margin), of_images, of_gap);
        Self { first, second, images, row }
    }

    /// The p-value of the null hypothesis that the lower end is not above the upper one. `is_higher` if the lower end is
    /// that of the first variant.
    pub(super) fn one_sided(&self, is_higher: bool) -> Option<f64> {
        let difference = self.row.difference.filter(|_| self.row.p.is_some())?;
        Some(if is_higher { difference.above(0.0) } else { difference.below(0.0) })
    }

    /// The p-value, then the difference against the tested direction. p-values below [`CLEAR`] are equal, so that the ends
    /// nearest to each other count.
    pub(super) fn order(&self, is_higher: bool) -> (f64, f64) {
        let effect = self.row.effect.unwrap_or(f64::NAN);
        let p = self.one_sided(is_higher).map_or(f64::INFINITY, |p| p.max(CLEAR));
        (p, if is_higher { -effect } else { effect })
    }

    /// Assumption behind a bracket.
    pub(super) fn assumption(&self) -> Option<String> {
        let bracket = [self.first, self.second].into_iter().find(|side| side.end == End::Bracket)?;
        let (gap, _) = bracket.gap()?;
        let (bound, variant) = (&bracket.estimator.summed.figure.name, &bracket.estimator.variant.variant);
        Some(format!(
            "assumes that {bound} is as near to log p on test images as on images drawn from {variant}: within {gap:.2} nats"
        ))
    }
}
