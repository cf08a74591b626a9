//! Relative paths in the settings of data: the folder of each, and advice for one that leads nowhere.

use std::path::{Path, absolute};

use protocol::Problem;
use serde_json::Value;

use crate::grid::Grid;
use crate::node::Node;

/// The folder of the file that sets the dotted name of a data setting; that of the grid if no file does.
pub(crate) fn folder<'g>(grid: &'g Grid, settings: &Node, name: &str) -> &'g Path {
    let byte = written(settings, name).map_or(0, |node| node.span.start);
    grid.source.folder(byte)
}

fn written<'n>(settings: &'n Node, name: &str) -> Option<&'n Node> {
    settings.child("data")?.find(name.split('.'))
}

/// Advice for a path with `~` or a variable, which a shell would expand.
pub(crate) fn unexpanded_advice(path: &str) -> Option<String> {
    let part = path.split('/').find(|part| part.starts_with('~') || part.starts_with('$'))?;
    Some(format!("`{part}` is not expanded: write the whole path"))
}

/// Adds to a problem with a relative path how that was resolved. `data` is the block with the resolved paths.
pub(crate) fn explained(grid: &Grid, settings: &Node, data: &Value, problem: Problem) -> Problem {
    let Some(name) = problem.path.strip_prefix("data.") else { return problem };
    let Some((node, text)) = written(settings, name).and_then(|node| Some((node, node.text()?))) else {
        return problem;
    };
    let resolved = name.split('.').try_fold(data, |value, key| value.get(key)).and_then(Value::as_str);
    if resolved.is_none_or(|resolved| resolved == text) {
        return problem;
    }
    let folder = grid.source.folder(node.span.start);
    let of = match grid.source.name(node.span.start) {
        argument if argument.starts_with("--set ") => "the current folder".to_owned(),
        file => format!("the folder of {file}"),
    };
    let folder = if folder == Path::new("") { Path::new(".") } else { folder };
    let folder = folder.canonicalize().or_else(|_| absolute(folder)).unwrap_or_else(|_| folder.to_owned());
    let mut help = format!("`{text}` is relative to {}, {of}", folder.display());
    if let Some(advice) = unexpanded_advice(text) {
        help = format!("{advice}. {help}");
    }
    let help = problem.help.as_ref().map(|known| format!("{known}; {help}")).unwrap_or(help);
    problem.help(help)
}
