//! Imports between the top-level modules of each crate, which must form no circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, UseTree};

/// Imports of a crate: the top-level modules that each top-level module uses.
#[derive(Debug, Default)]
struct Imports {
    /// Names of the top-level modules.
    modules: BTreeSet<String>,
    /// Items re-exported by the crate's root, with the module that defines them.
    root: BTreeMap<String, String>,
    edges: BTreeMap<String, BTreeSet<String>>,
    /// Path in the source for each import.
    examples: BTreeMap<(String, String), String>,
}

/// Visitor of the paths in one source file.
struct File<'a> {
    imports: &'a mut Imports,
    /// Path of the module, from the root of the crate.
    at: Vec<String>,
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|one| {
        let meta = one.meta.require_list();
        one.path().is_ident("test")
            || one.path().is_ident("cfg") && meta.is_ok_and(|list| list.tokens.to_string().contains("test"))
    })
}

impl File<'_> {
    /// Records an import if the path leads to another top-level module of the crate.
    fn record(&mut self, path: &[String]) {
        let absolute = match path.first().map(String::as_str) {
            Some("crate") => path[1..].to_vec(),
            Some("super") => {
                let up = path.iter().take_while(|part| *part == "super").count();
                let base = &self.at[..self.at.len().saturating_sub(up)];
                base.iter().chain(&path[up..]).cloned().collect()
            }
            _ => return,
        };
        let Some(first) = absolute.first() else { return };
        let module = self.imports.modules.get(first).or_else(|| self.imports.root.get(first)).cloned();
        if let (Some(from), Some(to)) = (self.at.first().cloned(), module)
            && from != to
        {
            let example = format!("{} in {}", path.join("::"), self.at.join("::"));
            self.imports.examples.entry((from.clone(), to.clone())).or_insert(example);
            self.imports.edges.entry(from).or_default().insert(to);
        }
    }
}

fn leaves(tree: &UseTree, before: &[String], out: &mut Vec<Vec<String>>) {
    let with = |name: String| before.iter().cloned().chain([name]).collect::<Vec<_>>();
    match tree {
        UseTree::Path(path) => leaves(&path.tree, &with(path.ident.to_string()), out),
        UseTree::Name(name) => out.push(with(name.ident.to_string())),
        UseTree::Rename(rename) => out.push(with(rename.ident.to_string())),
        UseTree::Glob(_) => out.push(before.to_vec()),
        UseTree::Group(group) => group.items.iter().for_each(|item| leaves(item, before, out)),
    }
}

impl<'ast> Visit<'ast> for File<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Fn(one) => &one.attrs,
            Item::Impl(one) => &one.attrs,
            Item::Use(one) => &one.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_test(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let mut paths = Vec::new();
        leaves(&item.tree, &[], &mut paths);
        paths.iter().for_each(|path| self.record(path));
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !is_test(&item.attrs) {
            self.at.push(item.ident.to_string());
            visit::visit_item_mod(self, item);
            self.at.pop();
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.record(&parts);
        visit::visit_path(self, path);
    }
}

fn parsed(path: &Path) -> syn::File {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Reads a file and the modules that it declares, without modules of tests.
fn read(imports: &mut Imports, file: &Path, at: &[String]) {
    let tree = parsed(file);
    File { imports, at: at.to_vec() }.visit_file(&tree);
    let folder = match file.file_name().and_then(|name| name.to_str()) {
        Some("mod.rs" | "lib.rs" | "main.rs") => file.parent().map(PathBuf::from).unwrap_or_default(),
        _ => file.with_extension(""),
    };
    for item in &tree.items {
        let Item::Mod(module) = item else { continue };
        if module.content.is_some() || is_test(&module.attrs) {
            continue;
        }
        let name = module.ident.to_string();
        let flat = folder.join(format!("{name}.rs"));
        let path = if flat.exists() { flat } else { folder.join(&name).join("mod.rs") };
        read(imports, &path, &[at, &[name]].concat());
    }
}

fn imports(root: &Path) -> Imports {
    let mut imports = Imports::default();
    let tree = parsed(root);
    for item in &tree.items {
        match item {
            Item::Mod(module) => {
                imports.modules.insert(module.ident.to_string());
            }
            Item::Use(one) => {
                let mut paths = Vec::new();
                leaves(&one.tree, &[], &mut paths);
                for path in paths.into_iter().filter(|path| path.len() > 1) {
                    imports.root.insert(path[path.len() - 1].clone(), path[0].clone());
                }
            }
            _ => {}
        }
    }
    let modules = imports.modules.clone();
    imports.root.retain(|_, module| modules.contains(module));
    read(&mut imports, root, &[]);
    imports
}

/// Returns a circle of modules, each of which imports the next, if there is one.
fn circle(edges: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    fn walk(
        at: &str,
        edges: &BTreeMap<String, BTreeSet<String>>,
        path: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) -> bool {
        if let Some(from) = path.iter().position(|one| one == at) {
            path.drain(..from);
            return true;
        }
        if done.contains(at) {
            return false;
        }
        path.push(at.to_owned());
        if edges.get(at).into_iter().flatten().any(|next| walk(next, edges, path, done)) {
            return true;
        }
        path.pop();
        done.insert(at.to_owned());
        false
    }
    let (mut path, mut done) = (Vec::new(), BTreeSet::new());
    edges.keys().any(|start| walk(start, edges, &mut path, &mut done)).then_some(path)
}

#[test]
fn modules_form_no_circle() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut found, mut modules) = (Vec::new(), 0);
    for folder in fs::read_dir(crates).expect("the crates").flatten() {
        let root = folder.path().join("src").join("lib.rs");
        if !root.exists() {
            continue;
        }
        let imports = imports(&root);
        modules += imports.modules.len();
        if let Some(circle) = circle(&imports.edges) {
            found.push(format!("{}: {} -> (the first)", folder.file_name().display(), circle.join(" -> ")));
            for (at, from) in circle.iter().enumerate() {
                let to = &circle[(at + 1) % circle.len()];
                found.push(format!("    {from} -> {to}: {}", imports.examples[&(from.clone(), to.clone())]));
            }
        }
    }
    assert!(modules > 80, "only {modules} modules were read");
    assert!(found.is_empty(), "modules that import each other:\n{}", found.join("\n"));
}

#[test]
fn a_circle_is_found_through_uses_re_exports_and_paths() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("lib.rs", "mod a; mod b; mod c; pub use c::C;");
    write("a.rs", "use crate::b::B; pub struct A; #[cfg(test)] mod tests { use crate::c::C; }");
    write("b.rs", "pub struct B; pub fn f() { let _ = crate::C; }");
    write("c.rs", "pub struct C;");
    let straight = imports(&folder.path().join("lib.rs"));
    assert_eq!(straight.edges["a"], BTreeSet::from(["b".to_owned()]), "test modules are ignored");
    assert_eq!(straight.edges["b"], BTreeSet::from(["c".to_owned()]), "through the re-export");
    assert_eq!(circle(&straight.edges), None);
    write("c.rs", "mod inner { use super::super::a::A; } pub struct C;");
    let round = imports(&folder.path().join("lib.rs"));
    assert_eq!(circle(&round.edges), Some(vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]));
}
