//! One file and two adjoining lists: every model, data set, measure and fact is declared and registered in the root file of
//! its kind.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use syn::{GenericArgument, Item, PathArguments, Type};

/// Root file of a kind of entry, its trait, and its list.
const KINDS: [(&str, &str, &str); 4] = [
    ("zoo/src/lib.rs", "ModelConfig", "MODELS"),
    ("data/src/lib.rs", "DataConfig", "DATASETS"),
    ("engine/src/measure/mod.rs", "MeasureConfig", "MEASURES"),
    ("zoo/src/facts/mod.rs", "FactConfig", "FACTS"),
];

fn parsed(path: &Path) -> syn::File {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Path of a type, without generic arguments.
fn name(of: &Type) -> String {
    let Type::Path(of) = of else { return String::new() };
    of.path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>().join("::")
}

/// Types that implement the trait in files below the root file's folder, each as `module::Type`. The module is the file or
/// folder next to the root file. Items inside of functions and of inline modules, such as those of tests, do not count.
fn implemented(root: &Path, of: &str) -> BTreeSet<String> {
    let folder = root.parent().expect("a folder");
    let mut files = Vec::new();
    sources(folder, &mut files);
    let mut types = BTreeSet::new();
    for file in files {
        let inner = file.strip_prefix(folder).expect("below the folder");
        let first = inner.components().next().expect("a name").as_os_str().to_string_lossy();
        let module = first.trim_end_matches(".rs");
        for item in parsed(&file).items {
            let Item::Impl(one) = item else { continue };
            let implements = |path: &syn::Path| path.segments.last().is_some_and(|last| last.ident == of);
            let is_test = one.attrs.iter().any(|attribute| attribute.path().is_ident("cfg"));
            if !is_test && one.trait_.as_ref().is_some_and(|(_, path, _)| implements(path)) {
                types.insert(format!("{module}::{}", name(&one.self_ty)));
            }
        }
    }
    types
}

/// Position in the root file and types of the list, each as `module::Type`.
fn listed(root: &syn::File, list: &str) -> (usize, BTreeSet<String>) {
    let is_list = |item: &Item| matches!(item, Item::Const(one) if one.ident == list);
    let at = root.items.iter().position(is_list).unwrap_or_else(|| panic!("there is no list {list}"));
    let Item::Const(constant) = &root.items[at] else { unreachable!("found as a constant") };
    let syn::Expr::Reference(reference) = &*constant.expr else { panic!("{list} is no reference") };
    let syn::Expr::Array(array) = &*reference.expr else { panic!("{list} is no array") };
    let entry = |expr: &syn::Expr| {
        let syn::Expr::Call(call) = expr else { return None };
        let syn::Expr::Path(function) = &*call.func else { return None };
        let PathArguments::AngleBracketed(arguments) = &function.path.segments.last()?.arguments else { return None };
        let GenericArgument::Type(of) = arguments.args.first()? else { return None };
        Some(name(of))
    };
    let types = array
        .elems
        .iter()
        .map(|one| entry(one).unwrap_or_else(|| panic!("an item of {list} is no `Entry::of::<Type>()`")))
        .collect();
    (at, types)
}

/// Modules that the root file declares immediately before the item at `at`.
fn declared_before(root: &syn::File, at: usize) -> BTreeSet<String> {
    let modules = root.items[..at].iter().rev().map_while(|item| match item {
        Item::Mod(module) => Some(module.ident.to_string()),
        _ => None,
    });
    modules.collect()
}

/// Mistakes in the registration of one kind of entry.
fn mistakes(root: &Path, of: &str, list: &str) -> Vec<String> {
    let file = parsed(root);
    let implemented = implemented(root, of);
    let (at, listed) = listed(&file, list);
    let declared = declared_before(&file, at);
    let module = |one: &String| one.split("::").next().expect("a module").to_owned();
    let modules: BTreeSet<String> = implemented.iter().map(module).collect();
    let here = root.display();
    let absent = implemented.difference(&listed).map(|one| format!("{here}: {one} has no entry in {list}"));
    let foreign = listed.difference(&implemented).map(|one| format!("{here}: {one} in {list} has no {of} of its own"));
    let apart =
        modules.difference(&declared).map(|one| format!("{here}: `mod {one}` is not in the list just above {list}"));
    let others = declared.difference(&modules).map(|one| format!("{here}: `mod {one}` above {list} has no {of}"));
    absent.chain(foreign).chain(apart).chain(others).collect()
}

#[test]
fn every_entry_is_declared_and_registered_in_the_root_file_of_its_kind() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (root, of, list) in KINDS {
        let root = crates.join(root);
        assert_eq!(mistakes(&root, of, list), [""; 0]);
        assert!(implemented(&root, of).len() >= 8, "{of}");
    }
}

#[test]
fn a_file_that_is_not_registered_is_reported() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    let root = folder.path().join("lib.rs");
    let found = || mistakes(&root, "ModelConfig", "MODELS").join("\n").replace(&format!("{}: ", root.display()), "");
    let entry = |types: &[&str]| {
        let entries: Vec<String> = types.iter().map(|one| format!("ModelEntry::of::<{one}>()")).collect();
        format!("pub const MODELS: &[ModelEntry] = &[{}];", entries.join(", "))
    };
    write("a.rs", "impl ModelConfig for A {} #[cfg(test)] mod tests { impl ModelConfig for Broken {} }");
    fs::create_dir(folder.path().join("b")).expect("created");
    write("b/mod.rs", "mod config;");
    write("b/config.rs", "impl engine::ModelConfig for B {}");
    write("helper.rs", "impl Other for A {}");
    write("lib.rs", &format!("mod helper; pub use a::A; mod a; mod b; {}", entry(&["a::A", "b::B"])));
    assert_eq!(found(), "");
    write("lib.rs", &format!("mod a; {}", entry(&["a::A"])));
    assert_eq!(found(), "b::B has no entry in MODELS\n`mod b` is not in the list just above MODELS");
    write("lib.rs", &format!("mod b; pub use a::A; mod a; {}", entry(&["a::A", "b::B"])));
    assert_eq!(found(), "`mod b` is not in the list just above MODELS");
    write("lib.rs", &format!("mod a; mod b; mod helper; {}", entry(&["a::A", "b::B", "a::C"])));
    assert_eq!(found(), "a::C in MODELS has no ModelConfig of its own\n`mod helper` above MODELS has no ModelConfig");
}
