//! One-entry cache of resolved settings. Consecutive variants of a plan share most of their settings.

use std::cell::RefCell;

use data::DataShape;
use serde_json::Value;

/// Last resolved block, with the shape of its data and the result.
pub(super) struct OneEntryCache<T>(RefCell<Option<(Value, Option<DataShape>, T)>>);

impl<T> Default for OneEntryCache<T> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<T: Clone> OneEntryCache<T> {
    /// Returns the last result if `written` and `data` are unchanged, else the result of `read`.
    pub(super) fn get_or_read<E>(
        &self,
        written: &Value,
        data: Option<&DataShape>,
        read: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        if let Some((known, shape, last)) = &*self.0.borrow()
            && known == written
            && shape.as_ref() == data
        {
            return Ok(last.clone());
        }
        let new = read()?;
        *self.0.borrow_mut() = Some((written.clone(), data.copied(), new.clone()));
        Ok(new)
    }
}
