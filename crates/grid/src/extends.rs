//! `extends`: other grid files below one.
//!
//! What a file extends lies under it: blocks of settings merge key by key, everything else is replaced, and
//! the name is the file's own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostics::{Diagnostic, Sink};
use crate::file::text_of;
use crate::merge::lay_over;
use crate::source::{Source, Span};
use crate::written::{Entry, Node, Written};
use crate::yaml;

/// Files on top of each other, at most: more are a mistake.
const DEEPEST: usize = 16;

/// Reads a file's text and every file that it extends, into one tree with places in all of them.
///
/// # Errors
/// A mistake in the syntax of one of them; a file that cannot be read, or that extends itself.
pub(super) fn read(name: &str, text: &str, sink: &mut Sink) -> Result<(Source, Node), Box<Diagnostic>> {
    let mut source = Source::default();
    let root = Files { source: &mut source, sink, open: Vec::new() }.read(name, text)?;
    Ok((source, root))
}

struct Files<'a> {
    source: &'a mut Source,
    sink: &'a mut Sink,
    /// The files that are being read, outermost first.
    open: Vec<PathBuf>,
}

impl Files<'_> {
    fn read(&mut self, name: &str, text: &str) -> Result<Node, Box<Diagnostic>> {
        let alone = Arc::new(Source::new(name, text));
        let own = yaml::read(&alone, self.sink)?;
        let offset = self.source.add(name, text);
        self.open.push(identity(Path::new(name)));
        let mut below: Option<Node> = None;
        for file in self.extended(&own, &alone) {
            let at =
                |message: String, help: &str| Box::new(Diagnostic::error(message).at(&alone, file.span).help(help));
            let Some(path) = file.text() else { continue };
            let path = Path::new(name).parent().unwrap_or(Path::new("")).join(path);
            if self.open.contains(&identity(&path)) || self.open.len() >= DEEPEST {
                return Err(at(format!("`{}` extends itself in the end", path.display()), "leave out one of the two"));
            }
            let (name, text) = text_of(&path).map_err(|told| {
                let why = told.list().first().map(|one| one.message.clone()).unwrap_or_default();
                at(why, "a path is relative to the file that names it")
            })?;
            let base = without(self.read(&name, &text)?, &["name"]);
            below = Some(match below {
                Some(lower) => over(lower, base),
                None => base,
            });
        }
        self.open.pop();
        let own = without(own.shifted(offset), &["extends"]);
        Ok(match below {
            Some(below) => over(below, own),
            None => own,
        })
    }

    /// The files that `extends` names.
    fn extended(&mut self, root: &Node, source: &Arc<Source>) -> Vec<Node> {
        let Some(entry) = root.entry("extends") else { return Vec::new() };
        let files = match entry.value.items() {
            Some(items) => items.to_vec(),
            None => vec![entry.value.clone()],
        };
        for file in files.iter().filter(|file| file.text().is_none()) {
            let message = format!("`extends` takes a file, or a list of them, not {}", file.kind());
            let span = if file.span == Span::default() { entry.key_span } else { file.span };
            self.sink.push(Diagnostic::error(message).at(source, span).help("write such as `extends: base.yaml`"));
        }
        files
    }
}

/// A path by which a file is known again.
fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn without(mut root: Node, keys: &[&str]) -> Node {
    if let Written::Block(entries) = &mut root.written {
        entries.retain(|entry| !keys.contains(&entry.key.as_str()));
    }
    root
}

/// `upper` over `lower`. Files that are no blocks are left to the reader of grids.
fn over(lower: Node, upper: Node) -> Node {
    if lower.entries().is_none() || upper.entries().is_none() {
        return upper;
    }
    // A grid's `name` would be taken for that of a block of settings.
    let name: Vec<Entry> = upper.entry("name").cloned().into_iter().collect();
    let mut root = lower;
    lay_over(&mut root, without(upper, &["name"]));
    if let Written::Block(entries) = &mut root.written {
        entries.splice(0..0, name);
    }
    root
}
