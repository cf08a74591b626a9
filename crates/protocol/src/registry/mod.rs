//! Registry: named entries in order. Models, data sets, measures and facts have one registry each.

mod entry;
mod history;

use std::ops::Deref;

pub use entry::{Entry, read, to_value};
pub use history::SettingChange;

use crate::Problem;
use crate::params::unknown;

/// The entries of one kind, in the order of the documentation. Each name is unique.
#[derive(Clone, Debug)]
pub struct Registry<E> {
    kind: &'static str,
    entries: Vec<E>,
}

/// A name that two entries of one kind share.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {kind} `{name}` is registered twice: by `{first}` and by `{second}`")]
pub struct Duplicate {
    /// Word for one entry, such as `model`.
    pub kind: &'static str,
    /// The shared name.
    pub name: &'static str,
    /// The settings type of the entry that was registered first.
    pub first: &'static str,
    /// The settings type of the entry that was refused.
    pub second: &'static str,
}

impl<E: Deref<Target = Entry>> Registry<E> {
    /// An empty registry. `kind` is the word for one entry in messages, such as `model`.
    #[must_use]
    pub fn new(kind: &'static str) -> Self {
        Self { kind, entries: Vec::new() }
    }

    /// The registry of a list that is part of the program.
    ///
    /// # Panics
    /// Two entries share a name.
    #[must_use]
    pub fn of(kind: &'static str, entries: &[E]) -> Self
    where
        E: Clone,
    {
        let mut registry = Self::new(kind);
        for entry in entries {
            if let Err(duplicate) = registry.insert(entry.clone()) {
                panic!("{duplicate}");
            }
        }
        registry
    }

    /// Appends an entry.
    ///
    /// # Errors
    /// An entry of that name exists. The registry is unchanged.
    pub fn insert(&mut self, entry: E) -> Result<(), Duplicate> {
        if let Some(first) = self.iter().find(|known| known.name == entry.name) {
            let (first, second) = ((first.type_name)(), (entry.type_name)());
            return Err(Duplicate { kind: self.kind, name: entry.name, first, second });
        }
        self.entries.push(entry);
        Ok(())
    }

    /// The entry called `name`.
    ///
    /// # Errors
    /// No entry has that name. The problem has the path `name`; its help suggests the nearest name.
    pub fn find(&self, name: &str) -> Result<&E, Problem> {
        self.iter()
            .find(|entry| entry.name == name)
            .ok_or_else(|| Problem { at_key: false, ..unknown("name", name, self.names()) })
    }

    /// All entries, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, E> {
        self.entries.iter()
    }

    /// All names, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.iter().map(|entry| entry.name)
    }

    /// All names in one line, separated by commas: the help of a message.
    #[must_use]
    pub fn list(&self) -> String {
        self.names().collect::<Vec<_>>().join(", ")
    }

    /// The word for one entry, such as `model`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind
    }
}

impl<'r, E> IntoIterator for &'r Registry<E> {
    type Item = &'r E;
    type IntoIter = std::slice::Iter<'r, E>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

#[cfg(test)]
mod tests;
