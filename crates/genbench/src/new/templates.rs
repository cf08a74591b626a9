//! Files of a new crate.

/// Paths inside the crate, and the templates of their contents.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    ("Cargo.toml", include_str!("../../templates/Cargo.toml.in")),
    (".cargo/config.toml", include_str!("../../templates/config.toml.in")),
    (".gitignore", include_str!("../../templates/gitignore.in")),
    ("README.md", include_str!("../../templates/README.md.in")),
    ("grid.yaml", include_str!("../../templates/grid.yaml.in")),
    ("src/main.rs", include_str!("../../templates/src/main.rs.in")),
    ("src/laws.rs", include_str!("../../templates/src/laws.rs.in")),
    ("src/coins.rs", include_str!("../../templates/src/coins.rs.in")),
    ("src/stripes.rs", include_str!("../../templates/src/stripes.rs.in")),
    ("src/ink.rs", include_str!("../../templates/src/ink.rs.in")),
];

/// Replaces `{{key}}` by its value, for each pair of `values`.
pub(super) fn render(template: &str, values: &[(&str, String)]) -> String {
    values.iter().fold(template.to_owned(), |text, (key, value)| text.replace(&format!("{{{{{key}}}}}"), value))
}
