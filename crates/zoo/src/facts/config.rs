//! Interface of a fact, and its registry entry.

use std::ops::Deref;

use protocol::{Entry, Problem, Registry, params};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Registry of the facts that a grid can name.
pub type Facts = Registry<FactEntry>;

/// Result of a fact: a counted quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Name of the quantity.
    pub quantity: String,
    /// Value in decimal digits. A number of more than 40 digits is shortened and followed by its length.
    pub value: String,
    /// Formula or argument for the value.
    pub note: String,
}

impl Count {
    /// Returns the count of `quantity`. A number of more than 40 digits is shortened.
    #[must_use]
    pub fn new(quantity: impl Into<String>, value: &impl ToString, note: impl Into<String>) -> Self {
        let text = value.to_string();
        let value = if text.len() <= 40 { text } else { format!("{}… ({} digits)", &text[..12], text.len()) };
        Self { quantity: quantity.into(), value, note: note.into() }
    }
}

/// Settings of a fact and its computation. Nothing is trained.
///
/// The attribute `#[schemars(range(min = .., max = ..))]` declares the range of a setting. The schema states the range,
/// and [`FactEntry::count`] enforces it.
pub trait FactConfig: Default + Serialize + DeserializeOwned + JsonSchema {
    /// Name in a grid.
    const NAME: &'static str;
    /// Description in one line, for the help and the documentation.
    const ABOUT: &'static str;
    /// Version, increased whenever equal settings give another count.
    const VERSION: u32 = 1;

    /// Computes the counts.
    ///
    /// # Errors
    /// The settings contradict each other.
    fn count(&self) -> Result<Vec<Count>, Problem>;
}

/// [`FactConfig`] with its type erased.
#[derive(Clone, Copy, Debug)]
pub struct FactEntry {
    entry: Entry,
    count: fn(&Value) -> Result<Vec<Count>, Vec<Problem>>,
}

impl FactEntry {
    /// Returns the entry of a settings type.
    #[must_use]
    pub const fn of<C: FactConfig>() -> Self {
        Self {
            entry: Entry::of::<C>(C::NAME, C::ABOUT, C::VERSION),
            count: |written| params::parse::<C>(written)?.count().map_err(|problem| vec![problem]),
        }
    }

    /// Computes the counts with the settings in `written`.
    ///
    /// # Errors
    /// All mistakes in the settings, or settings that contradict each other.
    pub fn count(&self, written: &Value) -> Result<Vec<Count>, Vec<Problem>> {
        let settings = (self.resolve)(written)?;
        let problems = out_of_range(&settings, &(self.schema)());
        if problems.is_empty() { (self.count)(&settings) } else { Err(problems) }
    }
}

/// Returns the problems of settings outside of the range that their schema states.
fn out_of_range(settings: &Value, schema: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, value) in settings.as_object().into_iter().flatten() {
        let bound = |word: &str| schema["properties"][name][word].as_u64();
        if let (Some(value), Some(least), Some(most)) = (value.as_u64(), bound("minimum"), bound("maximum"))
            && !(least..=most).contains(&value)
        {
            problems.push(Problem::new(name, "out of range").help(format!("between {least} and {most}")));
        }
    }
    problems
}

impl Deref for FactEntry {
    type Target = Entry;

    fn deref(&self) -> &Entry {
        &self.entry
    }
}
