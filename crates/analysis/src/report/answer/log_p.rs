//! Variants of another kind of figure that are better on log p than a best variant.

use protocol::Unit;
use stats::Verdict;

use crate::compare::Scope;
use crate::report::group_data::GroupData;
use crate::summary::Figure;
use crate::tables::decided;

/// Largest number of statements.
const MOST: usize = 3;

/// A verdict on log p.
pub(super) struct LogPVerdict {
    /// The better variant.
    pub(super) variant: String,
    pub(super) statement: String,
}

/// Verdicts that call a marked variant of `figure` worse on log p than another variant, such as by a lower bound above an exact
/// value. The figure itself cannot compare the two. Empty for figures that are no log-likelihood.
pub(super) fn better_on_log_p(data: &GroupData<'_>, figure: Option<&Figure>) -> Vec<LogPVerdict> {
    let is_log_p = |figure: &&Figure| figure.unit == Unit::Nats && figure.support.is_some();
    let Some(figure) = figure.filter(is_log_p) else { return Vec::new() };
    let is_marked = |label: &str| data.marked(figure).iter().any(|variant| variant.variant == label);
    let tables = data.comparisons.likelihoods.iter();
    let here = tables.filter(|table| table.section == data.board.section && table.data == data.board.data);
    let rows = here.flat_map(|table| &table.comparisons).filter(|compared| matches!(compared.scope, Scope::LogP));
    let verdict = |compared, better: &str, worse: &str| LogPVerdict {
        variant: better.to_owned(),
        statement: decided(compared, better, worse),
    };
    let statements = rows.filter_map(|compared| {
        let row = &compared.row;
        match row.verdict {
            Verdict::Better if is_marked(&row.baseline) => Some(verdict(compared, &row.variant, &row.baseline)),
            Verdict::Worse if is_marked(&row.variant) => Some(verdict(compared, &row.baseline, &row.variant)),
            Verdict::Better | Verdict::Worse | Verdict::Equivalent | Verdict::Undecided => None,
        }
    });
    statements.take(MOST).collect()
}
