//! Forms of the comparison of runs: text, JSON, Markdown, HTML page.

mod markdown;
mod page;
mod rows;
mod table;
mod text;

use super::RunsComparison;

/// Version of the JSON object.
const SCHEMA: u32 = 1;

impl RunsComparison {
    /// Text for a terminal of `width` columns; `usize::MAX` is no limit. The answer of each pair comes first.
    #[must_use]
    pub fn text(&self, width: usize, color: bool) -> String {
        text::text(self, width, color)
    }

    /// One JSON object with all numbers. `docs/json.md` describes its keys.
    ///
    /// # Errors
    /// The comparison cannot be written as JSON, which would be a bug.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        let object = serde_json::json!({"schema": SCHEMA, "runs": self.runs, "pairs": self.pairs});
        Ok(serde_json::to_string(&object)? + "\n")
    }

    /// Markdown with a table per pair.
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown::markdown(self)
    }

    /// One HTML page without network access. `genbench` is the version that writes it.
    ///
    /// # Errors
    /// The page cannot be rendered, which would be a bug.
    pub fn page(&self, genbench: &str) -> std::io::Result<String> {
        page::page(self, genbench).map_err(std::io::Error::other)
    }
}
