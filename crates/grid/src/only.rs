//! `--only`: which variants to keep, by their labels.

use protocol::params::nearest;
use wildmatch::WildMatch;

use crate::diagnostics::{Diagnostic, Sink};

/// Patterns of which a label has to match one; none keep everything.
pub(crate) struct Only {
    patterns: Vec<(String, WildMatch)>,
}

impl Only {
    /// A pattern without `*` and `?` may stand anywhere in a label.
    pub(crate) fn new(patterns: &[String]) -> Self {
        let glob = |text: &String| if text.contains(['*', '?']) { text.clone() } else { format!("*{text}*") };
        Self { patterns: patterns.iter().map(|text| (text.clone(), WildMatch::new(&glob(text)))).collect() }
    }

    pub(crate) fn matches(&self, label: &str) -> bool {
        self.patterns.is_empty() || self.patterns.iter().any(|(_, pattern)| pattern.matches(label))
    }

    /// Each pattern that matches no label is a mistake of the command line.
    pub(crate) fn tell_unmatched<'a>(&self, labels: impl Iterator<Item = &'a str> + Clone, sink: &mut Sink) {
        for (text, pattern) in &self.patterns {
            if labels.clone().any(|label| pattern.matches(label)) {
                continue;
            }
            let help = match nearest(text, labels.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    let some: Vec<_> = labels.clone().take(10).collect();
                    format!("the labels are such as: {}", some.join(", "))
                }
            };
            sink.push(Diagnostic::error(format!("`{text}` matches no variant")).help(help));
        }
    }
}
