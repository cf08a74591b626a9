//! Marked cells of a column, from the verdicts.

use std::collections::{HashMap, HashSet};

use protocol::Pairs;
use stats::Verdict;

use super::family::Comparisons;
use crate::summary::Figure;

/// Marked variants of each figure.
///
/// If all pairs are compared, the marked variants are those that no verdict calls worse; if that holds for every variant,
/// none is marked. If variants are compared with a baseline, the marked ones are better than it, and none is called best.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    marked: HashSet<(String, Figure)>,
    pairs: Pairs,
}

impl Marks {
    /// The marks that follow from `comparisons`.
    #[must_use]
    pub fn of(comparisons: &Comparisons) -> Self {
        let mut members: HashMap<(&str, &Figure), Vec<&str>> = HashMap::new();
        let mut worse: HashSet<(&str, &Figure)> = HashSet::new();
        let mut better: HashSet<(&str, &Figure)> = HashSet::new();
        for row in &comparisons.rows {
            let Some(figure) = &row.figure else { continue };
            let family = members.entry((row.data.as_str(), figure)).or_default();
            family.extend([row.variant.as_str(), row.baseline.as_str()]);
            match row.verdict {
                Verdict::Better => {
                    better.insert((row.variant.as_str(), figure));
                    worse.insert((row.baseline.as_str(), figure));
                }
                Verdict::Worse => {
                    worse.insert((row.variant.as_str(), figure));
                }
                Verdict::Equivalent | Verdict::Undecided => {}
            }
        }
        let own = |(variant, figure): (&str, &Figure)| (variant.to_owned(), figure.clone());
        let marked = match comparisons.pairs {
            Pairs::Baseline => better.into_iter().map(own).collect(),
            Pairs::All => members
                .into_iter()
                .filter(|((_, figure), family)| family.iter().any(|variant| worse.contains(&(*variant, *figure))))
                .flat_map(|((_, figure), family)| family.into_iter().map(move |variant| (variant, figure)))
                .filter(|member| !worse.contains(member))
                .map(own)
                .collect(),
        };
        Self { marked, pairs: comparisons.pairs }
    }

    /// Returns whether the figure of a variant is marked.
    #[must_use]
    pub fn contains(&self, variant: &str, figure: &Figure) -> bool {
        // Marks are few, and labels are unique.
        !self.marked.is_empty() && self.marked.contains(&(variant.to_owned(), figure.clone()))
    }

    /// Meaning of a mark, for a legend.
    #[must_use]
    pub fn meaning(&self) -> &'static str {
        match self.pairs {
            Pairs::Baseline => "better than the baseline, by the verdict of the comparison",
            Pairs::All => "no comparison calls it worse than another variant",
        }
    }
}
