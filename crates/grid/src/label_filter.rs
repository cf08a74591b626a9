//! The filter `--only`, which selects variants by their labels.

use protocol::params::nearest;
use wildmatch::WildMatch;

use crate::diagnostics::{Diagnostic, Sink};

/// Patterns for labels. A label passes if it matches one of them, or if there are none.
pub(crate) struct LabelFilter {
    patterns: Vec<(String, WildMatch)>,
}

impl LabelFilter {
    /// A filter of these patterns. A pattern without `*` and `?` matches anywhere in a label.
    pub(crate) fn new(patterns: &[String]) -> Self {
        let glob = |text: &String| if text.contains(['*', '?']) { text.clone() } else { format!("*{text}*") };
        Self { patterns: patterns.iter().map(|text| (text.clone(), WildMatch::new(&glob(text)))).collect() }
    }

    pub(crate) fn matches(&self, label: &str) -> bool {
        self.patterns.is_empty() || self.patterns.iter().any(|(_, pattern)| pattern.matches(label))
    }

    /// Reports an error for each pattern that matches no label.
    pub(crate) fn report_unmatched<'a>(&self, labels: impl Iterator<Item = &'a str> + Clone, sink: &mut Sink) {
        for (text, pattern) in &self.patterns {
            if labels.clone().any(|label| pattern.matches(label)) {
                continue;
            }
            let help = match nearest(text, labels.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    let some: Vec<_> = labels.clone().take(10).collect();
                    format!("labels of this grid: {}", some.join(", "))
                }
            };
            sink.push(Diagnostic::error(format!("`{text}` matches no variant")).help(help));
        }
    }
}
