//! The filter `--only`, which selects variants by their labels.

use protocol::params::nearest;
use wildmatch::WildMatch;

use crate::diagnostics::{Diagnostic, Sink};

/// Number of labels that a message lists.
const LISTED: usize = 10;

/// Patterns for labels. A label passes if it matches one of them, or if there are none.
pub(crate) struct LabelFilter {
    patterns: Vec<(String, WildMatch)>,
}

impl LabelFilter {
    /// A filter of these patterns. A pattern is a whole label, in which `*` and `?` match any text and any character.
    pub(crate) fn new(patterns: &[String]) -> Self {
        Self { patterns: patterns.iter().map(|text| (text.clone(), WildMatch::new(text))).collect() }
    }

    pub(crate) fn matches(&self, label: &str) -> bool {
        self.patterns.is_empty() || self.patterns.iter().any(|(text, pattern)| text == label || pattern.matches(label))
    }

    /// Reports an error for each pattern that matches no label.
    pub(crate) fn report_unmatched<'a>(&self, labels: impl Iterator<Item = &'a str> + Clone, sink: &mut Sink) {
        for (text, pattern) in &self.patterns {
            if labels.clone().any(|label| label == text || pattern.matches(label)) {
                continue;
            }
            let containing: Vec<_> = labels.clone().filter(|label| label.contains(text.as_str())).collect();
            let help = match nearest(text, labels.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if !containing.is_empty() => format!("`*{text}*` matches {}", listed(containing.into_iter())),
                None => format!("labels of this grid: {}", listed(labels.clone())),
            };
            sink.push(Diagnostic::error(format!("`{text}` matches no variant")).help(help));
        }
    }
}

/// The first labels, and the number of the others.
fn listed<'a>(labels: impl Iterator<Item = &'a str> + Clone) -> String {
    let first: Vec<_> = labels.clone().take(LISTED).map(|label| format!("`{label}`")).collect();
    let more = labels.count() - first.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    first.join(", ") + &more
}
