//! Parsing of a grid's text: checks every key and the type of every value, and collects all mistakes.

use std::path::Path;
use std::sync::Arc;

use protocol::InterimAnalyses;

use crate::diagnostics::{Diagnostic, Diagnostics, Sink};
use crate::file::text_of;
use crate::grid::{Block, FactCall, Grid, Layer, Spanned, Variant};
use crate::merge::{ROOTS, named};
use crate::node::{Content, Entry, Node};
use crate::reader::{Reader, value_span};
use crate::source::{Source, Span};
use crate::{claims, compare, conflicts, extends, gate, matrix, rules, until_decided, yaml};

const TOP: [&str; 19] = [
    "name", "about", "device", "seeds", "data", "train", "measure", "variants", "matrix", "zip", "include", "exclude",
    "when", "blocks", "compare", "gate", "claims", "facts", "extends",
];
const BLOCK: [&str; 15] = [
    "section", "layout", "data", "train", "measure", "seeds", "device", "matrix", "zip", "include", "exclude", "when",
    "variants", "claims", "facts",
];
const VARIANT: [&str; 11] =
    ["label", "model", "data", "train", "measure", "seeds", "matrix", "zip", "include", "exclude", "when"];

/// All keys of the three levels.
#[cfg(test)]
pub(crate) fn all_keys() -> impl Iterator<Item = &'static str> {
    TOP.into_iter().chain(BLOCK).chain(VARIANT)
}

/// Reads a grid file.
///
/// # Errors
/// The file cannot be read, is not UTF-8 or is larger than 4 MiB; otherwise all mistakes in it.
pub fn load(path: &Path) -> Result<Grid, Diagnostics> {
    let (name, text) = text_of(path)?;
    parse(&name, &text)
}

/// Parses the text of a grid. Messages name the file `file_name`.
///
/// # Errors
/// All mistakes in the text, or the first mistake in its YAML syntax.
pub fn parse(file_name: &str, text: &str) -> Result<Grid, Diagnostics> {
    let (grid, diagnostics) = parse_all(file_name, text, &[])?;
    if diagnostics.has_errors() { Err(diagnostics) } else { Ok(Grid { warnings: diagnostics, ..grid }) }
}

/// Parses as much of the text as possible; returns it with all errors and warnings. `set` holds the settings of the
/// command line, each `key=value`.
///
/// # Errors
/// The first mistake in the YAML syntax.
pub(crate) fn parse_all(file_name: &str, text: &str, set: &[String]) -> Result<(Grid, Diagnostics), Diagnostics> {
    let mut sink = Sink::default();
    let (mut source, root) = match extends::read(file_name, text, &mut sink) {
        Ok(read) => read,
        Err(mistake) => {
            sink.extend([mistake]);
            return Err(sink.finish());
        }
    };
    let set = sets(set, &mut source, &mut sink);
    let mut reader = Reader::new(&Arc::new(source), sink);
    let grid = grid(&mut reader, &root);
    let set = set.into_iter().filter(|entry| can_be_set(&mut reader, entry)).collect();
    let grid = Grid { set, ..grid };
    Ok((grid, reader.finish()))
}

/// Refuses a key that is no setting of a trial; some have an option of their own.
fn can_be_set(reader: &mut Reader, entry: &Entry) -> bool {
    let help = match entry.key.as_str() {
        "seeds" => "use `--seeds 0,1,2`",
        "device" => "use `--device`",
        _ => return matrix::dotted(reader, &entry.key, entry.key_span, "set"),
    };
    reader.error(entry.key_span, format!("`{}` has an option of its own", entry.key), help);
    false
}

/// Parses the settings of the command line. Messages show each one as a file of its own.
fn sets(set: &[String], source: &mut Source, sink: &mut Sink) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for one in set {
        let name = format!("--set {one}");
        let alone = Arc::new(Source::new(&name, one));
        let whole = Span { start: 0, end: one.len() };
        let Some((key, value)) = one.split_once('=').map(|(key, value)| (key.trim(), value)) else {
            let help = "for example `--set train.steps=100`";
            sink.push(Diagnostic::error("expected `KEY=VALUE`").at(&alone, whole).help(help));
            continue;
        };
        let read = match yaml::read(&Arc::new(Source::new(&name, value)), sink) {
            Ok(read) => read.shifted(one.len() - value.len()),
            Err(mistake) => {
                sink.push(Diagnostic { location: None, ..*mistake }.at(&alone, whole));
                continue;
            }
        };
        if value.trim().is_empty() {
            let help = format!("write a value, such as `--set {key}=1`, or `--set {key}=null` for no value");
            sink.push(Diagnostic::error(format!("`{key}` has no value")).at(&alone, whole).help(help));
            continue;
        }
        let offset = source.add_argument(&name, one);
        let key_span = Span { start: offset, end: offset + key.len() };
        let value = read.shifted(offset);
        let value = if key.contains('.') { value } else { named(value) };
        entries.push(Entry { key: key.to_owned(), key_span, value });
    }
    entries
}

fn grid(reader: &mut Reader, root: &Node) -> Grid {
    reader.warn_of_words(root);
    reader.keys(root, &TOP);
    let name = root.entry("name").and_then(|entry| reader.name(entry));
    if root.entries().is_none() {
        let help = "start with `name: my-grid` and a list of `variants`";
        reader.error(root.span, format!("a grid must be a block of settings, not {}", root.kind()), help);
    } else if root.entry("name").is_none() {
        reader.error(Span::default(), "the grid has no `name`", "add `name: my-grid` at the top");
    }
    let about = root.entry("about").and_then(|entry| reader.text(entry));
    let base = layer(reader, root);
    conflicts::with_axes(reader, [], &base);
    let (mut blocks, mut facts) = (Vec::new(), Vec::new());
    let mut claims = claims::read(reader, root, None);
    if root.entry("variants").is_some() {
        let layer = Layer::empty(root.span);
        blocks.push(Block {
            section: None,
            side_by_side: false,
            variants: variants(reader, root, &base, &layer),
            layer,
        });
    }
    for item in list(reader, root, "blocks") {
        let block = block(reader, item, &base);
        let section = block.section.as_deref();
        facts.extend(list(reader, item, "facts").iter().filter_map(|item| fact(reader, item, section)));
        claims.extend(claims::read(reader, item, Some((section, item.span))));
        blocks.push(block);
    }
    let compare = root.entry("compare").map(|entry| compare::read(reader, entry)).unwrap_or_default();
    let gate = root.entry("gate").map(|entry| gate::read(reader, entry)).unwrap_or_default();
    facts.extend(list(reader, root, "facts").iter().filter_map(|item| fact(reader, item, None)));
    claims::refuse_duplicates(reader, &claims);
    if root.entries().is_some() && ["variants", "blocks", "facts"].iter().all(|key| root.entry(key).is_none()) {
        reader.error(Span::default(), "the grid has no trials", "add a list of `variants`, `blocks` or `facts`");
    }
    let grid = Grid {
        source: Arc::clone(&reader.source),
        name: name.unwrap_or_default(),
        about: about.unwrap_or_default(),
        base,
        blocks,
        facts,
        compare,
        gate,
        claims,
        figures: std::mem::take(&mut reader.figures),
        warnings: Diagnostics::default(),
        uses: Vec::new(),
        set: Vec::new(),
    };
    until_decided::check(reader, &grid);
    grid
}

fn block(reader: &mut Reader, node: &Node, base: &Layer) -> Block {
    reader.keys(node, &BLOCK);
    let section = node.entry("section").and_then(|entry| reader.title(entry));
    let layer = layer(reader, node);
    conflicts::with_axes(reader, [base], &layer);
    if node.entries().is_some() && ["variants", "facts"].iter().all(|key| node.entry(key).is_none()) {
        reader.error(node.span, "the block has no `variants`", "add a list of `variants` or `facts`");
    }
    let side_by_side = side_by_side(reader, node, section.is_some());
    Block { section, side_by_side, variants: variants(reader, node, base, &layer), layer }
}

/// Returns whether the `layout` of a block is `side_by_side`.
fn side_by_side(reader: &mut Reader, node: &Node, named: bool) -> bool {
    let Some(entry) = node.entry("layout") else { return false };
    let layout = reader.text(entry);
    match layout.as_deref() {
        Some("side_by_side") if !named => {
            reader.error(
                entry.value.span,
                "`layout` needs a `section`",
                "add `section: TITLE` to the block, or remove `layout`",
            );
            false
        }
        Some("side_by_side") => true,
        Some("table") | None => false,
        Some(other) => {
            let help = "allowed: `table` (one row per variant), `side_by_side` (one column per variant)";
            reader.error(entry.value.span, format!("`{other}` is not a layout"), help);
            false
        }
    }
}

fn variants(reader: &mut Reader, node: &Node, base: &Layer, block: &Layer) -> Vec<Variant> {
    list(reader, node, "variants").iter().map(|item| variant(reader, item, base, block)).collect()
}

fn variant(reader: &mut Reader, node: &Node, base: &Layer, block: &Layer) -> Variant {
    reader.keys(node, &VARIANT);
    let label = node.entry("label").and_then(|entry| reader.label(entry, &ROOTS));
    let layer = layer(reader, node);
    conflicts::with_axes(reader, [base, block], &layer);
    let varied = [base, block, &layer].iter().flat_map(|layer| layer.axes()).any(|axis| axis.key == "model");
    let listed =
        layer.rules.include.iter().any(|include| include.entries.list.iter().any(|entry| entry.key == "model"));
    if node.entries().is_some() && node.entry("model").is_none() && !varied && !listed {
        reader.error(node.span, "the variant has no `model`", "add `model: NAME` or `model: {name: NAME, ...}`");
    }
    Variant { span: node.span, label, layer }
}

/// Reads the part that the top level, a block and a variant share. The caller has checked the keys.
fn layer(reader: &mut Reader, node: &Node) -> Layer {
    let mut settings = Vec::new();
    for entry in node.entries().unwrap_or_default().iter().filter(|entry| ROOTS.contains(&entry.key.as_str())) {
        if matrix::settings(reader, &entry.key, value_span(entry), &entry.value) {
            settings.push(Entry { value: named(entry.value.clone()), ..entry.clone() });
        }
    }
    reader.warn_of_empty(&settings);
    if let Some(twice) = conflicts::within(reader, &settings) {
        // The catalog would report it again.
        remove(&mut settings, &twice);
    }
    let seeds = node.entry("seeds");
    let growing = seeds.filter(|entry| entry.value.entries().is_some());
    let interim = growing.and_then(|entry| until_decided::read(reader, entry));
    let counted = seeds.filter(|_| growing.is_none()).and_then(|entry| reader.seeds(entry));
    let first = |interim: &Spanned<InterimAnalyses>| Spanned {
        span: interim.span,
        value: (0..interim.value.at[0] as u64).collect(),
    };
    Layer {
        settings: Node { span: node.span, content: Content::Block(settings) },
        seeds: counted.or(interim.as_ref().map(first)),
        interim,
        device: node.entry("device").and_then(|entry| reader.device(entry)),
        groups: matrix::groups(reader, node),
        rules: rules::read(reader, node),
    }
}

/// Removes the setting at a dotted key.
fn remove(entries: &mut Vec<Entry>, key: &str) {
    match key.split_once('.') {
        None => entries.retain(|entry| entry.key != key),
        Some((first, rest)) => {
            let inner = entries.iter_mut().find(|entry| entry.key == first).map(|entry| &mut entry.value.content);
            if let Some(Content::Block(inner)) = inner {
                remove(inner, rest);
            }
        }
    }
}

/// Reads an entry of `facts`. Its section is its own, or else that of its block.
fn fact(reader: &mut Reader, node: &Node, block: Option<&str>) -> Option<FactCall> {
    let entries = node.entries()?;
    let own = node.entry("section").and_then(|entry| reader.title(entry));
    let section = own.or_else(|| block.map(str::to_owned));
    let Some(name) = node.entry("fact") else {
        reader.error(node.span, "the fact has no name", "add `fact: NAME`");
        return None;
    };
    let fact = reader.text(name)?;
    let settings = entries.iter().filter(|entry| entry.key != "section" && entry.key != "fact").cloned();
    Some(FactCall {
        section,
        fact: Spanned { span: name.value.span, value: fact },
        settings: Node { span: node.span, content: Content::Block(settings.collect()) },
    })
}

/// Returns the items of the list at `key`; none if the key is missing.
fn list<'a>(reader: &mut Reader, node: &'a Node, key: &str) -> &'a [Node] {
    let Some(entry) = node.entry(key) else { return &[] };
    let Some(items) = entry.value.items().filter(|items| !items.is_empty()) else {
        match entry.value.items() {
            Some(_) => reader.error(entry.value.span, format!("`{key}` is empty"), "add an item, or remove the key"),
            None => reader.wrong(entry, "a list of blocks of settings", &format!("{key}: [{{{}}}]", item(key))),
        }
        return &[];
    };
    for item in items.iter().filter(|item| item.entries().is_none()) {
        let message = format!("an item of `{key}` must be a block of settings, not {}", item.kind());
        reader.error(item.span, message, format!("for example `- {}`", self::item(key)));
    }
    items
}

/// Example of an item of the list at `key`.
fn item(key: &str) -> &'static str {
    match key {
        "variants" => "model: nade",
        "facts" => "fact: full_joint",
        _ => "variants: [{model: nade}]",
    }
}
