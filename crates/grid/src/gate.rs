//! Reading of `gate`, the figures that decide the exit code of the regression gate.

use crate::grid::{FigureName, Spanned};
use crate::node::{Entry, Node};
use crate::reader::Reader;

/// Reads the name of a figure, or a list of names. The names are checked when the measures are known.
pub(crate) fn read(reader: &mut Reader, entry: &Entry) -> Vec<String> {
    let nodes = match entry.value.items() {
        Some(items) => items,
        None => std::slice::from_ref(&entry.value),
    };
    if nodes.is_empty() {
        reader.error(entry.value.span, "`gate` is empty", "name a figure, or remove the key");
    }
    let mut names: Vec<Spanned<String>> = Vec::new();
    for node in nodes {
        let Some(name) = name(node) else {
            reader.wrong(entry, "the name of a figure, or a list of names", "gate: [nll, fid_proxy]");
            return Vec::new();
        };
        match names.iter().find(|known| known.value == name) {
            Some(known) => {
                let message = format!("the figure `{name}` is listed twice");
                reader.clash(node.span, message, "list it once", (known.span, "first listed here"));
            }
            None => names.push(Spanned { span: node.span, value: name }),
        }
    }
    reader.figures.extend(names.iter().map(|name| FigureName { name: name.clone(), required: true }));
    names.into_iter().map(|name| name.value).collect()
}

fn name(node: &Node) -> Option<String> {
    node.text().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
