//! Footnotes of a group.

use std::collections::HashMap;

/// Distinct footnotes.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) notes: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Notes {
    /// Number of this note, counted from 1.
    pub(super) fn add(&mut self, note: String) -> usize {
        *self.numbers.entry(note).or_insert_with_key(|note| {
            self.notes.push(note.clone());
            self.notes.len()
        })
    }
}
