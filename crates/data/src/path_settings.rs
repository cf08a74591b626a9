//! Settings that are paths, and their resolution against a folder.

use std::path::{Component, Path, PathBuf, absolute};

use serde_json::{Map, Value};

use crate::DataSource;

/// Prefix of a `path` that names a download.
const CACHE: &str = "cache:";

/// A setting that is a path: its dotted name and its value, which may be a default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathSetting {
    /// Dotted name, relative to the settings of the data set.
    pub name: String,
    /// The path as written.
    pub written: String,
}

/// The settings of a data set that are paths.
#[must_use]
pub fn path_settings(set: &dyn DataSource) -> Vec<PathSetting> {
    let settings = set.settings();
    let text = |name: &str| name.split('.').try_fold(&settings, |value, key| value.get(key))?.as_str();
    let setting = |name: String| Some(PathSetting { written: text(&name)?.to_owned(), name });
    set.path_settings().into_iter().filter_map(setting).collect()
}

impl PathSetting {
    /// The path resolved against `folder`; `None` for an absolute path, a download (`cache:NAME`) and no path.
    #[must_use]
    pub fn resolved(&self, folder: &Path) -> Option<String> {
        let path = Path::new(&self.written);
        if self.written.is_empty() || path.is_absolute() || self.written.starts_with(CACHE) {
            return None;
        }
        let mut resolved = whole(folder);
        // The folder has no symbolic links, so `..` leads to the folder around it, until another name follows.
        let mut inside = false;
        for component in path.components() {
            match component {
                Component::CurDir => {}
                Component::ParentDir if !inside => {
                    resolved.pop();
                }
                other => {
                    inside = true;
                    resolved.push(other);
                }
            }
        }
        Some(resolved.display().to_string())
    }

    /// Writes `path` into a block of settings, in which a bare name of a nested data set becomes a block.
    pub fn write(&self, settings: &mut Value, path: String) {
        let mut at = settings;
        for key in self.name.split('.') {
            if let Value::String(name) = at {
                *at = Value::Object(Map::from_iter([("name".to_owned(), Value::from(std::mem::take(name)))]));
            }
            let Value::Object(block) = at else { return };
            at = block.entry(key).or_insert(Value::Null);
        }
        *at = path.into();
    }
}

/// The setting from which a file was found: the path that contains it, or the only one.
#[must_use]
pub fn setting_of_file<'s>(settings: &'s [PathSetting], file: &Path) -> Option<&'s PathSetting> {
    let holds = |setting: &&PathSetting| !setting.written.is_empty() && file.starts_with(&setting.written);
    match settings {
        [only] => Some(only),
        several => several.iter().find(holds),
    }
}

/// The absolute path of a folder, without symbolic links; the current folder if it is empty.
fn whole(folder: &Path) -> PathBuf {
    let folder = if folder == Path::new("") { Path::new(".") } else { folder };
    folder.canonicalize().or_else(|_| absolute(folder)).unwrap_or_else(|_| folder.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::built_in;

    fn written(path: &str) -> PathSetting {
        PathSetting { name: "path".to_owned(), written: path.to_owned() }
    }

    #[test]
    fn relative_paths_are_resolved_and_nothing_else() {
        let folder = Path::new("/exp");
        assert_eq!(written("mnist").resolved(folder).as_deref(), Some("/exp/mnist"));
        assert_eq!(written("./mnist/").resolved(folder).as_deref(), Some("/exp/mnist"));
        assert_eq!(written("../mnist").resolved(folder).as_deref(), Some("/mnist"));
        // After a name `..` is kept: the name may be a symbolic link.
        assert_eq!(written("a/../mnist").resolved(folder).as_deref(), Some("/exp/a/../mnist"));
        assert_eq!(written("~/mnist").resolved(folder).as_deref(), Some("/exp/~/mnist"));
        for unchanged in ["", "/data/mnist", "cache:mnist"] {
            assert_eq!(written(unchanged).resolved(folder), None, "{unchanged:?}");
        }
    }

    #[test]
    fn a_path_does_not_depend_on_the_folder_from_which_it_was_reached() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("exp")).unwrap();
        std::fs::create_dir_all(folder.path().join("other")).unwrap();
        let from = |path: &str| written("../mnist").resolved(&folder.path().join(path)).unwrap();
        assert_eq!(from("other/../exp"), from("exp"));
        let expected = folder.path().canonicalize().unwrap().join("mnist");
        assert_eq!(Path::new(&from("exp")), expected);
    }

    #[test]
    fn a_path_is_written_where_it_was_found() {
        let sets = built_in();
        let inner = json!({"data": {"name": "idx", "path": "a"}});
        let set = (sets.find("puzzle").unwrap().open)(&inner, &sets).ok().unwrap();
        let found = path_settings(&*set);
        assert_eq!(found, [PathSetting { name: "data.path".into(), written: "a".into() }]);
        let mut settings = inner;
        found[0].write(&mut settings, "/exp/a".into());
        assert_eq!(settings, json!({"data": {"name": "idx", "path": "/exp/a"}}));
        let mut bare = json!({"name": "puzzle", "data": "idx"});
        found[0].write(&mut bare, "/exp/a".into());
        assert_eq!(bare, json!({"name": "puzzle", "data": {"name": "idx", "path": "/exp/a"}}));
        assert_eq!(setting_of_file(&found, Path::new("/elsewhere")), Some(&found[0]));
        let two = [written("/x/a"), written("/x/b")];
        assert_eq!(setting_of_file(&two, Path::new("/x/b/train")), Some(&two[1]));
        assert_eq!(setting_of_file(&two, Path::new("/x/bc")), None);
    }
}
