//! One module prints: `crates/genbench/src/output.rs`. Tests, benches and build scripts may print too.

use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemUse, UseTree};

/// The modules that may print.
const PRINTS: &str = "crates/genbench/src/output";
const MACROS: [&str; 5] = ["print", "println", "eprint", "eprintln", "dbg"];
/// Items of `std::io` that give access to the standard streams.
const STREAMS: [&str; 4] = ["stdout", "stderr", "Stdout", "Stderr"];

/// Visitor that collects everything in a file that prints or may print.
#[derive(Default)]
struct Prints(Vec<String>);

/// Returns whether an item is compiled for tests only.
pub(super) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|one| {
        let list = one.meta.require_list();
        one.path().is_ident("test")
            || one.path().is_ident("cfg") && list.is_ok_and(|list| list.tokens.to_string().contains("test"))
    })
}

impl Prints {
    fn path(&mut self, parts: &[String]) {
        if let [.., module, item] = parts
            && module == "io"
            && STREAMS.contains(&item.as_str())
        {
            self.0.push(parts.join("::"));
        }
    }

    fn imports(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: &syn::Ident| before.iter().cloned().chain([name.to_string()]).collect::<Vec<_>>();
        match tree {
            UseTree::Path(path) => self.imports(&path.tree, &with(&path.ident)),
            UseTree::Name(name) => self.path(&with(&name.ident)),
            UseTree::Rename(rename) => self.path(&with(&rename.ident)),
            UseTree::Group(group) => group.items.iter().for_each(|item| self.imports(item, before)),
            UseTree::Glob(_) => {}
        }
    }
}

impl<'ast> Visit<'ast> for Prints {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Fn(one) => &one.attrs,
            Item::Mod(one) => &one.attrs,
            Item::Impl(one) => &one.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_test(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.imports(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.path(&parts);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, one: &'ast syn::Macro) {
        let name = one.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        if MACROS.contains(&name.as_str()) {
            self.0.push(format!("{name}!"));
        }
        // Tokens in a macro are not parsed: `say!(println!(..))` has the tokens `println` and `!`.
        let tokens = one.tokens.to_string();
        let inside = |name: &&&str| tokens.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == **name);
        let called = |name: &&&str| tokens.contains(&format!("{name} !")) || tokens.contains(&format!("{name}!"));
        self.0.extend(MACROS.iter().filter(|name| inside(name) && called(name)).map(|name| format!("{name}!")));
        visit::visit_macro(self, one);
    }
}

fn prints(source: &str) -> Vec<String> {
    let mut found = Prints::default();
    found.visit_file(&syn::parse_file(source).expect("Rust"));
    found.0
}

/// Files of programs and libraries, without tests, benches and build scripts.
pub(super) fn sources(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let is_test = name == "tests" || name.ends_with("tests.rs");
        if path.is_dir() && !is_test && !["benches", "target", ".git"].contains(&name.as_str()) {
            sources(&path, all);
        } else if (name.ends_with(".rs") || name.ends_with(".rs.in")) && !is_test && name != "build.rs" {
            all.push(path);
        }
    }
}

#[test]
fn only_the_output_module_prints() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository");
    let mut files = Vec::new();
    for folder in ["crates", "examples"] {
        sources(&top.join(folder), &mut files);
    }
    assert!(files.len() > 500, "only {} files were found", files.len());
    let mut hits = Vec::new();
    for file in files {
        let path = file.strip_prefix(&top).expect("inside").to_string_lossy().into_owned();
        if path.starts_with(PRINTS) {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source file");
        // Templates of a new crate have placeholders that are not Rust.
        let found = if path.ends_with(".in") {
            MACROS.iter().map(|name| format!("{name}!(")).filter(|call| text.contains(call)).collect()
        } else {
            prints(&text)
        };
        hits.extend(found.into_iter().map(|what| format!("{path}: {what}")));
    }
    assert!(hits.is_empty(), "print with `say!` and `note!` of {PRINTS}.rs:\n{}", hits.join("\n"));
}

#[test]
fn printing_is_found_in_every_form() {
    for source in [
        "fn f() { println!(\"{}\", 1) }",
        "fn f() { std::eprint!(\"x\") }",
        "fn f() { outer!(a, dbg!(1)) }",
        "fn f() { std::io::stdout().write_all(b\"x\"); }",
        "use std::io::{Write, stderr};",
        "use std::io::stdout as out;",
    ] {
        assert_eq!(prints(source).len(), 1, "{source}");
    }
    for source in [
        "fn f(dir: Dir) { dir.stderr() }",
        "#[cfg(test)] mod tests { fn f() { println!() } }",
        "/// println!()\nfn f() {}",
    ] {
        assert_eq!(prints(source), [""; 0], "{source}");
    }
}
