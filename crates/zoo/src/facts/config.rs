//! What a fact's file registers.

use std::ops::Deref;

use protocol::{Entry, Problem, Registry, params};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The facts that a grid can name.
pub type Facts = Registry<FactEntry>;

/// A counted quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// What is counted.
    pub quantity: String,
    /// The number, in digits; shortened with its length when very long.
    pub value: String,
    /// The formula or argument.
    pub note: String,
}

impl Count {
    /// The count of `quantity`. A number of more than 40 digits is shortened.
    #[must_use]
    pub fn new(quantity: impl Into<String>, value: &impl ToString, note: impl Into<String>) -> Self {
        let text = value.to_string();
        let value = if text.len() <= 40 { text } else { format!("{}… ({} digits)", &text[..12], text.len()) };
        Self { quantity: quantity.into(), value, note: note.into() }
    }
}

/// A fact's settings, and how to count with them. Nothing is trained.
///
/// The range of a setting is declared by `#[schemars(range(min = .., max = ..))]`: the schema states it and
/// [`FactEntry::count`] enforces it.
pub trait FactConfig: Default + Serialize + DeserializeOwned + JsonSchema {
    /// The name in a grid.
    const NAME: &'static str;
    /// One line for the help.
    const ABOUT: &'static str;
    /// Raised when the same settings come to mean another count.
    const VERSION: u32 = 1;

    /// The counts.
    ///
    /// # Errors
    /// Settings that do not fit together.
    fn count(&self) -> Result<Vec<Count>, Problem>;
}

/// A [`FactConfig`] with its type erased.
#[derive(Clone, Copy, Debug)]
pub struct FactEntry {
    entry: Entry,
    count: fn(&Value) -> Result<Vec<Count>, Vec<Problem>>,
}

impl FactEntry {
    /// The entry of a settings type.
    #[must_use]
    pub const fn of<C: FactConfig>() -> Self {
        Self {
            entry: Entry::of::<C>(C::NAME, C::ABOUT, C::VERSION),
            count: |written| params::parse::<C>(written)?.count().map_err(|problem| vec![problem]),
        }
    }

    /// Counts with the settings in `written`.
    ///
    /// # Errors
    /// Every mistake in the settings, or settings that do not fit together.
    pub fn count(&self, written: &Value) -> Result<Vec<Count>, Vec<Problem>> {
        let settings = (self.resolve)(written)?;
        let problems = out_of_range(&settings, &(self.schema)());
        if problems.is_empty() { (self.count)(&settings) } else { Err(problems) }
    }
}

/// The settings outside the range that their schema states.
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
