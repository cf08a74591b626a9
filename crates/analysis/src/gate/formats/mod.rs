//! Formats of the gate's outcome, one file each.

mod bmf;
mod github;
mod json;
mod junit;
mod markdown;
#[cfg(test)]
mod markdown_tests;
#[cfg(test)]
mod tests;
mod text;

use std::fmt;

use super::outcome::Gate;

/// Format of the gate's outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateFormat {
    /// Table for people.
    Text,
    /// One JSON object.
    Json,
    /// Comment of a pull request, below 64 KB.
    Markdown,
    /// XML with one test case per figure.
    Junit,
    /// Annotations of GitHub Actions.
    Github,
    /// Bencher Metric Format.
    Bmf,
    /// Input of the action `github-action-benchmark`.
    GhaBenchmark,
}

impl Gate {
    /// The outcome in a format.
    ///
    /// # Errors
    /// The outcome cannot be written as JSON, which would be a bug.
    pub fn format(&self, format: GateFormat) -> Result<String, serde_json::Error> {
        match format {
            GateFormat::Text => Ok(self.to_string()),
            GateFormat::Json => json::json(self),
            GateFormat::Markdown => Ok(markdown::markdown(self)),
            GateFormat::Junit => Ok(junit::junit(self)),
            GateFormat::Github => Ok(github::annotations(self)),
            GateFormat::Bmf => bmf::bmf(self),
            GateFormat::GhaBenchmark => bmf::gha_benchmark(self),
        }
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::text(self))
    }
}
