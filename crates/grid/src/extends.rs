//! Reading of `extends`: a grid file on top of other grid files.
//!
//! The file overrides those that it extends: blocks of settings merge key by key, everything else is replaced. The
//! name of a grid is not inherited.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostics::{Diagnostic, Sink};
use crate::file::text_of;
use crate::merge::lay_over;
use crate::node::{Content, Entry, Node};
use crate::paths::unexpanded_advice;
use crate::source::{Source, Span};
use crate::yaml;

/// Largest number of files that extend each other.
const DEEPEST: usize = 16;

/// Parses a file and every file that it extends into one tree; its spans point into all of them.
///
/// # Errors
/// A file has a syntax error, cannot be read, or extends itself.
pub(super) fn read(name: &str, text: &str, sink: &mut Sink) -> Result<(Source, Node), Box<Diagnostic>> {
    let mut source = Source::default();
    let root = Files { source: &mut source, sink, open: Vec::new() }.read(name, text)?;
    Ok((source, root))
}

struct Files<'a> {
    source: &'a mut Source,
    sink: &'a mut Sink,
    /// The files that are being read; each extends the next.
    open: Vec<PathBuf>,
}

impl Files<'_> {
    fn read(&mut self, name: &str, text: &str) -> Result<Node, Box<Diagnostic>> {
        let alone = Arc::new(Source::new(name, text));
        let own = yaml::read(&alone, self.sink)?;
        let offset = self.source.add(name, text);
        self.open.push(identity(Path::new(name)));
        let (mut below, mut failed): (Option<Node>, Option<Box<Diagnostic>>) = (None, None);
        for file in self.extended(&own, &alone) {
            match self.base(name, &file, &alone) {
                Ok(None) => {}
                Ok(Some(base)) => {
                    below = Some(match below {
                        Some(lower) => over(lower, base),
                        None => base,
                    });
                }
                // Every file that cannot be read is reported, and then nothing else.
                Err(mistake) => self.sink.extend(failed.replace(mistake)),
            }
        }
        self.open.pop();
        if let Some(failed) = failed {
            return Err(failed);
        }
        let own = without(own.shifted(offset), &["extends"]);
        Ok(match below {
            Some(below) => over(below, own),
            None => own,
        })
    }

    /// Reads a file that the file `name` extends; `None` for an item that is not text.
    fn base(&mut self, name: &str, file: &Node, alone: &Arc<Source>) -> Result<Option<Node>, Box<Diagnostic>> {
        let at = |message: String, help: &str| Box::new(Diagnostic::error(message).at(alone, file.span).help(help));
        let Some(written) = file.text() else { return Ok(None) };
        let path = Path::new(name).parent().unwrap_or(Path::new("")).join(written);
        if self.open.contains(&identity(&path)) || self.open.len() >= DEEPEST {
            let message = format!("`{}` extends itself through other files", path.display());
            return Err(at(message, "remove one of the entries"));
        }
        let (name, text) = text_of(&path).map_err(|diagnostics| {
            let why = diagnostics.list().first().map(|one| one.message.clone()).unwrap_or_default();
            let advice = unexpanded_advice(written).map(|advice| advice + "; ").unwrap_or_default();
            at(why, &format!("{advice}paths are relative to the file that lists them"))
        })?;
        Ok(Some(without(self.read(&name, &text)?, &["name"])))
    }

    /// Items of `extends` in the file `root`.
    fn extended(&mut self, root: &Node, source: &Arc<Source>) -> Vec<Node> {
        let Some(entry) = root.entry("extends") else { return Vec::new() };
        let files = match entry.value.items() {
            Some(items) => items.to_vec(),
            None => vec![entry.value.clone()],
        };
        for file in files.iter().filter(|file| file.text().is_none()) {
            let message = format!("`extends` takes a file or a list of files, not {}", file.kind());
            let span = if file.span == Span::default() { entry.key_span } else { file.span };
            self.sink.push(Diagnostic::error(message).at(source, span).help("for example `extends: base.yaml`"));
        }
        files
    }
}

/// Canonical path that identifies a file.
fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn without(mut root: Node, keys: &[&str]) -> Node {
    if let Content::Block(entries) = &mut root.content {
        entries.retain(|entry| !keys.contains(&entry.key.as_str()));
    }
    root
}

/// Lays `upper` over `lower`. The parser reports a file that is not a block.
fn over(lower: Node, upper: Node) -> Node {
    if lower.entries().is_none() || upper.entries().is_none() {
        return upper;
    }
    // The merge would take the grid's `name` for the name of a block of settings.
    let name: Vec<Entry> = upper.entry("name").cloned().into_iter().collect();
    let mut root = lower;
    lay_over(&mut root, without(upper, &["name"]));
    if let Content::Block(entries) = &mut root.content {
        entries.splice(0..0, name);
    }
    root
}
