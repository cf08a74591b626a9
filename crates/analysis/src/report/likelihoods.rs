//! Tables of log-likelihoods, for the page.

use super::group_data::grouped;
use crate::compare::LikelihoodTable;
use crate::tables::{Group, LikelihoodView};

/// Tables of a group with more than one estimator, with thousands separators.
pub(super) fn likelihood_views(tables: &[LikelihoodTable], group: &Group) -> Vec<LikelihoodView> {
    let mut views = LikelihoodView::of_group(tables, group.section.as_deref(), &group.data);
    for view in &mut views {
        view.rows.iter_mut().flat_map(|row| &mut row.cells).for_each(|text| *text = grouped(text));
    }
    views
}
