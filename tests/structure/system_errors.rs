//! Errors of the operating system are printed in words, without `(os error 2)`: every error type that holds one passes it
//! through `protocol::worded`.

use std::fs;
use std::path::Path;

use syn::visit::{self, Visit};
use syn::{Attribute, Fields, Type};

use super::printing::{is_test, sources};

/// Visitor that collects the errors whose message has the system's own words.
#[derive(Default)]
struct Bare {
    found: Vec<String>,
    seen: usize,
}

impl Bare {
    fn check(&mut self, name: &syn::Ident, attributes: &[Attribute], fields: &Fields) {
        let message = attributes.iter().find(|one| one.path().is_ident("error"));
        let (Some(message), true) = (message, fields.iter().any(|field| is_io_error(&field.ty))) else { return };
        self.seen += 1;
        if !message.meta.require_list().is_ok_and(|list| list.tokens.to_string().contains("worded")) {
            self.found.push(name.to_string());
        }
    }
}

fn is_io_error(of: &Type) -> bool {
    let Type::Path(of) = of else { return false };
    let names: Vec<String> = of.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    names.ends_with(&["io".to_owned(), "Error".to_owned()])
}

impl<'ast> Visit<'ast> for Bare {
    fn visit_item_mod(&mut self, one: &'ast syn::ItemMod) {
        if !is_test(&one.attrs) {
            visit::visit_item_mod(self, one);
        }
    }

    fn visit_item_struct(&mut self, one: &'ast syn::ItemStruct) {
        self.check(&one.ident, &one.attrs, &one.fields);
    }

    fn visit_variant(&mut self, one: &'ast syn::Variant) {
        self.check(&one.ident, &one.attrs, &one.fields);
    }
}

fn bare(source: &str) -> Bare {
    let mut found = Bare::default();
    found.visit_file(&syn::parse_file(source).expect("Rust"));
    found
}

#[test]
fn every_error_of_the_system_is_put_into_words() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository");
    let mut files = Vec::new();
    sources(&top.join("crates"), &mut files);
    let (mut hits, mut seen) = (Vec::new(), 0);
    for file in files.into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs")) {
        let found = bare(&fs::read_to_string(&file).expect("a source file"));
        seen += found.seen;
        hits.extend(found.found.into_iter().map(|name| format!("{}: {name}", file.display())));
    }
    assert!(seen >= 8, "only {seen} errors of the system were found");
    assert!(hits.is_empty(), "pass the error through `protocol::worded`:\n{}", hits.join("\n"));
}

#[test]
fn bare_errors_are_found_in_every_form() {
    for source in [
        "enum E { #[error(\"{0}\")] Io(#[from] std::io::Error) }",
        "enum E { #[error(transparent)] Io(io::Error) }",
        "#[error(\"{path}: {source}\")] struct E { path: String, source: io::Error }",
    ] {
        assert_eq!(bare(source).found.len(), 1, "{source}");
    }
    for source in [
        "enum E { #[error(\"{}\", worded(.0))] Io(#[from] std::io::Error) }",
        "enum E { #[error(\"{0}\")] Other(RecordError) }",
    ] {
        assert_eq!(bare(source).found, [""; 0], "{source}");
    }
}
