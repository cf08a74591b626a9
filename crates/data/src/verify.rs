//! Loading of a data set with a check against the hash of its plan.

use protocol::params::setting;

use crate::{DataError, DataSource, Dataset};

/// Loads the set and compares the hash of its files with `planned`, the hash when the trial was planned. Data without
/// files have an empty hash, which costs nothing to compare.
///
/// # Errors
/// [`DataError::Changed`] if the hashes differ; else as for [`DataConfig::load`](crate::DataConfig::load).
pub fn load_verified(source: &dyn DataSource, planned: &str) -> Result<Dataset, DataError> {
    let changed = |found: String, why: Option<String>| DataError::Changed {
        files: files(source),
        planned: planned.to_owned(),
        found,
        why,
    };
    let data = match source.load() {
        Ok(data) => data,
        // Files that cannot be read are often files that changed.
        Err(error) => {
            return Err(match source.hash() {
                Ok(found) if found != planned => changed(found, Some(error.to_string())),
                _ => error,
            });
        }
    };
    let found = match &data.files_hash {
        Some(read) => read.clone(),
        None => source.hash()?,
    };
    if found == planned { Ok(data) } else { Err(changed(found, None)) }
}

/// Names of the files for a message; of the settings with a path if the files are unknown.
fn files(source: &dyn DataSource) -> Vec<String> {
    let files: Vec<_> = source.files().unwrap_or_default().iter().map(|path| path.display().to_string()).collect();
    if !files.is_empty() {
        return files;
    }
    let settings = source.settings();
    let values =
        source.path_settings().into_iter().filter_map(|path| Some(setting(&settings, &path)?.as_str()?.to_owned()));
    values.collect()
}
